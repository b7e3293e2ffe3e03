"""What describes tiles: tile matrix sets, tile sets and TileJSON (OGC 20-057, 17-083r4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext as _

from layers.bilingual import Text
from layers.postgis.matrices import GRIDS, WEB_MERCATOR, Grid
from layers.postgis.systems import CRS84_URI
from layers.postgis.tiles import COUNT
from layers.registry import Field, FieldType, Geometry
from layers.serving.links import OGC_RELATION, Addresses, link
from layers.serving.negotiation import JSON
from layers.serving.published import Collection, states_of
from layers.serving.tiles.contents import DEEPEST, Box, drawn_fields, extent_of, first_level, joined
from layers.serving.tiles.formats import MVT
from layers.serving.versions import version_of

TILING_SCHEME = f"{OGC_RELATION}/tiling-scheme"
#: Latitude where the square world of Web Mercator ends.
_SQUARE = 85.0511287798066
_DIMENSIONS = {Geometry.POINT: 0, Geometry.LINE: 1, Geometry.POLYGON: 2}


def grids_document(addresses: Addresses, self_links: list[dict]) -> dict:
    """The tile matrix sets that tiles are cut by."""
    listed = [
        {
            "id": grid.id,
            "title": grid.title,
            **({"uri": grid.uri} if grid.uri else {}),
            "links": [link(addresses.grid(grid.id), "self", JSON.media_type)],
        }
        for grid in GRIDS.values()
    ]
    return {"tileMatrixSets": listed, "links": self_links}


def grid_document(grid: Grid, self_links: list[dict]) -> dict:
    """A tile matrix set with its levels."""
    axes = ["Lat", "Lon"] if grid.system.turned else ["Lon", "Lat"]
    return {
        "id": grid.id,
        "title": grid.title,
        **({"uri": grid.uri} if grid.uri else {}),
        "crs": grid.system.uri,
        "orderedAxes": axes if grid.system.in_degrees else ["E", "N"],
        "tileMatrices": [_matrix(grid, level) for level in range(grid.deepest + 1)],
        "links": self_links,
    }


def _matrix(grid: Grid, level: int) -> dict:
    left, top = grid.corner
    return {
        "id": str(level),
        "scaleDenominator": grid.scale(level),
        "cellSize": grid.cell_size(level),
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [top, left] if grid.system.turned else [left, top],
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": grid.across << level,
        "matrixHeight": grid.down << level,
    }


@dataclass(frozen=True)
class TileSource:
    """What a tile set is made of: one layer, or several of the map; `box` is in degrees.

    `query` names the layers where not all are wanted.
    """

    title: str
    description: str
    address: str
    box: Box
    layers: tuple[Collection, ...]
    versioned: str
    layer_address: str = ""
    query: str = ""

    def tileset(self, grid: Grid) -> str:
        """The address of the tile set in a grid."""
        return f"{self.address}/{grid.id}{self.query}"

    def template(self, grid: Grid) -> str:
        """The address of a tile, with places for its level, row and column."""
        return f"{self.address}/{grid.id}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{self.query}"


def source_of(collection: Collection, addresses: Addresses) -> TileSource:
    """A layer as a source of tiles."""
    state = collection.state()
    own, layer = addresses.collection(collection.id), collection.layer
    return TileSource(
        title=layer.title,
        description=layer.abstract,
        address=f"{own}/tiles",
        box=extent_of([collection], {collection.id: state}),
        layers=(collection,),
        versioned=f"{addresses.versioned(collection.id, version_of(state))}/tiles",
        layer_address=own,
    )


def source_of_map(
    collections: list[Collection], addresses: Addresses, names: str | None = None
) -> TileSource:
    """Layers as one source: all, or those that are named."""
    states = states_of(collections)
    return TileSource(
        title=str(Text(**settings.SITE_TITLE)),
        description=_("All layers in one tile."),
        address=addresses.tiles,
        box=extent_of(collections, states),
        layers=tuple(collections),
        versioned=f"{addresses.below(version_of(joined(states)))}/tiles",
        query=f"?collections={quote(names, safe=',')}" if names else "",
    )


def tilesets_document(source: TileSource, addresses: Addresses, self_links: list[dict]) -> dict:
    """The tile sets of a source, one for each grid."""
    listed = [_tileset(source, grid, addresses) for grid in GRIDS.values()]
    return {"title": source.title, "tilesets": listed, "links": self_links}


def _tileset(source: TileSource, grid: Grid, addresses: Addresses) -> dict:
    levels = range(first_level(source.layers), DEEPEST + 1)
    return {
        "title": f"{source.title} ({grid.id})",
        "dataType": "vector",
        "crs": grid.system.uri,
        "tileMatrixSetId": grid.id,
        "tileMatrixSetURI": grid.uri or addresses.grid(grid.id),
        "tileMatrixSetLimits": [_limits(grid, level, source.box) for level in levels],
        "links": [
            link(source.tileset(grid), "self", JSON.media_type),
            link(addresses.grid(grid.id), TILING_SCHEME, JSON.media_type),
            {**link(source.template(grid), "item", MVT.media_type), "templated": True},
        ],
    }


def tileset_document(
    source: TileSource, grid: Grid, addresses: Addresses, self_links: list[dict]
) -> dict:
    """A tile set: its grid, its limits, its layers with their properties."""
    west, south, east, north = source.box
    listed = _tileset(source, grid, addresses)
    _self, *more = listed["links"]
    return {
        **listed,
        "description": source.description,
        "boundingBox": {
            "lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84_URI,
        },
        "layers": [_layer(each) for each in source.layers],
        "links": [*self_links, *more],
    }  # fmt: skip


def _limits(grid: Grid, level: int, box: Box) -> dict:
    first_row, last_row, first_column, last_column = grid.limits(level, box)
    return {
        "tileMatrix": str(level),
        "minTileRow": first_row,
        "maxTileRow": last_row,
        "minTileCol": first_column,
        "maxTileCol": last_column,
    }


def _layer(collection: Collection) -> dict:
    declaration = collection.declaration
    dimension = _DIMENSIONS.get(declaration.geometry)
    return {
        "id": collection.id,
        "title": collection.layer.title,
        "dataType": "vector",
        **({} if dimension is None else {"geometryDimension": dimension}),
        "minTileMatrix": str(min(collection.layer.min_zoom, DEEPEST)),
        "maxTileMatrix": str(DEEPEST),
        "propertiesSchema": {
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                **{field.name: _property(field) for field in drawn_fields(declaration)},
                COUNT: {"type": "integer", "title": _("Number of records gathered in a point")},
            },
        },
    }


def _property(field: Field) -> dict:
    return {"title": str(field.label), "type": _KINDS.get(field.type, "string")}


_KINDS = {
    FieldType.INTEGER: "integer",
    FieldType.YEAR: "integer",
    FieldType.NUMBER: "number",
    FieldType.BOOLEAN: "boolean",
}


def tilejson_document(source: TileSource) -> dict:
    """The tile set of Web Mercator as TileJSON 3.0.0."""
    west, south, east, north = source.box
    layers = [vector_layer(each, _labels(each)) for each in source.layers]
    return {
        "tilejson": "3.0.0",
        "name": source.title,
        "description": source.description,
        "attribution": attribution(source.layers),
        "scheme": "xyz",
        "tiles": [f"{source.versioned}/{WEB_MERCATOR.id}/{{z}}/{{y}}/{{x}}{source.query}"],
        "minzoom": first_level(source.layers),
        "maxzoom": DEEPEST,
        "bounds": [west, max(south, -_SQUARE), east, min(north, _SQUARE)],
        "vector_layers": layers,
    }


def _labels(collection: Collection) -> dict[str, str]:
    return {field.name: str(field.label) for field in drawn_fields(collection.declaration)}


def attribution(collections: Iterable[Collection]) -> str:
    """Where the data of layers is from, each origin once; as markup, which programs take it for."""
    return escape(" · ".join(dict.fromkeys(filter(None, (c.layer.source for c in collections)))))


def vector_layer(collection: Collection, fields: Mapping[str, str], deepest: int = DEEPEST) -> dict:
    """A layer as TileJSON describes it: fields with a word on each, up to the deepest level."""
    return {
        "id": collection.id,
        "description": collection.layer.title,
        "minzoom": min(collection.layer.min_zoom, deepest),
        "maxzoom": deepest,
        "fields": {"id": "String", **fields},
    }
