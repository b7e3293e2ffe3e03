"""Shapes that PostGIS wrote as TWKB, one after the other, read all at once.

Numbers in TWKB are varints, as in tiles, so that all of them are read without a look at what they
mean. Where they stand tells only the shape before: what is read in turn is therefore the first part
of every shape, then the second, and so on.
"""

from dataclasses import dataclass

import numpy as np

from layers.mvt import NotCovered
from layers.mvt.ragged import Runs
from layers.mvt.varints import read, signed

#: Stands between two shapes: a number of seven bytes, which no coordinate takes.
BETWEEN = b"\xff\xff\xff\xff\xff\xff\x00"
#: Decimals of degrees that a shape in these has at least: its first byte then has the bit that
#: joins it to the second as one number, which tells it from a shape in whole units of the tile.
FEWEST_DIGITS = 5
POINT, LINE, POLYGON = 1, 2, 3
_MULTI = 3
#: The second byte of a shape in two dimensions of which nothing else is told.
_PLAIN = 0
#: Parts of one shape, beyond which PostGIS writes the tile.
_MOST_PARTS = 64


@dataclass(frozen=True)
class Shapes:
    """Parts of shapes: lines, rings, or all points of a record together.

    `points` have a row of each x and y, as they were written: shares of degrees, or units of a
    tile, as `in_degrees` has it of each record. `parts` are runs of these, in the order of the
    `records` they are of; `kinds` are those of the records, 0 where one has no shape.
    """

    points: np.ndarray
    parts: Runs
    records: np.ndarray
    kinds: np.ndarray
    in_degrees: np.ndarray


def shapes_of(data: bytes, number: int) -> Shapes:
    """So many shapes with BETWEEN between each two; empty ones are none.

    Raises NotCovered where they are of a kind that is not read here.
    """
    numbers, sizes = read(np.frombuffer(data, np.uint8))
    between = np.flatnonzero(sizes >= len(BETWEEN))
    if len(between) != number - 1:
        raise NotCovered
    starts = np.concatenate([[0], between + 1])
    is_any = np.concatenate([between, [len(numbers)]]) > starts
    firsts = starts[is_any]
    in_degrees = np.zeros(number, bool)
    in_degrees[is_any] = sizes[firsts] > 1
    told = numbers[firsts + ~in_degrees[is_any]]
    # Of degrees the second byte is the upper half of the first number.
    if np.any(np.where(in_degrees[is_any], told >> 7, told) != _PLAIN):
        raise NotCovered
    types = np.zeros(number, np.int64)
    types[is_any] = numbers[firsts] & 7
    return _walked(numbers, starts + 1 + ~in_degrees, types, in_degrees)


def _walked(numbers, places, types, in_degrees) -> Shapes:
    """`places` are where the shapes stand behind their first two bytes."""
    if np.any(types > POLYGON + _MULTI):
        raise NotCovered
    kinds = np.where(types > _MULTI, types - _MULTI, types)
    parts, records = _parts(numbers, places.copy(), types, kinds)
    coordinates = Runs(parts.starts, 2 * parts.counts)
    moves = np.ascontiguousarray(signed(numbers[coordinates.places]).reshape(-1, 2).T)
    parts = Runs.of(parts.counts)
    # Each place is told from the one before, from the first part to the last of a record.
    points = np.cumsum(moves, axis=1)
    begins = np.flatnonzero(np.diff(records, prepend=-1))
    if len(begins):
        counts = np.add.reduceat(parts.counts, begins)
        firsts = parts.starts[begins]
        points -= np.repeat(points[:, firsts] - moves[:, firsts], counts, axis=1)
    return Shapes(points, parts, records, kinds, in_degrees)


def _parts(numbers, places, types, kinds) -> tuple[Runs, np.ndarray]:
    """Where the points of each part stand, how many there are, and of which record they are."""
    walk = _Walk(numbers, places, types, kinds)
    active, found = np.flatnonzero(walk.shapes_left), []
    while len(active):
        if len(found) == _MOST_PARTS:
            raise NotCovered
        found.append((*walk.next_parts(active), active))
        active = active[walk.shapes_left[active] > 0]
    if not found:
        return Runs(np.zeros(0, np.int64), np.zeros(0, np.int64)), np.zeros(0, np.int64)
    starts, counts, records = (np.concatenate(each) for each in zip(*found, strict=True))
    if len(found) > 1:
        order = np.argsort(records, kind="stable")
        starts, counts, records = starts[order], counts[order], records[order]
    return Runs(starts, counts), records


class _Walk:
    """How far the shapes are read, each by itself."""

    def __init__(self, numbers, places, types, kinds):
        self._numbers, self._places, self._kinds = numbers, places, kinds
        self.shapes_left = (types > 0).astype(np.int64)
        several = np.flatnonzero(types > POLYGON)
        self.shapes_left[several] = numbers[places[several]]
        places[several] += 1
        # All points of a record are one part.
        self._points = self.shapes_left.copy()
        self.shapes_left[kinds == POINT] = 1
        self._rings_left = np.zeros_like(self.shapes_left)

    def next_parts(self, active: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the points of the next part of each of these records stand, and how many."""
        kinds, places, rings_left = self._kinds[active], self._places, self._rings_left
        polygons = active[kinds == POLYGON]
        begun = polygons[rings_left[polygons] == 0]
        rings_left[begun] = self._numbers[places[begun]]
        places[begun] += 1
        counts = np.where(kinds == POINT, self._points[active], self._numbers[places[active]])
        starts = places[active] + (kinds != POINT)
        places[active] = starts + 2 * counts
        rings_left[polygons] -= 1
        self.shapes_left[active] -= rings_left[active] == 0
        return starts, counts
