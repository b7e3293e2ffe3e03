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
#: Decimals of degrees; whole numbers are units of the tile. The first is told by its first byte,
#: which has the bit that joins it to the second as one number.
DIGITS = 7
POINT, LINE, POLYGON = 1, 2, 3
_MULTI = 3
#: The second byte of a shape in two dimensions of which nothing else is told.
_PLAIN = 0
#: Parts of one shape, beyond which PostGIS writes the tile.
_MOST_PARTS = 64


@dataclass(frozen=True)
class Shapes:
    """Parts of shapes: lines, rings, or all points of a record together.

    `points` are in degrees or in units of a tile, as `in_degrees` has it of each record; `parts`
    are runs of these, in the order of the `records` they are of; `kinds` are those of the records,
    0 where one has no shape.
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
    moves = signed(numbers[coordinates.places]).reshape(-1, 2)
    parts = Runs.of(parts.counts)
    # Each place is told from the one before, from the first part to the last of a record.
    points = np.cumsum(moves, axis=0)
    is_first = np.diff(records, prepend=-1) > 0
    begins = parts.starts[is_first]
    before = points[begins] - moves[begins]
    points -= np.repeat(before[np.cumsum(is_first) - 1], parts.counts, axis=0)
    return Shapes(points, parts, records, kinds, in_degrees)


def _parts(numbers, places, types, kinds) -> tuple[Runs, np.ndarray]:
    """Where the points of each part stand, how many there are, and of which record they are."""
    shapes_left = (types > 0).astype(np.int64)
    several = np.flatnonzero(types > POLYGON)
    shapes_left[several] = numbers[places[several]]
    places[several] += 1
    # All points of a record are one part.
    counts_of_points = shapes_left.copy()
    shapes_left[kinds == POINT] = 1
    rings_left = np.zeros_like(shapes_left)
    found = []
    active = np.flatnonzero(shapes_left)
    while len(active):
        if len(found) == _MOST_PARTS:
            raise NotCovered
        found.append(_next_parts(numbers, places, kinds, counts_of_points, rings_left, active))
        shapes_left[active] -= rings_left[active] == 0
        active = active[shapes_left[active] > 0]
    starts, counts, records = (np.concatenate(each) for each in zip(*found, strict=True))
    if len(found) > 1:
        order = np.argsort(records, kind="stable")
        starts, counts, records = starts[order], counts[order], records[order]
    return Runs(starts, counts), records


def _next_parts(numbers, places, kinds, counts_of_points, rings_left, active):
    """The next part of each active record; what is left of its polygon is told."""
    of_polygons = active[(kinds[active] == POLYGON) & (rings_left[active] == 0)]
    rings_left[of_polygons] = numbers[places[of_polygons]]
    places[of_polygons] += 1
    is_point = kinds[active] == POINT
    counts = np.where(is_point, counts_of_points[active], numbers[places[active]])
    starts = places[active] + ~is_point
    places[active] = starts + 2 * counts
    rings_left[active[kinds[active] == POLYGON]] -= 1
    return starts, counts, active
