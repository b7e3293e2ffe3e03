"""Shapes in the bytes of a tile, right as the specification has it.

No line stays where it is, no ring crosses itself or is without area, outer rings turn clockwise as
they are seen. ST_AsMVTGeom sees to that shape by shape, at several times the cost of all else. Here
a ring is known to be right whose vertices are seen in turn from their middle, as nearly all are
where shapes are a few units wide; of the others GEOS tells, and mends those that rounding spoiled.
"""

from collections.abc import Callable

import numpy as np
import shapely

from layers.mvt.outlines import Outlines, rings
from layers.mvt.ragged import Runs
from layers.mvt.records import Drawing
from layers.mvt.twkb import LINE, POINT, POLYGON, Shapes
from layers.mvt.varints import folded, slots

#: Lines and areas smaller than half a unit each way are not seen (as of ST_AsMVTGeom).
_SEEN = 0.5
#: Twice the area that a ring must have more than, in square units (as of ST_AsMVTGeom).
_LEAST = 1
_MOVE, _LINE, _CLOSE = 1, 2, 7
#: How often a command is given stands from this bit on.
_TIMES = 3
Placed = Callable[[np.ndarray], np.ndarray]


def drawing_of(shapes: Shapes, placed: Placed) -> Drawing:
    """How shapes are drawn; `placed` gives of shares of degrees the place in units of the tile."""
    if shapes.in_degrees.all():
        exact = placed(shapes.points)
    else:
        of_points = np.repeat(shapes.records, shapes.parts.counts)
        exact, is_placed = shapes.points.astype(float), shapes.in_degrees[of_points]
        exact[:, is_placed] = placed(shapes.points[:, is_placed])
    found = Outlines(
        np.rint(exact).astype(np.int32),
        shapes.parts,
        shapes.records,
        shapes.kinds[shapes.records],
        np.arange(len(shapes.records)),
    )
    found = found.with_parts(_are_seen(found, exact)).without_repeats()
    is_doubted = (found.kinds == POLYGON) & shapes.in_degrees[found.records]
    if is_doubted.any():
        right = _right(found.with_parts(is_doubted), exact, shapes.parts)
        found = right if is_doubted.all() else right.joined(found.with_parts(~is_doubted))
    return _drawn(found, shapes.kinds)


def drawing_of_points(points: np.ndarray, is_within: np.ndarray) -> Drawing:
    """How those of the points are drawn that lie within; they are in whole units of the tile."""
    numbers = slots(folded(points[:, is_within].astype(np.int32).T))
    count = len(numbers.data)
    moves = np.full((count, 1), _MOVE | 1 << _TIMES, np.uint8)
    data = np.concatenate([moves, numbers.data.reshape(count, -1)], axis=1)
    used = np.concatenate([moves > 0, numbers.used.reshape(count, -1)], axis=1)
    kinds = np.full(count, POINT, np.uint8)
    return Drawing(is_within, kinds, data[used], 1 + numbers.sizes[:, 0] + numbers.sizes[:, 1])


def _are_seen(found: Outlines, exact: np.ndarray) -> np.ndarray:
    """Which parts are of a record that is large enough, or of points."""
    if not len(found.records):
        return np.ones(0, bool)
    of_records = found.of_records
    begins = found.parts.starts[of_records.starts]
    wide, high = np.maximum.reduceat(exact, begins, 1) - np.minimum.reduceat(exact, begins, 1)
    is_large = np.repeat((wide >= _SEEN) | (high >= _SEEN), of_records.counts)
    return is_large | (found.kinds == POINT)


def _right(found: Outlines, exact: np.ndarray, exact_parts: Runs) -> Outlines:
    """Rings, of which each is an area of its own, as they may be drawn."""
    areas = found.areas()
    found = found.turned(areas < 0).with_parts(np.abs(areas) > _LEAST)
    if not len(found.records):
        return found
    doubted = np.flatnonzero(~found.are_stars())
    if not len(doubted):
        return found
    of_doubted = Runs(found.parts.starts[doubted], found.parts.counts[doubted])
    is_wrong = ~shapely.is_valid(_areas(found.points, of_doubted))
    if not is_wrong.any():
        return found
    wrong = doubted[is_wrong]
    origins = found.origins[wrong]
    exact_ones = Runs(exact_parts.starts[origins], exact_parts.counts[origins])
    mended = _mended(_areas(exact, exact_ones), found.records[wrong])
    is_kept = np.ones(len(found.records), bool)
    is_kept[wrong] = False
    return found.with_parts(is_kept).joined(mended)


def _areas(points: np.ndarray, parts: Runs) -> np.ndarray:
    """Rings as areas of GEOS."""
    of_points = np.repeat(np.arange(len(parts.counts)), parts.counts)
    closed = shapely.linearrings(points[:, parts.places].T.astype(float), indices=of_points)
    return shapely.polygons(closed)


def _mended(areas: np.ndarray, records: np.ndarray) -> Outlines:
    """Areas without crossings, in whole units; some of several rings by now, some gone."""
    right = shapely.set_precision(shapely.make_valid(areas), 1)
    several, of_areas = shapely.get_parts(right, return_index=True)
    is_area = shapely.get_type_id(several) == shapely.GeometryType.POLYGON
    is_area &= ~shapely.is_empty(several)
    several, of_areas = several[is_area], of_areas[is_area]
    closed, of_several = shapely.get_rings(several, return_index=True)
    points, of_rings = shapely.get_coordinates(closed, return_index=True)
    # The first ring is the outer one, and the last vertex is the first.
    counts = np.bincount(of_rings, minlength=len(closed))
    is_last = np.zeros(len(points), bool)
    is_last[np.cumsum(counts) - 1] = True
    where = of_areas[of_several] if len(closed) else np.zeros(0, np.int64)
    found = rings(
        np.rint(points[~is_last].T).astype(np.int32),
        Runs.of(counts - 1),
        records[where],
        np.zeros(len(closed), np.int64),
    )
    is_outer, areas = np.diff(of_several, prepend=-1) > 0, found.areas()
    return found.turned((areas > 0) != is_outer).with_parts(np.abs(areas) > _LEAST)


def _drawn(found: Outlines, kinds: np.ndarray) -> Drawing:
    seen = np.zeros(len(kinds), bool)
    seen[found.records] = True
    numbers = slots(_numbers(found))
    sizes = _runs_of_numbers(found).sums(numbers.sizes)
    of_records = found.of_records
    return Drawing(
        seen,
        kinds[seen].astype(np.uint8),
        numbers.data[numbers.used],
        of_records.sums(sizes),
    )


def _runs_of_numbers(found: Outlines) -> Runs:
    """The numbers that each part takes: its commands and its vertices."""
    return Runs.of(2 * found.parts.counts + found.kinds)


def _numbers(found: Outlines) -> np.ndarray:
    """Commands, and how far each vertex lies from the one before, from part to part as well."""
    moves = np.diff(found.points, axis=1, prepend=0)
    begins = found.parts.starts[found.of_records.starts]
    moves[:, begins] = found.points[:, begins]
    parts = _runs_of_numbers(found)
    numbers = np.empty(parts.counts.sum(), np.int32)
    is_move = np.ones(len(numbers), bool)
    counts, is_drawn = found.parts.counts, found.kinds >= LINE
    commands = [
        (parts.starts, _MOVE | np.where(is_drawn, 1, counts) << _TIMES),
        (parts.starts[is_drawn] + 3, _LINE | (counts[is_drawn] - 1) << _TIMES),
        (parts.lasts[found.kinds == POLYGON], _CLOSE | 1 << _TIMES),
    ]
    for places, command in commands:
        numbers[places] = command
        is_move[places] = False
    numbers[is_move] = folded(moves).T.ravel()
    return numbers
