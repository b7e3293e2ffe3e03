"""The order of records in space: one number a record, so that a btree index serves boxes and pages.

The number is that of the XZ-ordering (Böhm, Klump, Kriegel: XZ-Ordering, SSD 1999): a record is in
the smallest cell of a quadtree over the world whose double in both directions holds its box, and
cells are numbered along the Z-curve, each before those within it. What lies in a box is therefore
found in a few stretches of numbers, read in one stable order, however many records the layer has.

A number is the place of the cell on the curve at the finest level, times 32, plus its level;
`NOWHERE` is that of records without a geometry.
"""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from django.db import models
from django.db.models import F, Func
from django.db.models.expressions import CombinedExpression

from layers.postgis.boxes import Box

#: The finest cells are seven millionths of a degree wide; points lie in these.
FINEST = 29
NOWHERE = -1
#: The last number there is.
END = (1 << (2 * FINEST + 5)) - 1
#: A box is cut into about so many cells each way: more cells miss it less, and cost more to make.
_CELLS = 8


def curve_column() -> models.GeneratedField:
    """The number of a record in space, kept by the database."""
    return models.GeneratedField(
        expression=Func(F("geom"), function="layers_curve"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )


@dataclass(frozen=True)
class Stretches:
    """Runs of numbers, both ends included, in order and apart from each other."""

    lows: list[int]
    highs: list[int]

    def after(self, number: int) -> "Stretches":
        """What is left of them from a number on."""
        first = bisect_left(self.highs, number)
        lows = self.lows[first:]
        if lows:
            lows[0] = max(lows[0], number)
        return Stretches(lows, self.highs[first:])

    def before(self, number: int) -> "Stretches":
        """What is left of them up to a number."""
        end = bisect_right(self.lows, number)
        highs = self.highs[:end]
        if highs:
            highs[-1] = min(highs[-1], number)
        return Stretches(self.lows[:end], highs)

    def backwards(self) -> "Stretches":
        """The same, the last first."""
        return Stretches(self.lows[::-1], self.highs[::-1])


EVERYWHERE = Stretches([NOWHERE], [END])
NONE = Stretches([], [])
#: Levels at which there may be records where nobody has noted them.
EVERY_LEVEL = (1 << (FINEST + 1)) - 1


#: The bits of a number that hold the level.
_LEVEL = 31


def level_of() -> CombinedExpression:
    """The level of a record, as an index of stored records has it; 31 of one without a place."""
    return F("curve").bitand(_LEVEL)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is read of a box: so many records, from a number on, forwards or backwards.

    `density` is how many records the world had, were they everywhere as many as in the layer.
    """

    limit: int
    start: int | None
    is_backwards: bool
    density: float


def stretches_of(box: Box, levels: int, reading: Reading | None = None) -> Stretches:
    """The numbers that records meeting a box can have, and those of records without geometry.

    `levels` has the bit 1 << level set for each level at which the layer has records. Where the
    `reading` will be full long before all of the box is read, the part it will come to is cut more
    finely, so that few records are met that lie beyond the box.
    """
    found = [(NOWHERE, NOWHERE)]
    for half in box.halves:
        found += _stretches(_Extent.of(half), _levels_in(levels), reading)
    return _joined(sorted(found))


def stretches_by_level(box: Box, levels: int) -> tuple[list[int], Stretches]:
    """Where records of these levels that meet a box lie: the level of each stretch, and those.

    The largest records come first. `levels` is as for `stretches_of`.
    """
    of_each, lows, highs = [], [], []
    for level in _levels_in(levels):
        found = stretches_of(box, 1 << level).after(0)
        of_each += [level] * len(found.lows)
        lows += found.lows
        highs += found.highs
    return of_each, Stretches(lows, highs)


def stretches_within(box: Box, level: int) -> Stretches:
    """The cells of a level that lie in a box, which does not span the antimeridian, with all of
    what begins in them.
    """
    extent, cells, shift = _Extent.of(box), 1 << level, FINEST - level
    span = (1 << (2 * shift + 5)) - 1
    columns = range(math.ceil(extent.west * cells), math.floor(extent.east * cells))
    rows = range(math.ceil(extent.south * cells), math.floor(extent.north * cells))
    of_columns = [_spread(x << shift) << 5 for x in columns]
    of_rows = [_spread(y << shift) << 6 for y in rows]
    places = sorted(row | column for row in of_rows for column in of_columns)
    return _joined([(place, place + span) for place in places])


def _levels_in(levels: int) -> list[int]:
    return [level for level in range(FINEST + 1) if levels >> level & 1]


@dataclass(frozen=True)
class _Extent:
    """A box in shares of the world, 0 to 1 from the south-west."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, box: Box) -> "_Extent":
        return cls(
            (box.west + 180) / 360,
            (box.south + 90) / 180,
            (box.east + 180) / 360,
            (box.north + 90) / 180,
        )

    @property
    def level(self) -> int:
        """The level at which the box is about `_CELLS` cells long."""
        size = max(self.east - self.west, self.north - self.south, 2.0**-FINEST)
        return min(FINEST, max(0, int(math.log2(_CELLS / size))))


def _stretches(extent: _Extent, levels: list[int], reading: Reading | None):
    """Large records by their own cells; all smaller ones by the cells the box is cut into."""
    common = extent.level
    for level in levels:
        if level < common:
            for place in _places(extent, level, reach=2.0**-level):
                yield place | level, place | level
    smaller = [level for level in levels if level >= common]
    if smaller:
        places = _places(extent, common, reach=2.0 ** -smaller[0])
        if reading and reading.density / 4**common > _FEW:
            yield from _Fine(extent, smaller, reading).stretches(common, sorted(places))
        else:
            span = _span(common)
            for place in places:
                yield place, place + span


def _span(level: int) -> int:
    """How many numbers follow the first one of a cell."""
    return (1 << (2 * (FINEST - level) + 5)) - 1


#: To meet so many records beyond the box costs what it costs to cut a cell into four.
_FEW = 128
#: Where so many times the page are to be expected within what is cut, the page will be full; and of
#: a box that is cut into ever more cells, as where it has a sliver of each, the rest is left.
_ENOUGH, _MOST = 1.5, 500


@lru_cache
def _ends_of_cells(levels: tuple[int, ...]) -> list[float]:
    return [
        0.5**level + 0.5 ** min(each for each in levels if each >= level)
        for level in range(levels[-1] + 1)
    ]


class _Fine:
    """Cells of a box cut again where a page is read, until few records beyond it are met."""

    def __init__(self, extent: _Extent, levels: list[int], reading: Reading):
        self._extent = extent
        self._levels = frozenset(levels)
        self._reading = reading
        self._deepest = levels[-1]
        #: How far from where a cell of a level begins what begins in it may reach.
        self._ends = _ends_of_cells(tuple(levels))
        self._turns = (3, 2, 1, 0) if reading.is_backwards else (0, 1, 2, 3)
        self._enough = reading.limit * _ENOUGH
        self._expected, self._cells = 0.0, 0

    def stretches(self, level: int, places: list[int]) -> list[tuple[int, int]]:
        """Of cells of a level, in order; those that the reading does not come to, as they are."""
        found: list[tuple[int, int]] = []
        span = _span(level)
        for place in reversed(places) if self._reading.is_backwards else places:
            if self._is_done or self._is_passed(place, place + span):
                found.append((place, place + span))
            else:
                self._cut(found, level, place, *_corner(place))
        return found

    def _cut(self, found: list, level: int, place: int, x: float, y: float) -> None:
        """Add what there is of a cell that begins at x and y, in shares of the world."""
        last = place + _span(level)
        if self._is_done or self._is_passed(place, last) or self._is_kept(level, x, y):
            found.append((place, last))
            return
        if level in self._levels:
            found.append((place | level, place | level))
        quarter, half, end = (last - place + 1) // 4, 0.5 ** (level + 1), self._ends[level + 1]
        extent = self._extent
        for number in self._turns:
            part_x, part_y = x + half * (number & 1), y + half * (number >> 1)
            # What begins in a cell may reach the box from beyond its end.
            if (
                part_x <= extent.east
                and part_y <= extent.north
                and part_x + end >= extent.west
                and part_y + end >= extent.south
            ):
                self._cut(found, level + 1, place + quarter * number, part_x, part_y)

    @property
    def _is_done(self) -> bool:
        return self._expected > self._enough or self._cells > _MOST

    def _is_passed(self, first: int, last: int) -> bool:
        start = self._reading.start
        if start is None:
            return False
        return first > start if self._reading.is_backwards else last < start

    def _is_kept(self, level: int, x: float, y: float) -> bool:
        """Whether a cell has few records beyond the box; those within it are expected from it."""
        self._cells += 1
        extent, size, density = self._extent, 0.5**level, self._reading.density
        wide = min(x + size, extent.east) - max(x, extent.west)
        high = min(y + size, extent.north) - max(y, extent.south)
        within = density * wide * high if wide > 0 and high > 0 else 0.0
        is_kept = density * size * size - within <= _FEW or level == self._deepest
        if is_kept:
            self._expected += within
        return is_kept


def _places(extent: _Extent, level: int, reach: float):
    """Where the cells begin whose records, reaching so far beyond their cell, may meet the box."""
    shift = FINEST - level
    columns = [_spread(x << shift) << 5 for x in _cells(extent.west, extent.east, level, reach)]
    for y in _cells(extent.south, extent.north, level, reach):
        row = _spread(y << shift) << 6
        for column in columns:
            yield row | column


def _cells(low: float, high: float, level: int, reach: float) -> range:
    cells = 1 << level
    # What ends where the box begins touches it.
    first = math.ceil((low - reach) * cells) - 1
    # The last cell holds the edge of the world as well.
    return range(max(0, min(first, cells - 1)), min(math.floor(high * cells), cells - 1) + 1)


def _spread(bits: int) -> int:
    """The bits of a number with a gap after each, to be filled by another's."""
    bits = (bits | bits << 16) & 0x0000FFFF0000FFFF
    bits = (bits | bits << 8) & 0x00FF00FF00FF00FF
    bits = (bits | bits << 4) & 0x0F0F0F0F0F0F0F0F
    bits = (bits | bits << 2) & 0x3333333333333333
    return (bits | bits << 1) & 0x5555555555555555


def _corner(place: int) -> tuple[float, float]:
    """Where a cell begins, in shares of the world."""
    return _gathered(place >> 5) / (1 << FINEST), _gathered(place >> 6) / (1 << FINEST)


def _gathered(bits: int) -> int:
    """Every second bit of a number, without the gaps."""
    bits &= 0x5555555555555555
    bits = (bits | bits >> 1) & 0x3333333333333333
    bits = (bits | bits >> 2) & 0x0F0F0F0F0F0F0F0F
    bits = (bits | bits >> 4) & 0x00FF00FF00FF00FF
    bits = (bits | bits >> 8) & 0x0000FFFF0000FFFF
    return (bits | bits >> 16) & 0x00000000FFFFFFFF


def _joined(stretches: list[tuple[int, int]]) -> Stretches:
    """Sorted stretches, those that touch or overlap made one."""
    lows, highs, end = [], [], NOWHERE - 2
    for low, high in stretches:
        if low > end + 1:
            lows.append(low)
            highs.append(high)
            end = high
        elif high > end:
            highs[-1] = end = high
    return Stretches(lows, highs)
