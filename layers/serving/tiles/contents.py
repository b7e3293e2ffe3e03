"""What is in a tile: layers, their records, and what of each record a map needs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from layers.postgis.matrices import GRIDS, Grid, Tile
from layers.postgis.tile_source import TileSource
from layers.postgis.tile_statements import TileStatements
from layers.postgis.tiles import LayerTile, read_tile
from layers.registry import Declaration, Field
from layers.serving.published import (
    Collection,
    published_collection,
    published_collections,
    read_up_to_date,
)
from layers.serving.selection import FILTER, Selection, parsed_selection
from layers.serving.tiles.errors import UnknownTile

#: The parameters of a tile of one layer, besides its fields.
OWN = ("datetime", "q", *FILTER, "properties")
#: The last level: a unit of it is a sixth of a metre wide, and beyond it tiles are enlarged.
DEEPEST = 16
Box = tuple[float, float, float, float]
WORLD: Box = (-180.0, -90.0, 180.0, 90.0)
_OF_LABELS = ("field", "field_en", "within", "within_en", "shield")


@dataclass(frozen=True)
class Made:
    """A finished tile: its bytes, the state it was read in, and whether records are gathered."""

    body: bytes
    state: str
    is_gathered: bool


def tile_at(grid: str, level: str, row: str, column: str) -> Tile:
    """The tile that an address names; raises UnknownTile."""
    numbers = (level, row, column)
    if grid not in GRIDS or not all(_is_number(each) for each in numbers):
        raise UnknownTile
    tile = Tile(GRIDS[grid], *map(int, numbers))
    if not tile.grid.holds(tile.level, tile.row, tile.column):
        raise UnknownTile
    return tile


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def check_limits(tile: Tile, collections: Iterable[Collection], states: Mapping[str, str]) -> None:
    """Raise UnknownTile where a tile lies outside of what its layers announce."""
    collections = list(collections)
    first = first_level(collections)
    box = extent_of(collections, states)
    limits = tile.grid.limits(tile.level, box)
    if not (first <= tile.level <= DEEPEST and limits.hold(tile.row, tile.column)):
        raise UnknownTile


def first_level(collections: Iterable[Collection]) -> int:
    """The first level at which one of the layers is shown."""
    return min((min(each.layer.min_zoom, DEEPEST) for each in collections), default=0)


def extent_of(collections: Iterable[Collection], states: Mapping[str, str]) -> Box:
    """The box of degrees around all records of layers, the world where there are none."""
    boxes = [box for each in collections if (box := each.summary(states[each.id]).box)]
    if not boxes:
        return WORLD
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def layer_tile(slug: str, tile: Tile, query: QueryDict) -> Made:
    """A layer in a tile, as a query string asks for it.

    Raises BadParameter, UnknownLayer, and UnknownTile outside of what the layer announces.
    """
    layer = _read(slug, tile, query)
    check_limits(tile, [layer.collection], {slug: layer.tile.state})
    return Made(layer.tile.body, layer.tile.state, layer.tile.is_gathered)


@dataclass(frozen=True)
class _Layer:
    """A layer in a tile, and the layer as it was read."""

    collection: Collection
    tile: LayerTile

    @property
    def version(self) -> int | None:
        return self.tile.version


def _read(slug: str, tile: Tile, query: QueryDict) -> _Layer:
    def read(collection: Collection) -> _Layer:
        statements = _statements(collection, tile.grid, query)
        return _Layer(collection, read_tile(statements, tile, collection.at))

    return read_up_to_date(slug, read)


def layers_of_map(names: str | None) -> list[Collection]:
    """The layers named by comma, else all; raises UnknownLayer."""
    if names is None:
        return published_collections()
    return [published_collection(name) for name in dict.fromkeys(names.split(","))]


def map_tile(collections: list[Collection], states: Mapping[str, str], tile: Tile) -> Made:
    """Several layers in one tile, each by itself, in their order: those shown at its level.

    `states` are those of all of them before; where a layer has changed since, what was read counts.
    """
    shown = [each for each in collections if each.layer.min_zoom <= tile.level]
    made = {each.id: _read(each.id, tile, QueryDict()).tile for each in shown}
    read = {**states, **{name: each.state for name, each in made.items()}}
    check_limits(tile, collections, read)
    body = b"".join(each.body for each in made.values())
    return Made(body, joined(read), any(each.is_gathered for each in made.values()))


def joined(states: Mapping[str, str]) -> str:
    """The state of several layers together."""
    return "+".join(states.values())


def tile_reader(
    collection: Collection, grid: Grid, fields: Iterable[Field]
) -> Callable[[Tile], LayerTile]:
    """Gives tiles of a layer with these fields, as it stands at the instant of `collection`."""
    query = QueryDict(mutable=True)
    if names := [field.name for field in fields]:
        query["properties"] = ",".join(names)
    statements = _statements(collection, grid, query)
    return lambda tile: read_tile(statements, tile, collection.at)


def _statements(collection: Collection, grid: Grid, query: QueryDict) -> TileStatements:
    """The statements for all tiles of a grid that show the same; raises BadParameter."""

    def write() -> TileStatements:
        selection = parsed_selection(query, collection.declaration, OWN)
        return TileStatements.of(_source(collection.at_any_time, selection, grid))

    # Of several values of a name all count here, since they are refused.
    asked = (grid.id, *((name, *values) for name, values in query.lists()))
    return collection.statements.get(asked, write)


def _source(collection: Collection, selection: Selection, grid: Grid) -> TileSource:
    return TileSource(
        declaration=collection.declaration,
        records=selection.of(collection.public_records()),
        fields=_fields(collection.declaration, selection.presentation.fields),
        levels=collection.levels,
        layer_id=collection.layer.pk,
        state=collection.source,
        grid=grid,
        is_counted=selection.is_whole and not collection.typed,
        density=collection.density,
    )


def drawn_fields(declaration: Declaration) -> tuple[Field, ...]:
    """The fields that a map draws by and names records by."""
    return _fields(declaration, None)


def _fields(declaration: Declaration, names: frozenset[str] | None) -> tuple[Field, ...]:
    if names is None:
        names = frozenset((*declaration.label, *_style_fields(declaration.style)))
    # The key of a record is given as `id` always.
    return tuple(f for f in declaration.public_fields if f.name in names and f.name != "id")


def _style_fields(style: Mapping) -> Iterable[str]:
    """The fields a style (docs/styles.md) looks at."""
    label, marker = style.get("label") or {}, style.get("marker") or {}
    yield from (label[key] for key in _OF_LABELS if isinstance(label.get(key), str))
    yield from filter(None, (style.get("field"), marker.get("iconField")))
    yield from (theme["field"] for theme in style.get("themes", ()) if theme.get("field"))
