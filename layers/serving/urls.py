"""Addresses below /api/."""

from django.urls import path

from layers.serving import views
from layers.serving.exports import views as exports
from layers.serving.metadata.views import Catalogue, Record, Records
from layers.serving.search.views import Search
from layers.serving.styles import views as styles
from layers.serving.tiles import views as tiles

_TILE = "<str:grid>/<str:level>/<str:row>/<str:column>"
app_name = "api"
urlpatterns = [
    # First what maps ask for most: every address before it is tried in vain each time.
    path(f"collections/<str:collection>/tiles/{_TILE}", tiles.LayerTile.as_view(), name="tile"),
    path("", views.Landing.as_view(), name="landing"),
    path("conformance", views.Conformance.as_view(), name="conformance"),
    path("functions", views.Functions.as_view(), name="functions"),
    path("collections", views.Collections.as_view(), name="collections"),
    path("collections/records", Catalogue.as_view(), name="catalogue"),
    path("collections/records/items", Records.as_view(), name="records"),
    path("collections/records/items/<str:key>", Record.as_view(), name="record"),
    path("collections/<str:collection>", views.OneCollection.as_view(), name="collection"),
    path("collections/<str:collection>/queryables", views.Queryables.as_view(), name="queryables"),
    path("collections/<str:collection>/sortables", views.Sortables.as_view(), name="sortables"),
    path("collections/<str:collection>/schema", views.Schema.as_view(), name="schema"),
    path("collections/<str:collection>/items", views.Items.as_view(), name="items"),
    path("collections/<str:collection>/export", exports.Export.as_view(), name="export"),
    # Keys of stored layers are those of the source, which may hold a slash.
    path("collections/<str:collection>/items/<path:key>", views.Item.as_view(), name="item"),
    path("tileMatrixSets", tiles.Grids.as_view(), name="grids"),
    path("tileMatrixSets/<str:grid>", tiles.OneGrid.as_view(), name="grid"),
    path("tiles", tiles.Tilesets.as_view(), name="map-tilesets"),
    path("tiles/<str:grid>", tiles.OneTileset.as_view(), name="map-tileset"),
    path(f"tiles/{_TILE}", tiles.MapTile.as_view(), name="map-tile"),
    path("collections/<str:collection>/tiles", tiles.Tilesets.as_view(), name="tilesets"),
    path(
        "collections/<str:collection>/tiles/<str:grid>", tiles.OneTileset.as_view(), name="tileset"
    ),
    path("style", styles.MapStyle.as_view(), name="map-style"),
    path("collections/<str:collection>/style", styles.LayerStyle.as_view(), name="style"),
    path("jobs/<str:job>", exports.ExportJob.as_view(), name="job"),
    path("jobs/<str:job>/results", exports.ExportFile.as_view(), name="job-file"),
    path("v/<str:version>/<path:rest>", views.Unversioned.as_view()),
    path("search", Search.as_view(), name="search"),
    path("openapi.json", views.OpenAPI.as_view(), name="openapi"),
    path("openapi.html", views.OpenAPIPage.as_view(), name="openapi-page"),
    path("<path:rest>", views.Nothing.as_view()),
]
