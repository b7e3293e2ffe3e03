"""Runs of unlike lengths that lie one after the other in one array."""

from typing import NamedTuple

import numpy as np


class Runs(NamedTuple):
    """Where each run begins, and how long it is; none is empty."""

    starts: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, counts: np.ndarray) -> "Runs":
        """Runs that follow each other from the beginning on."""
        return cls(np.cumsum(counts) - counts, counts)

    @property
    def lasts(self) -> np.ndarray:
        """The last place of each run."""
        return self.starts + self.counts - 1

    @property
    def places(self) -> np.ndarray:
        """The places of all runs, one after the other."""
        before = np.cumsum(self.counts) - self.counts
        return np.arange(self.counts.sum()) + np.repeat(self.starts - before, self.counts)

    def previous(self) -> np.ndarray:
        """Of each place the one before it in its run, of the first one the last."""
        found = np.arange(-1, self.counts.sum() - 1)
        found[self.starts] = self.lasts
        return found

    def following(self) -> np.ndarray:
        """Of each place the one after it in its run, of the last one the first."""
        found = np.arange(1, self.counts.sum() + 1)
        found[self.lasts] = self.starts
        return found

    def sums(self, values: np.ndarray) -> np.ndarray:
        """The sum over each run."""
        return np.add.reduceat(values, self.starts) if len(self.starts) else values[:0]


def alternating(
    first: np.ndarray, first_counts: np.ndarray, second: np.ndarray, second_counts: np.ndarray
) -> np.ndarray:
    """A run of one array, a run of the other, and so on."""
    counts = np.stack([first_counts, second_counts], axis=1).ravel()
    is_first = np.repeat(np.tile([True, False], len(first_counts)), counts)
    found = np.empty(len(is_first), first.dtype)
    found[is_first] = first
    found[~is_first] = second
    return found
