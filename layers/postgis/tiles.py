"""Vector tiles (Mapbox Vector Tile 2.1) by a stated rule.

Nothing vanishes. A tile holds up to `CROWD` records one by one. Where more lie, those smaller than
a pixel or two are gathered: a grid of about 32 by 32 cells has one point for each cell, in the
middle of its records, with their number as `_count`; a cell with one record shows that record.
Where the large ones alone are still too many, or the bytes too heavy, the smaller of them are
gathered too.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from layers.mvt import NotCovered
from layers.postgis.boxes import values_of
from layers.postgis.counting import FIRST, LAST, MEDIUM, SMALL
from layers.postgis.curve import (
    EVERY_LEVEL,
    EVERYWHERE,
    FINEST,
    NONE,
    stretches_by_level,
    stretches_of,
    stretches_within,
)
from layers.postgis.kept_tiles import digits_of
from layers.postgis.matrices import Tile
from layers.postgis.statements import Statement
from layers.postgis.tile_source import SIDES
from layers.postgis.tile_statements import TileStatements

#: Records of one layer in one tile, one by one.
CROWD = 5_000
#: Bytes of one layer of a tile, beyond which more is gathered.
HEAVY = 500_000
#: The property with the number of gathered records.
COUNT = "_count"
#: A tile is so many halvings wide in cells.
_CELLS = 5
#: And in the larger cells by which is told that it holds too much: those on its edges do not tell.
_TELLING_CELLS = 3
#: A tile is not looked at before it is read where this share of a full one is to be expected.
_SPARSE = 1 / 8
#: Shapes may be off by this share of a tile: half a pixel where screens are finest.
_OFF = 1 / 2048


class LayerTile(NamedTuple):
    """One layer of a tile, the state of the layer when it was read, and whether it is gathered.

    Shapes too small to be seen are left out: a tile `is_empty` where it has no records at all.
    """

    body: bytes
    state: str
    version: int | None
    is_gathered: bool
    is_empty: bool


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
    row, is_gathered = _whole(statements, tile, values), False
    for statement, smallest in _gathering(statements, tile):
        if not row.is_too_much:
            break
        of_large = _values_of_large(statements, tile, max(0, smallest))
        row, is_gathered = _row(statement, values | of_large), True
    is_empty = not (is_gathered or row.singles)
    return LayerTile(row.body, (row.state or b"").decode(), row.version, is_gathered, is_empty)


def _whole(statements: TileStatements, tile: Tile, values: dict[str, Any]) -> _Row:
    """Every record by itself."""
    if _is_sparse(statements, tile):
        return _row(statements.sparse, values)
    if statements.kept:
        with suppress(NotCovered):
            row = _Row(*statements.kept.row(tile, values))
            # Without each value but once it may be light enough.
            if row.singles > CROWD or len(row.body) <= HEAVY:
                return row
    return _row(statements.whole, values)


def _is_sparse(statements: TileStatements, tile: Tile) -> bool:
    """Whether a tile holds so little, were the layer as dense everywhere, that nobody need count.

    Where it holds more, no more than a full tile is read in vain.
    """
    box = tile.box
    share = (box.east - box.west) * (box.north - box.south) / (360 * 180)
    return statements.density * share < CROWD * _SPARSE


def _gathering(statements: TileStatements, tile: Tile) -> Iterator[tuple[Statement, int]]:
    """Ways to gather, each with the level from which on records are gathered: ever larger ones."""
    level = tile.depth + _CELLS
    for smallest in range(level + SMALL, -2, -2):
        is_counted = FIRST <= level <= LAST and smallest >= level + MEDIUM
        yield (is_counted and statements.counted) or statements.gathered, smallest


def _row(statement: Statement, values: dict[str, Any]) -> _Row:
    body, *told = statement.first_row(values)
    return _Row(bytes(body), *told)


def _values(statements: TileStatements, tile: Tile, at: datetime) -> dict[str, Any]:
    found = EVERYWHERE if statements.levels is None else stretches_of(tile.box, statements.levels)
    # Records without geometry are not shown.
    stretches = found.after(0) if statements.matches else NONE
    level = min(FINEST, tile.depth + _CELLS)
    shift = 2 * (FINEST - level) + 5
    return {
        **values_of(tile.box),
        **dict(zip(SIDES, tile.bounds, strict=True)),
        **_values_of_counts(statements, tile),
        "lows": stretches.lows,
        "highs": stretches.highs,
        "level": level,
        "shift": shift,
        "span": (1 << shift) - 1,
        "crowd": CROWD,
        "beyond": CROWD + 1,
        "off": 360 / 2**tile.depth * _OFF,
        "digits": digits_of(tile),
        "at": at,
    }


def _values_of_counts(statements: TileStatements, tile: Tile) -> dict[str, Any]:
    """Where the counts of cells tell for sure what a tile holds."""
    level = tile.depth + _TELLING_CELLS
    tells = statements.counted is not None and level <= LAST
    within = stretches_within(tile.box, level) if tells else NONE
    return {
        "within_lows": within.lows,
        "within_highs": within.highs,
        "sure_level": max(FIRST, min(LAST, level)),
    }


def _values_of_large(statements: TileStatements, tile: Tile, smallest: int) -> dict[str, Any]:
    """Where records as large as a level of the curve lie."""
    levels = EVERY_LEVEL if statements.levels is None else statements.levels
    of_each, ranges = stretches_by_level(tile.box, levels & ((1 << smallest) - 1))
    if not statements.matches:
        of_each, ranges = [], NONE
    # Where no record is as large as that, the counts need not tell how many there are.
    none_within = {} if of_each else {"within_lows": [], "within_highs": []}
    return {
        **none_within,
        "large_levels": of_each,
        "large_lows": ranges.lows,
        "large_highs": ranges.highs,
        "smallest": smallest,
        "with_medium": smallest <= tile.depth + _CELLS + MEDIUM,
    }
