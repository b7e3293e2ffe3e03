"""The addresses of OGC API – Tiles."""

from django.http import HttpRequest, HttpResponse

from layers.postgis.matrices import GRIDS, WEB_MERCATOR, Grid
from layers.serving import versions
from layers.serving.delivery import delivered, is_current, not_modified, state_tag
from layers.serving.described import Described
from layers.serving.negotiation import HTML, JSON, Format
from layers.serving.parameters import known_parameters
from layers.serving.published import published_collection, states_of
from layers.serving.resource import Resource
from layers.serving.selection import parsed_selection
from layers.serving.tiles import contents, documents
from layers.serving.tiles.errors import UnknownGrid
from layers.serving.tiles.formats import MVT, TILEJSON

#: Says whether every record is in a tile by itself.
_SHOWS = "Geoportal-Tile"


class Grids(Described):
    """The tile matrix sets."""

    template = "api/grids.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.deliver(documents.grids_document(self.addresses, self.links()))


class OneGrid(Described):
    """A tile matrix set."""

    template = "api/grid.html"

    def get(self, request: HttpRequest, grid: str) -> HttpResponse:
        return self.deliver(documents.grid_document(_grid(grid), self.links()))


class Tilesets(Described):
    """The tile sets of a layer, or of the whole map."""

    template = "api/tilesets.html"
    parameters = None

    def get(self, request: HttpRequest, collection: str | None = None) -> HttpResponse:
        source = self.source(collection)
        document = documents.tilesets_document(source, self.addresses, self.links())
        return self.deliver(document, source=source)

    def source(self, collection: str | None) -> documents.TileSource:
        if collection is None:
            names = known_parameters(self.request.GET, ("collections",)).get("collections")
            found = contents.layers_of_map(names)
            return documents.source_of_map(found, self.addresses, names)
        known_parameters(self.request.GET, ())
        return documents.source_of(published_collection(collection), self.addresses)


class OneTileset(Tilesets):
    """A tile set, for the grid of web maps also as TileJSON."""

    template = "api/tileset.html"

    @property
    def formats(self) -> tuple[Format, ...]:
        more = (TILEJSON,) if self.kwargs["grid"] == WEB_MERCATOR.id else ()
        return (JSON, HTML, *more)

    def get(self, request: HttpRequest, grid: str, collection: str | None = None) -> HttpResponse:
        cut, source = _grid(grid), self.source(collection)
        if self.format is TILEJSON:
            return self.deliver(documents.tilejson_document(source))
        document = documents.tileset_document(source, cut, self.addresses, self.links())
        return self.deliver(
            document, source=source, grid=cut, template_address=source.template(cut)
        )


def _grid(name: str) -> Grid:
    if name not in GRIDS:
        raise UnknownGrid(name)
    return GRIDS[name]


class LayerTile(Resource):
    """A tile of one layer."""

    formats = (MVT,)
    parameters = None

    def get(self, request: HttpRequest, collection: str, **place: str) -> HttpResponse:
        tile = contents.tile_at(**place)
        if "HTTP_IF_NONE_MATCH" in self.asked.META:
            found = published_collection(collection)
            parsed_selection(request.GET, found.declaration, contents.OWN)
            tag = state_tag(found.state(), self.here)
            if is_current(request, tag):
                return not_modified(tag)
        return self.deliver(contents.layer_tile(collection, tile, request.GET))

    def deliver(self, made: contents.Made) -> HttpResponse:
        """The bytes, and what readers and caches are told of them."""
        tag = state_tag(made.state, self.here)
        response = delivered(self.asked, made.body, MVT.content_type, tag)
        response[versions.HEADER] = versions.version_of(made.state)
        response[_SHOWS] = "gathered" if made.is_gathered else "whole"
        return response


class MapTile(LayerTile):
    """A tile of several layers: those named by `collections`, else all."""

    parameters = ("collections",)

    def get(self, request: HttpRequest, **place: str) -> HttpResponse:
        tile = contents.tile_at(**place)
        named = known_parameters(request.GET, self.parameters).get("collections")
        found = contents.layers_of_map(named)
        states, url = states_of(found), self.here
        tag = state_tag(contents.joined(states), url)
        if is_current(request, tag):
            return not_modified(tag)
        return self.deliver(contents.map_tile(found, states, tile))
