"""Boxes and tiles to ask for."""

import random
from collections.abc import Iterator
from math import asinh, floor, pi, radians, tan

from tests.benchmarks.addresses import Box, Place
from tests.benchmarks.data import EXTENT


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
