"""What tiles are read from, and the parts that their statements share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from layers.mvt.records import EXTENT
from layers.postgis.boxes import GivenBox, near
from layers.postgis.encoding import Bound
from layers.postgis.matrices import MARGIN, Grid
from layers.postgis.statements import Slot, Statement
from layers.postgis.states import StateSource, state_sql
from layers.registry import Declaration, Field

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


class Part(NamedTuple):
    """A common table expression and its parameters."""

    sql: str
    params: tuple


STRETCHES = (Slot("lows"), Slot("highs"))
_WITHIN = (Slot("within_lows"), Slot("within_highs"))
CROWD, BEYOND = Slot("crowd"), Slot("beyond")
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
CROSS JOIN LATERAL ({records}) AS record ({columns})
WHERE (SELECT number FROM sure) <= %s
LIMIT %s
"""


def filled(source: TileSource, template: str, **parts: Part) -> Statement:
    """A template with its parts, which are named in the order in which they stand in it."""
    sql = template.format(**{name: part.sql for name, part in parts.items()})
    params = sum((part.params for part in parts.values()), ())
    return Statement(sql, params, has_one_plan=source.is_along)


def sure_of(source: TileSource, number: str, level: Slot, *params: Slot) -> Part:
    """How many records are to be shown one by one at least."""
    if not source.is_counted:
        return Part("sure AS (SELECT 0::bigint AS number)", ())
    return Part(_SURE.format(number=number), (*params, *_WITHIN, source.layer_id, level))


def single_of(records: Statement, columns: str, stretches: str, ends: str, given) -> Part:
    """Records by stretches of the curve, one more than a tile may have at most."""
    parts = {"stretches": stretches, "ends": ends, "columns": columns}
    sql = _SINGLE.format(records=records.sql, **parts)
    return Part(sql, (*given, *records.params, CROWD, BEYOND))


def near_tile(source: TileSource, records: QuerySet) -> QuerySet:
    """Those whose box meets the tile and the room around it."""
    return near(records, GivenBox((True,), False), by_index=not source.is_along)


def along(records: QuerySet) -> QuerySet:
    """Those in a stretch of the curve."""
    return records.filter(curve__gte=Bound(end="low"), curve__lte=Bound(end="high"))


def told_of(source: TileSource) -> Part:
    """The columns of the state the layer is read in, and of its version."""
    state = state_sql(source.state)
    return Part(_TOLD.format(state=state.sql), (*state.params, source.layer_id))


#: Without the vertices that nobody sees.
FLAT = "CASE WHEN ST_NPoints(_geom) > 16 THEN ST_Simplify(_geom, %s, true) ELSE _geom END"
OFF = Slot("off")


def clipped(source: TileSource) -> Part:
    """The geometry in units of the tile, cut at the room around it."""
    srid = source.grid.system.srid
    shape = FLAT if srid is None else f"ST_Transform({FLAT}, {int(srid)})"
    sql = f"ST_AsMVTGeom({shape}, ST_MakeEnvelope(%s, %s, %s, %s), %s, %s, true)"
    return Part(sql, (OFF, *map(Slot, SIDES), EXTENT, round(MARGIN * EXTENT)))
