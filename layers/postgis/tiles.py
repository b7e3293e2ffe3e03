"""Vector tiles (Mapbox Vector Tile 2.1), each layer of a tile read and written by PostGIS at once.

Nothing vanishes. A tile holds up to `CROWD` records one by one. Where more lie, those smaller than
a pixel or two are gathered: a grid of about 32 by 32 cells has one point for each cell, on one of
its records, with their number as `_count`; a cell with one record shows that record. Where the
large ones alone are still too many, or the bytes too heavy, the smaller of them are gathered too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Expression, Func, QuerySet, TextField
from django.db.models.functions import Cast

from layers.postgis.boxes import near
from layers.postgis.conditions import Sql
from layers.postgis.curve import (
    EVERY_LEVEL,
    EVERYWHERE,
    FINEST,
    Stretches,
    level_of,
    stretches_by_level,
    stretches_of,
)
from layers.postgis.encoding import Bound
from layers.postgis.features import stored_value
from layers.postgis.matrices import MARGIN, Tile
from layers.postgis.states import StateSource, state_sql
from layers.registry import Declaration, Field, FieldType

EXTENT = 4096
#: Records of one layer in one tile, one by one.
CROWD = 5_000
#: Bytes of one layer of a tile, beyond which more is gathered.
HEAVY = 500_000
#: The property with the number of gathered records.
COUNT = "_count"
#: A tile is so many halvings wide in cells.
_CELLS = 5
#: What is smaller than a tile by so many halvings is a pixel or two wide (of 256).
_SMALL = 8
#: Shapes may be off by this share of a tile: half a pixel where screens are finest.
_OFF = 1 / 2048


@dataclass(frozen=True, kw_only=True)
class TileSource:
    """A layer for tiles: `records` with these `fields`, at `levels` of the curve (None: any)."""

    declaration: Declaration
    records: QuerySet
    fields: Sequence[Field]
    levels: int | None
    layer_id: int
    state: StateSource


class LayerTile(NamedTuple):
    """One layer of a tile, the state of the layer when it was read, and whether it is gathered."""

    body: bytes
    state: str
    version: int | None
    is_gathered: bool


class _Row(NamedTuple):
    body: memoryview
    singles: int
    state: str
    version: int | None

    @property
    def is_too_much(self) -> bool:
        return self.singles > CROWD or len(self.body) > HEAVY


class _Parts(NamedTuple):
    """Common table expressions that give `single` and `found`, and their parameters."""

    sql: str
    params: tuple


def read_tile(source: TileSource, tile: Tile) -> LayerTile:
    """A layer in a tile."""
    row, is_gathered = _read(source, tile, _whole(source, tile)), False
    for smallest in range(tile.depth + _SMALL, -2, -2):
        if not row.is_too_much:
            break
        row = _read(source, tile, _gathered(source, tile, max(0, smallest)))
        is_gathered = True
    return LayerTile(bytes(row.body), row.state, row.version, is_gathered)


#: `single` holds the records that are shown one by one, one more than a tile may have; where there
#: are so many, nothing is written. `found` holds all that is shown.
_TILE = """
WITH {parts}
SELECT (
    SELECT coalesce(ST_AsMVT(part, %s, %s, '_shape', '_pk'), '') FROM (
        SELECT ST_AsMVTGeom({shape}, ST_MakeEnvelope(%s, %s, %s, %s), %s, %s, true) AS _shape,
            _pk, {names}, _count
        FROM found WHERE (SELECT count(*) FROM single) <= %s
    ) AS part WHERE _shape IS NOT NULL
), (SELECT count(*) FROM single), {state}, (SELECT version FROM layers_layer WHERE id = %s)
"""
_WHOLE = """
single AS MATERIALIZED (
    SELECT record.* FROM unnest(%s::bigint[], %s::bigint[]) AS stretch (low, high)
    CROSS JOIN LATERAL ({records}) AS record (_geom, _pk, {names})
    LIMIT %s
),
found AS (SELECT single.*, NULL::bigint AS _count FROM single)
"""
_GATHERED = """
single AS MATERIALIZED (
    SELECT record.*
    FROM unnest(%s::int[], %s::bigint[], %s::bigint[]) AS stretch (level, low, high)
    CROSS JOIN LATERAL ({large}) AS record (_geom, _pk, {names})
    LIMIT %s
),
cell AS MATERIALIZED (
    SELECT count(*) AS number, min(curve) AS curve
    FROM unnest(%s::bigint[], %s::bigint[]) AS stretch (low, high)
    CROSS JOIN LATERAL ({small}) AS record (curve)
    GROUP BY record.curve >> %s
),
found AS (
    SELECT single.*, NULL::bigint AS _count FROM single
    UNION ALL
    SELECT record.*, NULL FROM cell
    CROSS JOIN LATERAL ({one}) AS record (_geom, _pk, {names}) WHERE number = 1
    UNION ALL
    SELECT layers_curve_point(curve), NULL, {blanks}, number FROM cell WHERE number > 1
)
"""


def _whole(source: TileSource, tile: Tile) -> _Parts:
    """Every record by itself."""
    stretches = _stretches(source, tile)
    try:
        records, params = _written(source, near(_along(source.records), tile.box), CROWD + 1)
    except EmptyResultSet:
        # Django saw that nothing can match.
        stretches = Stretches([], [])
        records, params = _written(source, _along(source.declaration.records()), 1)
    sql = _WHOLE.format(records=records, names=_names(source))
    return _Parts(sql, (stretches.lows, stretches.highs, *params, CROWD + 1))


def _gathered(source: TileSource, tile: Tile, smallest: int) -> _Parts:
    """Records as large as a level of the curve by themselves, and the others by cells."""
    records, stretches = _along(source.records), _stretches(source, tile)
    levels = EVERY_LEVEL if source.levels is None else source.levels
    of_each, ranges = stretches_by_level(tile.box, levels & ((1 << smallest) - 1))
    at_level = records.alias(level=level_of()).filter(level=Bound(end="level"))
    large, large_params = _written(source, near(at_level, tile.box), CROWD + 1)
    small = records.alias(level=level_of()).filter(level__gte=smallest).order_by()
    small, small_params = small.values_list("curve").query.sql_with_params()
    one, one_params = _written(source, source.records.filter(curve=_OfCell()), 1)
    blanks = ", ".join(["NULL"] * (len(source.fields) + 1))
    parts = {"large": large, "small": small, "one": one, "blanks": blanks}
    shift = 2 * (FINEST - min(FINEST, tile.depth + _CELLS)) + 5
    singles = (of_each, ranges.lows, ranges.highs, *large_params, CROWD + 1)
    cells = (stretches.lows, stretches.highs, *small_params, shift)
    sql = _GATHERED.format(names=_names(source), **parts)
    return _Parts(sql, (*singles, *cells, *one_params))


class _OfCell(Func):
    """The number of the record that stands for a cell."""

    template = "cell.curve"
    output_field = BigIntegerField()


def _along(records: QuerySet) -> QuerySet:
    return records.filter(curve__gte=Bound(end="low"), curve__lte=Bound(end="high"))


def _stretches(source: TileSource, tile: Tile) -> Stretches:
    """Where on the curve what the tile shows may lie; records without geometry are not shown."""
    found = EVERYWHERE if source.levels is None else stretches_of(tile.box, source.levels)
    return found.after(0)


def _written(source: TileSource, records: QuerySet, limit: int) -> tuple[str, tuple]:
    """The geometry, the primary key, the key and the fields of records."""
    key = Cast(source.declaration.key, TextField())
    values = [_property(field) for field in source.fields]
    return (
        records.order_by().values_list("geom", "pk", key, *values)[:limit].query.sql_with_params()
    )


def _names(source: TileSource) -> str:
    names = ["id", *(field.name for field in source.fields)]
    return ", ".join(map(connection.ops.quote_name, names))


#: What a tile keeps as a number; a larger one would end the statement with an error.
_NUMBER = "CASE WHEN abs({0}) < 1e300 THEN ({0})::float8 END"
_WHOLE_NUMBER = "CASE WHEN abs({0}) < 9e18 THEN ({0})::bigint END"
_WHOLE_NUMBERS = (FieldType.INTEGER, FieldType.YEAR)


def _property(field: Field) -> Expression:
    """The value of a field as tiles keep it: number, true or false, text; lists as JSON."""
    stored = stored_value(field)
    value = field.expression
    if field.is_numeric:
        template = _WHOLE_NUMBER if field.type in _WHOLE_NUMBERS else _NUMBER
        return Sql(template, value if stored is None else _of_type("number", "numeric", stored))
    if field.type is FieldType.BOOLEAN:
        return value if stored is None else _of_type("boolean", "boolean", stored)
    if field.type is FieldType.CODES:
        return Sql("({0})::text", Sql("to_jsonb({0})", value) if stored is None else stored)
    return Sql("NULLIF(({0})::text, '')", value)


def _of_type(json_type: str, sql_type: str, stored: Expression) -> Expression:
    template = f"(CASE WHEN jsonb_typeof({{0}}) = '{json_type}' THEN ({{0}})::{sql_type} END)"
    return Sql(template, stored)


def _read(source: TileSource, tile: Tile, parts: _Parts) -> _Row:
    shape, shape_params = _shape(tile)
    state, state_params = state_sql(source.state)
    sql = _TILE.format(parts=parts.sql, shape=shape, names=_names(source), state=state)
    room = round(MARGIN * EXTENT)
    written = (source.declaration.slug, EXTENT, *shape_params, *tile.bounds, EXTENT, room, CROWD)
    with connection.cursor() as cursor:
        cursor.execute(sql, (*parts.params, *written, *state_params, source.layer_id))
        return _Row(*cursor.fetchone())


def _shape(tile: Tile) -> tuple[str, tuple]:
    """The geometry in units of the grid, without the vertices that nobody sees."""
    width = 360 / 2**tile.depth
    flat = "CASE WHEN ST_NPoints(_geom) > 16 THEN ST_Simplify(_geom, %s, true) ELSE _geom END"
    if tile.grid.system.srid is None:
        return flat, (width * _OFF,)
    return f"ST_Transform({flat}, %s)", (width * _OFF, tile.grid.system.srid)
