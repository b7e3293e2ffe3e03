"""The same questions of layers that grow tenfold: what they cost is not to grow along."""

import random
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from tests.benchmarks.addresses import OURS, feature, page, tile
from tests.benchmarks.data import KINDS, Kind
from tests.benchmarks.load import drive
from tests.benchmarks.questions import PATHS, boxes, tiles

SMALLEST, LARGEST = 10_000, 10_000_000
LEVELS = (6, 8, 10, 12, 14)
#: Sides of boxes in degrees: the smallest layer has a full page in each.
_SIDES = (1.3, 1.9)
#: What the largest layer may cost, as times the smallest.
MOST_TIMES = 1.5
#: Asked of both, so that growth of these counts (single records are told besides).
PAGE, TILE, ITEM = "page of 1,000 in a box", "tile, z6 to z14", "single record"


@dataclass
class Growth:
    """Waits in seconds by number of records, one figure a round: the middle ones and p95."""

    name: str
    p50: dict[int, list[float]] = field(default_factory=dict)
    p95: dict[int, list[float]] = field(default_factory=dict)

    def add(self, rows: int, p50: float, p95: float) -> None:
        """Note the figures of a round."""
        self.p50.setdefault(rows, []).append(p50)
        self.p95.setdefault(rows, []).append(p95)

    @property
    def times(self) -> list[float]:
        """How many times the p95 of the smallest layer that of the largest is, by round."""
        least, most = self.p95[min(self.p95)], self.p95[max(self.p95)]
        return [b / a for a, b in zip(least, most, strict=True)]

    @property
    def is_flat(self) -> bool:
        """Whether the largest layer costs what it may."""
        return statistics.median(self.times) <= MOST_TIMES


def name_of(rows: int) -> str:
    """The kind of a scale."""
    return f"points_{rows}"


def kinds(most: int) -> dict[str, Kind]:
    """Layers of points, each ten times the one before, up to so many."""
    found, rows = {}, SMALLEST
    while rows <= most:
        found[name_of(rows)] = Kind(rows, KINDS["points"].geometry, KINDS["points"].shape)
        rows *= 10
    return found


def measure(port: int, scales: Iterable[int], *, rounds: int, seconds: float) -> list[Growth]:
    """All questions of all scales, once to warm up and then round by round."""
    scales = list(scales)
    found = {name: Growth(name) for name in _ASKED}
    for number in range(rounds + 1):
        for name, paths in _ASKED.items():
            # Who begins changes: the machine is not equally fast all the time.
            for rows in scales if number % 2 else reversed(scales):
                answers = drive(port, paths(rows, number), seconds=seconds)
                if number:
                    found[name].add(rows, answers.p50, answers.p95)
                    print(f"{name}: {rows:,} {answers.p95 * 1000:,.1f} ms", flush=True)
    return list(found.values())


def _pages(rows: int, seed: int) -> list[str]:
    asked = islice(boxes(seed, _SIDES), PATHS)
    return [page(OURS, name_of(rows), limit=1000, box=box) for box in asked]


def _tiles(rows: int, seed: int) -> list[str]:
    by_level = [islice(tiles(seed, level), PATHS // len(LEVELS)) for level in LEVELS]
    turns = zip(*by_level, strict=True)
    return [tile(OURS, name_of(rows), place) for places in turns for place in places]


def _items(rows: int, seed: int) -> list[str]:
    dice = random.Random(seed)
    return [feature(OURS, name_of(rows), dice.randint(1, rows)) for _each in range(PATHS)]


_ASKED: dict[str, Callable[[int, int], list[str]]] = {PAGE: _pages, TILE: _tiles, ITEM: _items}


def mixed(rows: int, seed: int) -> list[str]:
    """Paths of every kind in turn."""
    each = (paths(rows, seed) for paths in _ASKED.values())
    return [path for paths in zip(*each, strict=False) for path in paths]
