"""What a good Django engineer writes with djangorestframework-gis in half an hour.

Its tables have real columns and a spatial index, and no middleware stands before it.
"""

from django.contrib.gis.db import models
from django.urls import path
from rest_framework.viewsets import ReadOnlyModelViewSet
from rest_framework_gis.filters import InBBoxFilter
from rest_framework_gis.pagination import GeoJsonPagination
from rest_framework_gis.serializers import GeoFeatureModelSerializer

_FIELDS = ["id", "name_zh", "name_en", "kind", "owner", "depth", "built"]


class Row(models.Model):
    """One row of a plain table."""

    id = models.BigIntegerField(primary_key=True)
    name_zh = models.TextField()
    name_en = models.TextField()
    kind = models.TextField()
    owner = models.TextField()
    depth = models.FloatField()
    built = models.FloatField()

    class Meta:
        abstract = True
        app_label = "layers"
        managed = False
        ordering = ["id"]

    def __str__(self):
        return self.name_zh


class Point(Row):
    """A row of `bench_points`."""

    geom = models.PointField(srid=4326)

    class Meta(Row.Meta):
        db_table = "bench_points"


class Line(Row):
    """A row of `bench_lines`."""

    geom = models.LineStringField(srid=4326)

    class Meta(Row.Meta):
        db_table = "bench_lines"


class Polygon(Row):
    """A row of `bench_polygons`."""

    geom = models.PolygonField(srid=4326)

    class Meta(Row.Meta):
        db_table = "bench_polygons"


class Pages(GeoJsonPagination):
    page_size = 1000
    page_size_query_param = "limit"
    max_page_size = 10_000


class KindFilter(InBBoxFilter):
    """The box, and a value of `kind`."""

    def filter_queryset(self, request, queryset, view):
        found = super().filter_queryset(request, queryset, view)
        kind = request.query_params.get("kind")
        return found.filter(kind=kind) if kind else found


def _viewset(of: type[Row]) -> type[ReadOnlyModelViewSet]:
    meta = {"model": of, "geo_field": "geom", "id_field": "id", "fields": _FIELDS}
    serializer = type("Serializer", (GeoFeatureModelSerializer,), {"Meta": type("Meta", (), meta)})
    told = {
        "queryset": of.objects.all(),
        "serializer_class": serializer,
        "pagination_class": Pages,
        "bbox_filter_field": "geom",
        "bbox_filter_include_overlapping": True,
        "filter_backends": [KindFilter],
    }
    return type("ViewSet", (ReadOnlyModelViewSet,), told)


urlpatterns = []
for model in (Point, Line, Polygon):
    viewset = _viewset(model)
    name = model._meta.db_table.removeprefix("bench_")
    urlpatterns += [
        path(f"{name}/", viewset.as_view({"get": "list"})),
        path(f"{name}/<int:pk>/", viewset.as_view({"get": "retrieve"})),
    ]
