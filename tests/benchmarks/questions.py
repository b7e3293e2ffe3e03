"""What is asked."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from tests.benchmarks import limits
from tests.benchmarks.addresses import (
    BARE,
    DRF_GIS,
    MAPSERVER,
    PYGEOAPI,
    QGIS,
    SERVERS,
    TILING,
    deep_page,
    feature,
    page,
    tile,
)
from tests.benchmarks.areas import boxes, tiles

#: Paths for one round; more than any server answers in it.
PATHS = 4000


@dataclass(frozen=True)
class Question:
    """One row of the table: paths by server, made from a seed; `best` is SQL for it."""

    name: str
    group: str
    paths: Mapping[str, Callable[[int], list[str]]]
    best: limits.Best | None = None

    def with_bare(self, number: int) -> "Question":
        """The question as the bare server answers it too, by the number of its statement."""
        asked = range(1, limits.PLACES + 1)
        return replace(
            self, paths={**self.paths, BARE: lambda _seed: [f"/{number}/{each}" for each in asked]}
        )


#: Sides of boxes in degrees that hold at least so many features of each large kind.
SIDES = {10: (0.1, 0.3), 1000: (0.5, 0.9), 10_000: (1.3, 1.9)}
#: Of larger pages these give one in some seconds, which says no more than smaller ones do.
_MOST = {DRF_GIS: 1000, PYGEOAPI: 1000, QGIS: 1000}


def page_question(kind: str, limit: int) -> Question:
    """A page of the first `limit` features in a box."""

    def paths(server: str) -> Callable[[int], list[str]]:
        return lambda seed: [
            page(server, kind, limit=limit, box=box)
            for box in islice(boxes(seed, SIDES[limit]), PATHS)
        ]

    asked = [server for server in SERVERS if limit <= _MOST.get(server, limit)]
    name = f"{limit:,} {kind} in a box"
    best = limits.of_pages(kind, limit, boxes(0, SIDES[limit]))
    return Question(name, "pages", {server: paths(server) for server in asked}, best)


def filtered_question(kind: str, servers: Iterable[str], /, **values: str) -> Question:
    """A page of 1,000 in a box that have these values of parameters."""

    def paths(server: str) -> Callable[[int], list[str]]:
        return lambda seed: [
            page(server, kind, limit=1000, box=box, **values)
            for box in islice(boxes(seed, SIDES[10_000]), PATHS)
        ]

    said = ", ".join(f"`{name}={value}`" for name, value in values.items())
    name = f"1,000 {kind} in a box, {said}"
    return Question(name, "filtered", {server: paths(server) for server in servers})


def deep_question(kind: str, cursors: Mapping[int, str]) -> Question:
    """A page of 1,000 far behind; `cursors` name the places of ours by number."""

    def paths(server: str) -> Callable[[int], list[str]]:
        def of(seed: int) -> list[str]:
            numbers = random.Random(seed).choices(list(cursors), k=PATHS)
            return [
                deep_page(server, kind, limit=1000, number=each, cursor=cursors[each])
                for each in numbers
            ]

        return of

    name = f"1,000 {kind} after some 100,000"
    asked = [server for server in SERVERS if server != MAPSERVER]
    return Question(name, "deep", {server: paths(server) for server in asked})


def whole_question(kind: str, rows: int) -> Question:
    """All features of a small layer, made anew each time."""

    def paths(server: str) -> Callable[[int], list[str]]:
        return lambda seed: [page(server, kind, limit=10_000)]

    name = f"all of {rows:,} {kind.removeprefix('few_')}"
    asked = [server for server in SERVERS if server != DRF_GIS]
    return Question(
        name, "whole", {server: paths(server) for server in asked}, limits.of_whole(kind)
    )


def tile_question(kind: str, level: int) -> Question:
    """A tile with all properties."""

    def paths(server: str) -> Callable[[int], list[str]]:
        return lambda seed: [
            tile(server, kind, place) for place in islice(tiles(seed, level), PATHS)
        ]

    name = f"tile of {kind.replace('_', ' ')}, z{level}"
    best = limits.of_tiles(kind, level, tiles(0, level))
    return Question(name, "tiles", {server: paths(server) for server in TILING}, best)


def item_question(kind: str, rows: int) -> Question:
    """A single feature."""

    def paths(server: str) -> Callable[[int], list[str]]:
        def of(seed: int) -> list[str]:
            dice = random.Random(seed)
            return [feature(server, kind, dice.randint(1, rows)) for _each in range(PATHS)]

        return of

    paths_of = {server: paths(server) for server in SERVERS}
    return Question(f"one of {kind}", "items", paths_of)
