"""Tiles in the OpenAPI 3.0 document of the service."""

from django.utils.translation import gettext as _

from layers.postgis.matrices import GRIDS
from layers.registry import Declaration
from layers.serving import openapi_parts as parts
from layers.serving.negotiation import JSON
from layers.serving.openapi_parts import content, operation, ref
from layers.serving.tiles.contents import OWN
from layers.serving.tiles.formats import MVT, TILEJSON

_PLACE = "{tileMatrix}/{tileRow}/{tileCol}"
_GRID = "{tileMatrixSetId}"
_COMMON = ("f", "lang")
_IN_PLACE = ("tileMatrixSetId", "tileMatrix", "tileRow", "tileCol")
_TAG = "tiles"
#: What operations are called (OGC 20-057, table 11).
_OF_MAP, _OF_LAYER = "map.dataset.vector", "collection.vector"
_BINARY = {"type": "string", "format": "binary"}


def tile_parameters() -> dict:
    """The parameters of tiles that do not differ between layers."""
    number = {"type": "integer", "minimum": 0}
    return {
        "tileMatrixSetId": _in_path(
            "tileMatrixSetId", _("The tile matrix set"), {"type": "string", "enum": list(GRIDS)}
        ),
        "tileMatrix": _in_path(
            "tileMatrix", _("The level"), {"type": "string", "pattern": "^[0-9]{1,2}$"}
        ),
        "tileRow": _in_path("tileRow", _("The row, from the north"), number),
        "tileCol": _in_path("tileCol", _("The column, from the west"), number),
        "tile-f": parts.query("f", _("There is one format here."), _one(MVT.name)),
        "collections": parts.query(
            "collections",
            _("The layers of the tile; all without it."),
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
    }


def _one(*names: str) -> dict:
    return {"type": "string", "enum": list(names)}


def _in_path(name: str, description: str, schema: dict) -> dict:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


def map_paths() -> dict:
    """The addresses of grids, and of tiles of the whole map."""
    grids = {
        "/tileMatrixSets": _document("getTileMatrixSetsList", _("Tile matrix sets"), _TAG),
        f"/tileMatrixSets/{_GRID}": _document(
            "getTileMatrixSet", _("A tile matrix set"), _TAG, "tileMatrixSetId"
        ),
    }
    chosen = [ref("parameters", "collections")]
    tile = _tile(f"{_OF_MAP}.getTile", _("A tile of several layers"), _TAG, chosen)
    sets = _sets("", _OF_MAP, _("The map"), _TAG)
    for each in sets.values():
        each["get"]["parameters"] += chosen
    return {**grids, **sets, f"/tiles/{_GRID}/{_PLACE}": tile}


def layer_paths(declaration: Declaration, own: list[dict]) -> dict:
    """The addresses of tiles of a layer; `own` are the parameters of its fields."""
    slug, title = declaration.slug, str(declaration.title)
    shared = [ref("parameters", name) for name in OWN if name != "properties"]
    stem, summary = f"{slug}.{_OF_LAYER}", _("%(title)s: a tile") % {"title": title}
    tile = _tile(f"{stem}.getTile", summary, slug, [*shared, *own])
    base = f"/collections/{slug}"
    return {**_sets(base, stem, title, slug), f"{base}/tiles/{_GRID}/{_PLACE}": tile}


def _sets(base: str, stem: str, title: str, tag: str) -> dict:
    named = {"title": title}
    listed, alone = _("%(title)s: tile sets") % named, _("%(title)s: a tile set") % named
    tileset = _document(f"{stem}.getTileSet", alone, tag, "tileMatrixSetId")
    # TileJSON is for the grid of web maps alone, so `f` cannot promise it for every one.
    tileset["get"]["responses"]["200"]["content"][TILEJSON.media_type] = {
        "schema": {"type": "object"}
    }
    return {
        f"{base}/tiles": _document(f"{stem}.getTileSetsList", listed, tag),
        f"{base}/tiles/{_GRID}": tileset,
    }


def _document(operation_id: str, summary: str, tag: str, *in_path: str) -> dict:
    body = content(JSON.media_type, {"type": "object"}, html=True)
    parameters = [ref("parameters", name) for name in (*in_path, *_COMMON)]
    return {"get": operation(operation_id, summary, tag, body, parameters=parameters)}


def _tile(operation_id: str, summary: str, tag: str, parameters: list[dict]) -> dict:
    parameters = [
        *(ref("parameters", name) for name in _IN_PLACE),
        *parameters,
        ref("parameters", "tile-f"),
        ref("parameters", "lang"),
    ]
    text = {"schema": {"type": "string"}}
    return {
        "get": operation(
            operation_id,
            summary,
            tag,
            content(MVT.media_type, _BINARY),
            parameters=parameters,
            refusals=("400", "404"),
            headers={"ETag": text, "Geoportal-Tile": text},
        )
    }
