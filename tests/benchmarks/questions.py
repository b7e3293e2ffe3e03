"""What is asked, and how each server wants it said."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from math import asinh, atan, degrees, floor, pi, radians, sinh, tan

from tests.benchmarks.data import EXTENT, FIELDS, slug

Box = tuple[float, float, float, float]
Place = tuple[int, int, int]
#: Paths for one round; more than any server answers in it.
PATHS = 4000
_NAMES = ",".join(name for name, _type, _expression in FIELDS)
#: What a server's name in results stands for.
OURS, DRF_GIS, TIPG, PYGEOAPI = "Geoportal", "djangorestframework-gis", "TiPg", "pygeoapi"


@dataclass(frozen=True)
class Question:
    """One row of the table: paths by server, made from a seed, and a statement for pgbench."""

    name: str
    group: str
    paths: Mapping[str, Callable[[int], list[str]]]
    statement: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def boxes(seed: int, sides: tuple[float, float]) -> Iterator[Box]:
    """Boxes without end, none asked twice, so that no cache of answers can help."""
    dice = random.Random(seed)
    west, south, east, north = EXTENT
    while True:
        width, height = (dice.uniform(*sides) for _ in range(2))
        left, low = dice.uniform(west, east - width), dice.uniform(south, north - height)
        box = (left, low, left + width, low + height)
        yield tuple(round(side, 4) + 0.00006 for side in box)


def tiles(seed: int, level: int) -> Iterator[Place]:
    """Tiles of Web Mercator with data: level, column, row."""
    dice = random.Random(seed)
    west, south, east, north = EXTENT
    while True:
        lon, lat = dice.uniform(west, east), dice.uniform(south, north)
        column = floor((lon + 180) / 360 * 2**level)
        row = floor((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**level)
        yield level, column, row


def box_of(level: int, column: int, row: int) -> Box:
    """West, south, east and north of a tile."""
    width, north, south = 360 / 2**level, *(_latitude(level, each) for each in (row, row + 1))
    return column * width - 180, south, (column + 1) * width - 180, north


def _latitude(level: int, row: int) -> float:
    return degrees(atan(sinh(pi * (1 - 2 * row / 2**level))))


def text(box: Box) -> str:
    """A box as requests give it."""
    return ",".join(f"{side:.6f}" for side in box)


#: A page in a box by server: kind, box, how many, and the value that `kind` must have.
PAGES: dict[str, Callable[[str, Box, int, str], str]] = {
    OURS: lambda kind, box, limit, value: (
        f"/api/collections/{slug(kind)}/items?bbox={text(box)}&limit={limit}{_and('kind', value)}"
    ),
    DRF_GIS: lambda kind, box, limit, value: (
        f"/{kind}/?in_bbox={text(box)}&limit={limit}{_and('kind', value)}"
    ),
    TIPG: lambda kind, box, limit, value: (
        f"/collections/public.bench_{kind}/items?bbox={text(box)}&limit={limit}&f=geojson"
        f"{_and('kind', value)}"
    ),
    PYGEOAPI: lambda kind, box, limit, value: (
        f"/collections/bench_{kind}/items?bbox={text(box)}&limit={limit}&f=json"
        f"{_and('kind', value)}"
    ),
}
#: Without pygeoapi, to which a tile of 4,000 features takes half a minute and more.
TILES: dict[str, Callable[[str, Place], str]] = {
    OURS: lambda kind, place: (
        f"/api/collections/{slug(kind)}/tiles/WebMercatorQuad/{place[0]}/{place[2]}/{place[1]}"
        f"?properties={_NAMES}"
    ),
    TIPG: lambda kind, place: (
        f"/collections/public.bench_{kind}/tiles/WebMercatorQuad/{place[0]}/{place[1]}/{place[2]}"
    ),
}
ITEMS: dict[str, Callable[[str, int], str]] = {
    OURS: lambda kind, number: f"/api/collections/{slug(kind)}/items/p{number}",
    DRF_GIS: lambda kind, number: f"/{kind}/{number}/",
    TIPG: lambda kind, number: f"/collections/public.bench_{kind}/items/{number}?f=geojson",
    PYGEOAPI: lambda kind, number: f"/collections/bench_{kind}/items/{number}?f=json",
}


def _and(name: str, value: str) -> str:
    return f"&{name}={value}" if value else ""


#: Sides of boxes in degrees that hold at least so many features of each large kind.
SIDES = {10: (0.1, 0.3), 1000: (0.5, 0.9), 10_000: (1.3, 1.9)}


#: Of larger pages these give one in some seconds, which says no more than smaller ones do.
_MOST = {DRF_GIS: 1000, PYGEOAPI: 1000}


def page_question(kind: str, limit: int, value: str = "") -> Question:
    """A page of the first `limit` features in a box."""

    def paths(say) -> Callable[[int], list[str]]:
        def of(seed: int) -> list[str]:
            return [say(kind, box, limit, value) for box in islice(boxes(seed, sides), PATHS)]

        return of

    sides = SIDES[limit]
    named = f" with {value!r}" if value else ""
    return Question(
        name=f"{limit:,} {kind} in a box{named}",
        group="pages",
        paths={
            server: paths(say) for server, say in PAGES.items() if limit <= _MOST.get(server, limit)
        },
        statement="" if value else "page",
    )


def tile_question(kind: str, level: int) -> Question:
    """A tile with all properties."""

    def paths(say) -> Callable[[int], list[str]]:
        return lambda seed: [say(kind, place) for place in islice(tiles(seed, level), PATHS)]

    return Question(
        name=f"tile of {kind.replace('_', ' ')}, z{level}",
        group="tiles",
        paths={server: paths(say) for server, say in TILES.items()},
        statement="tile",
    )


def item_question(kind: str, rows: int) -> Question:
    """A single feature."""

    def paths(say) -> Callable[[int], list[str]]:
        def of(seed: int) -> list[str]:
            dice = random.Random(seed)
            return [say(kind, dice.randint(1, rows)) for _each in range(PATHS)]

        return of

    return Question(
        name=f"one of {kind}",
        group="items",
        paths={server: paths(say) for server, say in ITEMS.items()},
    )
