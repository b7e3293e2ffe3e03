"""The statements of vector tiles, in which PostGIS reads and writes a layer of a tile at once.

Three ways to show the same records: each by itself; the small ones gathered by cells of the curve,
which are read to be counted; and the same by the counts that the database keeps of cells
(layers.postgis.counting), where nothing is asked of the records.
"""

from dataclasses import dataclass, replace

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Expression, F, Func, QuerySet, TextField
from django.db.models.functions import Cast

from layers.mvt.records import EXTENT
from layers.postgis.conditions import Sql
from layers.postgis.curve import level_of
from layers.postgis.encoding import Bound
from layers.postgis.features import stored_value
from layers.postgis.kept_tiles import KeptStatement, is_kept
from layers.postgis.statements import Given, Slot, Statement, written
from layers.postgis.tile_source import (
    BEYOND,
    CROWD,
    STRETCHES,
    Part,
    TileSource,
    along,
    clipped,
    filled,
    near_tile,
    single_of,
    sure_of,
    told_of,
)
from layers.registry import Field, FieldType


@dataclass(frozen=True)
class TileStatements:
    """The statements of all tiles of a layer in a grid; `counted` where its cells are counted.

    `whole` asks the counts first whether a tile holds too much, `sparse` does not. `kept` reads
    what is kept of the records for tiles, where there is any, and asks the counts too.
    """

    whole: Statement
    sparse: Statement
    kept: KeptStatement | None
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
                kept=KeptStatement.of(source) if is_kept(source) else None,
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


_LARGE = (Slot("large_levels"), Slot("large_lows"), Slot("large_highs"))
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
_DRAWN = "{shape} AS _shape, _pk, {values}"
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
    records = _written(source, near_tile(source, along(source.records)), BEYOND)
    single = _single(source, records, "%s::bigint[], %s::bigint[]", "low, high", STRETCHES)
    sure = sure_of(source, "small + medium + large", Slot("sure_level"))
    parts = {"sure": sure, "tile": _tile(source), "told": told_of(source)}
    return filled(source, _WHOLE, **parts, drawn=_drawn(source), single=single)


def _gathered(source: TileSource, cells: Part) -> Statement:
    """Records as large as a level of the curve by themselves, and the others by cells."""
    at_level = _at_any_level(source.records).filter(curve_level=Bound(end="level"))
    records = _written(source, near_tile(source, along(at_level)), BEYOND)
    stretches, ends = "%s::int[], %s::bigint[], %s::bigint[]", "level, low, high"
    single = _single(source, records, stretches, ends, _LARGE)
    large = "large + CASE WHEN %s THEN 0 ELSE medium END"
    sure = sure_of(source, large, Slot("level"), Slot("with_medium"))
    drawn = _drawn(source)
    drawn_uncrowded = Part(drawn.sql, (*drawn.params, CROWD))
    parts = {"sure": sure, "single": single, "cells": cells, "found": _found(source)}
    parts |= {"tile": _tile(source), "drawn": drawn_uncrowded, "told": told_of(source)}
    return filled(source, _GATHERED, **parts)


def _single(source: TileSource, records: Statement, stretches: str, ends: str, given) -> Part:
    return single_of(records, f"_geom, _pk, {_names(source)}", stretches, ends, given)


def _at_any_level(records: QuerySet) -> QuerySet:
    return records.alias(curve_level=level_of())


def _cells(source: TileSource) -> Part:
    small = _small(source, source.records)
    return Part(_CELLS.format(small=small.sql), (*small.params, CROWD))


def _counted_cells(source: TileSource) -> Part:
    # What comes and goes by the clock is not counted.
    small = _small(source, source.records.filter(counted=False))
    counts = (Slot("with_medium"), *STRETCHES, source.layer_id, Slot("level"))
    return Part(_COUNTED_CELLS.format(small=small.sql), (*counts, *small.params, CROWD))


def _small(source: TileSource, records: QuerySet) -> Part:
    """Records smaller than those shown by themselves: the place of their cell, and their middle."""
    small = _at_any_level(along(records)).filter(curve_level__gte=_SMALLEST)
    middles = [Sql(f"(ST_{a}Min({{0}}) + ST_{a}Max({{0}})) / 2", F("geom")) for a in "XY"]
    small = written(small.order_by().values_list("curve", *middles))
    params = (Slot("shift"), Slot("shift"), *STRETCHES, *small.params)
    return Part(_SMALL.format(small=small.sql), params)


def _found(source: TileSource) -> Part:
    one = _at_any_level(source.records).filter(
        curve_level__gte=_SMALLEST,
        curve__gte=_OfCell(),
        curve__lte=_EndOfCell(Given("span", _NUMBERS)),
    )
    one = _written(source, one, 1)
    blanks = ", ".join(["NULL"] * (len(source.fields) + 1))
    return Part(_FOUND.format(one=one.sql, names=_names(source), blanks=blanks), one.params)


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


def _tile(source: TileSource) -> Part:
    return Part(_WRITTEN, (source.declaration.slug, EXTENT))


def _drawn(source: TileSource) -> Part:
    """The columns of what is drawn: its shape in units of the tile, its number and its values."""
    names = [connection.ops.quote_name(field.name) for field in source.fields]
    values = [f"{_tile_value(f)} AS {n}" for f, n in zip(source.fields, names, strict=True)]
    shape = clipped(source)
    sql = _DRAWN.format(shape=shape.sql, values=", ".join(['"id"', *values]))
    return Part(sql, shape.params)
