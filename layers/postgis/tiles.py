"""Vector tiles (Mapbox Vector Tile 2.1), each layer of a tile read and written by PostGIS at once.

Nothing vanishes. A tile holds up to `CROWD` records one by one. Where more lie, those smaller than
a pixel or two are gathered: a grid of about 32 by 32 cells has one point for each cell, on one of
its records, with their number as `_count`; a cell with one record shows that record. Where the
large ones alone are still too many, or the bytes too heavy, the smaller of them are gathered too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Expression, Func, QuerySet, TextField
from django.db.models.functions import Cast

from layers.postgis.boxes import GivenBox, near, values_of
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
from layers.postgis.matrices import MARGIN, Grid, Tile
from layers.postgis.statements import Given, Slot, Statement, written
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
    """A layer for tiles of a grid: `records` with these `fields`, the instant they are asked for
    left open, at `levels` of the curve (None: any)."""

    declaration: Declaration
    records: QuerySet
    fields: Sequence[Field]
    levels: int | None
    layer_id: int
    state: StateSource
    grid: Grid

    @property
    def is_along(self) -> bool:
        """Whether the curve alone finds the records of a tile."""
        return bool(self.levels)


@dataclass(frozen=True)
class TileStatements:
    """The two statements of all tiles of a layer in a grid."""

    whole: Statement
    gathered: Statement
    levels: int | None
    matches: bool

    @classmethod
    def of(cls, source: TileSource) -> "TileStatements":
        """Written for a source."""
        try:
            return cls(_whole(source), _gathered(source), source.levels, True)
        except EmptyResultSet:
            # Django saw that nothing can match.
            nothing = replace(source, records=source.declaration.records())
            return cls(_whole(nothing), _gathered(nothing), source.levels, False)


class LayerTile(NamedTuple):
    """One layer of a tile, the state of the layer when it was read, and whether it is gathered."""

    body: bytes
    state: str
    version: int | None
    is_gathered: bool


class _Row(NamedTuple):
    body: bytes
    singles: int
    state: bytes | None
    version: int | None

    @property
    def is_too_much(self) -> bool:
        return self.singles > CROWD or len(self.body) > HEAVY


def read_tile(statements: TileStatements, tile: Tile, at: datetime) -> LayerTile:
    """A layer in a tile at an instant."""
    values = _values(statements, tile, at)
    row, is_gathered = _row(statements.whole, values), False
    for smallest in range(tile.depth + _SMALL, -2, -2):
        if not row.is_too_much:
            break
        of_large = _values_of_large(statements, tile, max(0, smallest))
        row, is_gathered = _row(statements.gathered, values | of_large), True
    return LayerTile(row.body, (row.state or b"").decode(), row.version, is_gathered)


def _row(statement: Statement, values: dict[str, Any]) -> _Row:
    body, *told = statement.first_row(values)
    return _Row(bytes(body), *told)


def _values(statements: TileStatements, tile: Tile, at: datetime) -> dict[str, Any]:
    found = EVERYWHERE if statements.levels is None else stretches_of(tile.box, statements.levels)
    # Records without geometry are not shown.
    stretches = found.after(0) if statements.matches else Stretches([], [])
    cell = 2 * (FINEST - min(FINEST, tile.depth + _CELLS)) + 5
    return {
        **values_of(tile.box),
        **dict(zip(_SIDES, tile.bounds, strict=True)),
        "lows": stretches.lows,
        "highs": stretches.highs,
        "shift": cell,
        "off": 360 / 2**tile.depth * _OFF,
        "at": at,
    }


def _values_of_large(statements: TileStatements, tile: Tile, smallest: int) -> dict[str, Any]:
    """Where records as large as a level of the curve lie."""
    levels = EVERY_LEVEL if statements.levels is None else statements.levels
    of_each, ranges = stretches_by_level(tile.box, levels & ((1 << smallest) - 1))
    if not statements.matches:
        of_each, ranges = [], Stretches([], [])
    return {
        "levels": of_each,
        "large_lows": ranges.lows,
        "large_highs": ranges.highs,
        "smallest": smallest,
    }


_SIDES = ("west", "south", "east", "north")
_STRETCHES = (Slot("lows"), Slot("highs"))
_LARGE = (Slot("levels"), Slot("large_lows"), Slot("large_highs"))
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


def _whole(source: TileSource) -> Statement:
    """Every record by itself."""
    records = _written(source, _near(source, _along(source.records)), CROWD + 1)
    sql = _WHOLE.format(records=records.sql, names=_names(source))
    return _tile(source, sql, (*_STRETCHES, *records.params, CROWD + 1))


def _gathered(source: TileSource) -> Statement:
    """Records as large as a level of the curve by themselves, and the others by cells."""
    records = _along(source.records).alias(curve_level=level_of())
    at_level = _near(source, records.filter(curve_level=Bound(end="level")))
    large = _written(source, at_level, CROWD + 1)
    smallest = Given("smallest", BigIntegerField())
    small = written(records.filter(curve_level__gte=smallest).order_by().values_list("curve"))
    one = _written(source, source.records.filter(curve=_OfCell()), 1)
    blanks = ", ".join(["NULL"] * (len(source.fields) + 1))
    parts = {"large": large.sql, "small": small.sql, "one": one.sql, "blanks": blanks}
    singles = (*_LARGE, *large.params, CROWD + 1)
    cells = (*_STRETCHES, *small.params, Slot("shift"))
    sql = _GATHERED.format(names=_names(source), **parts)
    return _tile(source, sql, (*singles, *cells, *one.params))


def _near(source: TileSource, records: QuerySet) -> QuerySet:
    return near(records, GivenBox((True,), False), by_index=not source.is_along)


class _OfCell(Func):
    """The number of the record that stands for a cell."""

    template = "cell.curve"
    output_field = BigIntegerField()


def _along(records: QuerySet) -> QuerySet:
    return records.filter(curve__gte=Bound(end="low"), curve__lte=Bound(end="high"))


def _written(source: TileSource, records: QuerySet, limit: int) -> Statement:
    """The geometry, the primary key, the key and the fields of records."""
    key = Cast(source.declaration.key, TextField())
    values = [_property(field) for field in source.fields]
    return written(records.order_by().values_list("geom", "pk", key, *values)[:limit])


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


def _tile(source: TileSource, parts: str, params: tuple) -> Statement:
    """The statement of a tile from common table expressions that give `single` and `found`."""
    shape, state = _shape(source), state_sql(source.state)
    sql = _TILE.format(parts=parts, shape=shape.sql, names=_names(source), state=state.sql)
    room = round(MARGIN * EXTENT)
    sides = tuple(map(Slot, _SIDES))
    drawn = (source.declaration.slug, EXTENT, *shape.params, *sides, EXTENT, room, CROWD)
    params = (*params, *drawn, *state.params, source.layer_id)
    return Statement(sql, params, has_one_plan=source.is_along)


def _shape(source: TileSource) -> Statement:
    """The geometry in units of the grid, without the vertices that nobody sees."""
    flat = "CASE WHEN ST_NPoints(_geom) > 16 THEN ST_Simplify(_geom, %s, true) ELSE _geom END"
    srid = source.grid.system.srid
    if srid is None:
        return Statement(flat, (Slot("off"),))
    return Statement(f"ST_Transform({flat}, %s)", (Slot("off"), srid))
