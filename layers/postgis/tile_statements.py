"""The statements of vector tiles, in which PostGIS reads and writes a layer of a tile at once.

Three ways to show the same records: each by itself; the small ones gathered by cells of the curve,
which are read to be counted; and the same by the counts that the database keeps of cells
(layers.postgis.counting), where nothing is asked of the records.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Expression, F, Func, QuerySet, TextField
from django.db.models.functions import Cast

from layers.postgis.boxes import GivenBox, near
from layers.postgis.conditions import Sql
from layers.postgis.curve import level_of
from layers.postgis.encoding import Bound
from layers.postgis.features import stored_value
from layers.postgis.matrices import MARGIN, Grid
from layers.postgis.statements import Given, Slot, Statement, written
from layers.postgis.states import StateSource, state_sql
from layers.registry import Declaration, Field, FieldType

EXTENT = 4096
SIDES = ("west", "south", "east", "north")


@dataclass(frozen=True, kw_only=True)
class TileSource:
    """A layer for tiles of a grid: `records` with these `fields`, the instant they are asked for
    left open, at `levels` of the curve (None: any).

    `is_counted` says that these are all records of a layer whose cells the database counts,
    `density` how many records the world had, were they everywhere as many as in the layer.
    """

    declaration: Declaration
    records: QuerySet
    fields: Sequence[Field]
    levels: int | None
    layer_id: int
    state: StateSource
    grid: Grid
    is_counted: bool = False
    density: float = 0

    @property
    def is_along(self) -> bool:
        """Whether the curve alone finds the records of a tile."""
        return bool(self.levels)


@dataclass(frozen=True)
class TileStatements:
    """The statements of all tiles of a layer in a grid; `counted` where its cells are counted.

    `whole` asks the counts first whether a tile holds too much, `sparse` does not.
    """

    whole: Statement
    sparse: Statement
    gathered: Statement
    counted: Statement | None
    levels: int | None
    density: float
    matches: bool

    @classmethod
    def of(cls, source: TileSource) -> "TileStatements":
        """Written for a source."""
        try:
            counted = _gathered(source, _counted_cells(source)) if source.is_counted else None
            read = replace(source, is_counted=False)
            return cls(
                whole=_whole(source),
                sparse=_whole(read),
                gathered=_gathered(read, _cells(source)),
                counted=counted,
                levels=source.levels,
                density=source.density,
                matches=True,
            )
        except EmptyResultSet:
            # Django saw that nothing can match.
            nothing = replace(source, records=source.declaration.records())
            return replace(cls.of(nothing), matches=False)


class _Part(NamedTuple):
    """A common table expression and its parameters."""

    sql: str
    params: tuple


_STRETCHES = (Slot("lows"), Slot("highs"))
_LARGE = (Slot("large_levels"), Slot("large_lows"), Slot("large_highs"))
_WITHIN = (Slot("within_lows"), Slot("within_highs"))
_CROWD, _BEYOND = Slot("crowd"), Slot("beyond")
#: `sure` is how many records are to be shown one by one at least, as the counts have it: where they
#: are more than a tile may have, none is read. `single` holds those records, one more than a tile
#: may have. `OFFSET 0` has each stretch looked up in the index, where PostgreSQL guesses that the
#: stretches hold most of the layer and would read all of it; and each shape made once, not twice.
_WHOLE = """
WITH {sure}
SELECT {tile}, greatest((SELECT number FROM sure), count(*)), {told}
FROM (SELECT {drawn}, NULL::bigint AS _count FROM ({single}) AS single OFFSET 0) AS part
"""
#: Where `single` holds too many, nothing is written. `found` holds all that is shown.
_GATHERED = """
WITH {sure}, single AS MATERIALIZED ({single}), {cells}, {found}
SELECT (
    SELECT {tile} FROM (
        SELECT {drawn}, _count FROM found WHERE (SELECT count(*) FROM single) <= %s OFFSET 0
    ) AS part
), greatest((SELECT number FROM sure), (SELECT count(*) FROM single)), {told}
"""
_WRITTEN = """coalesce(
    ST_AsMVT(part, %s, %s, '_shape', '_pk') FILTER (WHERE _shape IS NOT NULL), '')"""
_DRAWN = """
ST_AsMVTGeom({shape}, ST_MakeEnvelope(%s, %s, %s, %s), %s, %s, true) AS _shape, _pk, {values}
"""
_TOLD = "{state}, (SELECT version FROM layers_layer WHERE id = %s)"
_SURE = """
sure AS MATERIALIZED (
    SELECT coalesce(sum({number}), 0)::bigint AS number
    FROM unnest(%s::bigint[], %s::bigint[]) AS stretch (low, high)
    CROSS JOIN LATERAL (
        SELECT small, medium, large FROM layers_cellcount
        WHERE layer_id = %s AND level = %s AND place BETWEEN stretch.low AND stretch.high
        OFFSET 0
    ) AS held
)
"""
_SINGLE = """
SELECT record.* FROM unnest({stretches}) AS stretch ({ends})
CROSS JOIN LATERAL ({records}) AS record (_geom, _pk, {names})
WHERE (SELECT number FROM sure) <= %s
LIMIT %s
"""
#: A cell has the number of its records, where it begins on the curve, and sums over the middles of
#: as many records as are `placed`.
_CELLS = """
cell AS MATERIALIZED (
    SELECT count(*) AS number, place, count(*) AS placed, sum(lon) AS lon, sum(lat) AS lat
    FROM ({small}) AS record
    WHERE (SELECT count(*) FROM single) <= %s
    GROUP BY place
)
"""
_COUNTED_CELLS = """
cell AS MATERIALIZED (
    SELECT sum(number)::bigint AS number, place, sum(placed) AS placed, sum(lon) AS lon,
        sum(lat) AS lat
    FROM (
        SELECT small + CASE WHEN %s THEN medium ELSE 0 END AS number, place,
            small + medium AS placed, lon, lat
        FROM unnest(%s::bigint[], %s::bigint[]) AS stretch (low, high)
        CROSS JOIN LATERAL (
            SELECT * FROM layers_cellcount
            WHERE layer_id = %s AND level = %s AND place BETWEEN stretch.low AND stretch.high
            OFFSET 0
        ) AS held
        UNION ALL
        SELECT 1, place, 1, lon, lat FROM ({small}) AS passing
    ) AS part
    WHERE number > 0 AND (SELECT count(*) FROM single) <= %s
    GROUP BY place
)
"""
_SMALL = """
SELECT (record.curve >> %s) << %s AS place, lon, lat
FROM unnest(%s::bigint[], %s::bigint[]) AS stretch (low, high)
CROSS JOIN LATERAL ({small} OFFSET 0) AS record (curve, lon, lat)
"""
_FOUND = """
found AS (
    SELECT single.*, NULL::bigint AS _count FROM single
    UNION ALL
    SELECT record.*, NULL FROM cell
    CROSS JOIN LATERAL ({one}) AS record (_geom, _pk, {names}) WHERE number = 1
    UNION ALL
    SELECT ST_SetSRID(ST_MakePoint(lon / placed, lat / placed), 4490), NULL, {blanks}, number
    FROM cell WHERE number > 1
)
"""


def _whole(source: TileSource) -> Statement:
    """Every record by itself."""
    records = _written(source, _near(source, _along(source.records)), _BEYOND)
    single = _single(source, records, "%s::bigint[], %s::bigint[]", "low, high", _STRETCHES)
    sure = _sure(source, "small + medium + large", Slot("sure_level"))
    parts = {"sure": sure, "tile": _tile(source), "told": _told(source)}
    return _filled(source, _WHOLE, **parts, drawn=_drawn(source), single=single)


def _gathered(source: TileSource, cells: _Part) -> Statement:
    """Records as large as a level of the curve by themselves, and the others by cells."""
    at_level = _at_any_level(source.records).filter(curve_level=Bound(end="level"))
    records = _written(source, _near(source, _along(at_level)), _BEYOND)
    stretches, ends = "%s::int[], %s::bigint[], %s::bigint[]", "level, low, high"
    single = _single(source, records, stretches, ends, _LARGE)
    large = "large + CASE WHEN %s THEN 0 ELSE medium END"
    sure = _sure(source, large, Slot("level"), Slot("with_medium"))
    drawn = _drawn(source)
    drawn_uncrowded = _Part(drawn.sql, (*drawn.params, _CROWD))
    parts = {"sure": sure, "single": single, "cells": cells, "found": _found(source)}
    parts |= {"tile": _tile(source), "drawn": drawn_uncrowded, "told": _told(source)}
    return _filled(source, _GATHERED, **parts)


def _filled(source: TileSource, template: str, **parts: _Part) -> Statement:
    """A template with its parts, which are named in the order in which they stand in it."""
    sql = template.format(**{name: part.sql for name, part in parts.items()})
    params = sum((part.params for part in parts.values()), ())
    return Statement(sql, params, has_one_plan=source.is_along)


def _at_any_level(records: QuerySet) -> QuerySet:
    return records.alias(curve_level=level_of())


def _sure(source: TileSource, number: str, level: Slot, *params: Slot) -> _Part:
    if not source.is_counted:
        return _Part("sure AS (SELECT 0::bigint AS number)", ())
    return _Part(_SURE.format(number=number), (*params, *_WITHIN, source.layer_id, level))


def _single(source: TileSource, records: Statement, stretches: str, ends: str, given) -> _Part:
    names = _names(source)
    sql = _SINGLE.format(stretches=stretches, ends=ends, records=records.sql, names=names)
    return _Part(sql, (*given, *records.params, _CROWD, _BEYOND))


def _cells(source: TileSource) -> _Part:
    small = _small(source, source.records)
    return _Part(_CELLS.format(small=small.sql), (*small.params, _CROWD))


def _counted_cells(source: TileSource) -> _Part:
    # What comes and goes by the clock is not counted.
    small = _small(source, source.records.filter(counted=False))
    counts = (Slot("with_medium"), *_STRETCHES, source.layer_id, Slot("level"))
    return _Part(_COUNTED_CELLS.format(small=small.sql), (*counts, *small.params, _CROWD))


def _small(source: TileSource, records: QuerySet) -> _Part:
    """Records smaller than those shown by themselves: the place of their cell, and their middle."""
    small = _at_any_level(_along(records)).filter(curve_level__gte=_SMALLEST)
    middles = [Sql(f"(ST_{a}Min({{0}}) + ST_{a}Max({{0}})) / 2", F("geom")) for a in "XY"]
    small = written(small.order_by().values_list("curve", *middles))
    params = (Slot("shift"), Slot("shift"), *_STRETCHES, *small.params)
    return _Part(_SMALL.format(small=small.sql), params)


def _found(source: TileSource) -> _Part:
    one = _at_any_level(source.records).filter(
        curve_level__gte=_SMALLEST,
        curve__gte=_OfCell(),
        curve__lte=_EndOfCell(Given("span", _NUMBERS)),
    )
    one = _written(source, one, 1)
    blanks = ", ".join(["NULL"] * (len(source.fields) + 1))
    return _Part(_FOUND.format(one=one.sql, names=_names(source), blanks=blanks), one.params)


_NUMBERS = BigIntegerField()
_SMALLEST = Given("smallest", _NUMBERS)


class _OfCell(Func):
    """Where a cell begins on the curve."""

    template = "cell.place"
    output_field = _NUMBERS


class _EndOfCell(Func):
    """Where a cell ends on the curve, so far from where it begins."""

    template = "(cell.place + %(expressions)s)"
    output_field = _NUMBERS


def _near(source: TileSource, records: QuerySet) -> QuerySet:
    return near(records, GivenBox((True,), False), by_index=not source.is_along)


def _along(records: QuerySet) -> QuerySet:
    return records.filter(curve__gte=Bound(end="low"), curve__lte=Bound(end="high"))


def _written(source: TileSource, records: QuerySet, limit: int | Slot) -> Statement:
    """So many records at most: the geometry, the primary key, the key and the fields."""
    key = Cast(source.declaration.key, TextField())
    # A geometry as Django selects it would be written out in bytes and read again.
    values = [Sql("{0}", F("geom")), F("pk"), key, *map(_read_value, source.fields)]
    found = written(records.order_by().values_list(*values))
    return Statement(f"{found.sql} LIMIT %s", (*found.params, limit))


def _names(source: TileSource) -> str:
    names = ["id", *(field.name for field in source.fields)]
    return ", ".join(map(connection.ops.quote_name, names))


def _read_value(field: Field) -> Expression:
    """The value of a field as it is kept: JSON in stored layers where it is not a text."""
    stored, value = stored_value(field), field.expression
    if field.type is FieldType.CODES:
        return Sql("to_jsonb({0})", value) if stored is None else stored
    is_json = field.is_numeric or field.type is FieldType.BOOLEAN
    return stored if is_json and stored is not None else value


#: What a tile keeps as a number; a larger one would end the statement with an error. Of JSON, only
#: numbers lie between two numbers.
_NUMBERS_OF_JSON = "CASE WHEN {0} BETWEEN '-{1}' AND '{1}' THEN ({0})::{2} END"
_NUMBERS_OF_COLUMNS = "CASE WHEN abs({0}) < {1} THEN ({0})::{2} END"
_WHOLE_NUMBERS = (FieldType.INTEGER, FieldType.YEAR)


def _tile_value(field: Field) -> str:
    """The SQL of a field as tiles keep it: number, true or false, text; lists as JSON."""
    name, is_json = connection.ops.quote_name(field.name), stored_value(field) is not None
    if field.is_numeric:
        template = _NUMBERS_OF_JSON if is_json else _NUMBERS_OF_COLUMNS
        is_whole = field.type in _WHOLE_NUMBERS
        return template.format(name, *(("9e18", "bigint") if is_whole else ("1e300", "float8")))
    if field.type is FieldType.BOOLEAN:
        only = f"CASE WHEN {name} IN ('true', 'false') THEN ({name})::boolean END"
        return only if is_json else name
    return f"({name})::text" if field.type is FieldType.CODES else f"NULLIF(({name})::text, '')"


def _tile(source: TileSource) -> _Part:
    return _Part(_WRITTEN, (source.declaration.slug, EXTENT))


def _drawn(source: TileSource) -> _Part:
    """The columns of what is drawn: its shape in units of the tile, its number and its values."""
    names = [connection.ops.quote_name(field.name) for field in source.fields]
    values = [f"{_tile_value(f)} AS {n}" for f, n in zip(source.fields, names, strict=True)]
    shape, sides = _shape(source), tuple(map(Slot, SIDES))
    sql = _DRAWN.format(shape=shape.sql, values=", ".join(['"id"', *values]))
    return _Part(sql, (*shape.params, *sides, EXTENT, round(MARGIN * EXTENT)))


def _told(source: TileSource) -> _Part:
    """The columns of the state the layer is read in, and of its version."""
    state = state_sql(source.state)
    return _Part(_TOLD.format(state=state.sql), (*state.params, source.layer_id))


def _shape(source: TileSource) -> Statement:
    """The geometry in units of the grid, without the vertices that nobody sees."""
    flat = "CASE WHEN ST_NPoints(_geom) > 16 THEN ST_Simplify(_geom, %s, true) ELSE _geom END"
    srid = source.grid.system.srid
    if srid is None:
        return Statement(flat, (Slot("off"),))
    return Statement(f"ST_Transform({flat}, %s)", (Slot("off"), srid))
