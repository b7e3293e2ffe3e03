"""Lines and rings in whole units of a tile."""

from dataclasses import dataclass

import numpy as np

from layers.mvt.ragged import Runs
from layers.mvt.twkb import LINE, POLYGON

#: What turns less than this, in square units, may not turn at all but for the last digits.
_TOUCHING = 1e-6


@dataclass(frozen=True)
class Outlines:
    """Parts of shapes: runs of `points`, in the order of the `records` they are of.

    The points have a row of each x and y. `kinds` are those of the parts, `origins` where each
    stood before others were left out.
    """

    points: np.ndarray
    parts: Runs
    records: np.ndarray
    kinds: np.ndarray
    origins: np.ndarray

    def with_points(self, is_kept: np.ndarray) -> "Outlines":
        """Those of the points, and the parts that have any."""
        if is_kept.all():
            return self
        counts = self.parts.sums(is_kept.astype(np.int64))
        is_any = counts > 0
        return Outlines(
            self.points[:, is_kept],
            Runs.of(counts[is_any]),
            self.records[is_any],
            self.kinds[is_any],
            self.origins[is_any],
        )

    def with_parts(self, is_kept: np.ndarray) -> "Outlines":
        """Those of the parts."""
        return self if is_kept.all() else self.with_points(np.repeat(is_kept, self.parts.counts))

    def joined(self, other: "Outlines") -> "Outlines":
        """The parts of both, in the order of records."""
        records = np.concatenate([self.records, other.records])
        order = np.argsort(records, kind="stable")
        counts = np.concatenate([self.parts.counts, other.parts.counts])
        places = Runs(Runs.of(counts).starts[order], counts[order]).places
        return Outlines(
            np.concatenate([self.points, other.points], axis=1)[:, places],
            Runs.of(counts[order]),
            records[order],
            np.concatenate([self.kinds, other.kinds])[order],
            np.concatenate([self.origins, other.origins])[order],
        )

    @property
    def of_records(self) -> Runs:
        """The parts of each record that has any."""
        begins = np.flatnonzero(np.diff(self.records, prepend=-1))
        return Runs(begins, np.diff(begins, append=len(self.records)))

    def without_repeats(self) -> "Outlines":
        """No vertex twice in turn, and no line or ring that is none without."""
        x, y = self.points
        previous = self.parts.previous()
        moves = (x != x[previous]) | (y != y[previous])
        if (self.kinds < LINE).any():
            moves |= np.repeat(self.kinds < LINE, self.parts.counts)
        # A line begins somewhere, where a ring comes back to.
        moves[self.parts.starts[self.kinds == LINE]] = True
        left = self.with_points(moves)
        return left.with_parts(left.parts.counts >= left.kinds)

    def areas(self) -> np.ndarray:
        """Twice the area of each ring; positive where it turns clockwise as it is seen."""
        x, y = self.points.astype(np.int64)
        following = self.parts.following()
        return self.parts.sums(x * y[following] - x[following] * y)

    def turned(self, is_turned: np.ndarray) -> "Outlines":
        """Some parts the other way round."""
        if not is_turned.any():
            return self
        places = np.arange(self.points.shape[1])
        ends = np.repeat(self.parts.starts + self.parts.lasts, self.parts.counts)
        places = np.where(np.repeat(is_turned, self.parts.counts), ends - places, places)
        return Outlines(self.points[:, places], self.parts, self.records, self.kinds, self.origins)

    def are_stars(self) -> np.ndarray:
        """Which rings turn one way, and round once, as seen from the middle of their vertices.

        None of these crosses itself, whatever else it looks like.
        """
        middles = [self.parts.sums(each) / self.parts.counts for each in self.points]
        x, y = self.points - np.repeat(middles, self.parts.counts, axis=1)
        following = self.parts.following()
        turns = x * y[following] - x[following] * y
        is_above = (y > 0) | (y == 0) & (x > 0)
        changes = is_above != is_above[following]
        one_way = np.minimum.reduceat(turns, self.parts.starts) > _TOUCHING
        return one_way & (self.parts.sums(changes.astype(np.int64)) == 2)


def rings(points: np.ndarray, parts: Runs, records: np.ndarray, origins: np.ndarray) -> Outlines:
    """Parts that are rings."""
    kinds = np.full(len(records), POLYGON, np.int64)
    return Outlines(points, parts, records, kinds, origins)
