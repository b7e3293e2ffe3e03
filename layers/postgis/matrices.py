"""Grids of tiles (瓦片矩阵集): how the world is cut at each level (OGC 17-083r4)."""

from dataclasses import dataclass
from functools import cached_property
from math import atanh, floor, pi, radians, sin
from typing import NamedTuple

import numpy as np

from layers.postgis.boxes import Box, box_in
from layers.postgis.systems import CRS84, System, systems

_PIXELS = 256
#: Metres of a pixel of the standard's screen.
_PIXEL_SIZE = 0.00028
#: As the standard has it: metres of a degree on the equator of WGS 84.
_METRES_PER_DEGREE = 6378137 * pi / 180
_MERCATOR_EDGE = 20037508.3427892
#: The room around a tile in which shapes are drawn too, as a share of its width.
MARGIN = 64 / 4096


class Limits(NamedTuple):
    """First and last row and column, all within."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def hold(self, row: int, column: int) -> bool:
        """Whether a tile is among them."""
        return (
            self.first_row <= row <= self.last_row
            and self.first_column <= column <= self.last_column
        )


@dataclass(frozen=True)
class Grid:
    """A tile matrix set; `across` tiles lie side by side at level 0, half as many below each other.

    The corner is the upper left one, longitude or easting first.
    """

    id: str
    title: str
    uri: str
    system: System
    corner: tuple[float, float]
    width: float
    across: int
    deepest: int = 24

    @property
    def down(self) -> int:
        """Tiles below each other at level 0."""
        return max(1, self.across // 2)

    def size(self, level: int) -> float:
        """The edge of a tile in units of the system."""
        return self.width / (self.across << level)

    def cell_size(self, level: int) -> float:
        """The edge of a pixel in units of the system."""
        return self.size(level) / _PIXELS

    def scale(self, level: int) -> float:
        """The scale denominator on the standard's screen."""
        metres = _METRES_PER_DEGREE if self.system.in_degrees else 1
        return self.cell_size(level) * metres / _PIXEL_SIZE

    def limits(self, level: int, box: tuple[float, float, float, float]) -> "Limits":
        """The tiles that meet a box of degrees: west, south, east, north."""
        west, south, east, north = box
        (top, left), (bottom, right) = (
            self._place(level, west, north),
            self._place(level, east, south),
        )
        return Limits(top, bottom, left, right)

    def _place(self, level: int, lon: float, lat: float) -> tuple[int, int]:
        """Row and column of the tile that a place in degrees lies in, the nearest there is."""
        (left, top), size = self.corner, self.size(level)
        x, y = self._projected(lon, lat)
        row = min(max(floor((top - y) / size), 0), (self.down << level) - 1)
        return row, min(max(floor((x - left) / size), 0), (self.across << level) - 1)

    def _projected(self, lon: float, lat: float) -> tuple[float, float]:
        if self.system.in_degrees:
            return lon, lat
        edge = -self.corner[0]
        # The square world ends at 85 degrees; the logarithm has no end.
        height = atanh(sin(radians(max(-89.9, min(89.9, lat))))) / pi * edge
        return lon / 180 * edge, height

    def holds(self, level: int, row: int, column: int) -> bool:
        """Whether there is such a tile."""
        within = 0 <= row < self.down << level and 0 <= column < self.across << level
        return 0 <= level <= self.deepest and within


@dataclass(frozen=True)
class Tile:
    """One tile of a grid."""

    grid: Grid
    level: int
    row: int
    column: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in units of the grid's system."""
        return self._bounds(0)

    def _bounds(self, margin: float) -> tuple[float, float, float, float]:
        size, (left, top) = self.grid.size(self.level), self.grid.corner
        west, north = left + self.column * size, top - self.row * size
        room = margin * size
        return west - room, north - size - room, west + size + room, north + room

    @cached_property
    def box(self) -> Box:
        """What is drawn in the tile: its bounds and the room around it, in degrees."""
        left, top = self.grid.corner
        west, south, east, north = self._bounds(MARGIN)
        corners = max(west, left), max(south, -top), min(east, -left), min(north, top)
        return box_in(CRS84 if self.grid.system.in_degrees else self.grid.system, corners)

    def placed(self, degrees: np.ndarray) -> np.ndarray:
        """Where places lie, in widths of the tile from its upper left corner.

        There is a row of longitudes, or of x, and one of latitudes, or of y.
        """
        x, y = degrees
        if not self.grid.system.in_degrees:
            edge = -self.grid.corner[0]
            x, y = x / 180 * edge, np.arcsinh(np.tan(np.radians(y))) / pi * edge
        west, _south, _east, north = self.bounds
        size = self.grid.size(self.level)
        return np.stack([(x - west) / size, (north - y) / size])

    @property
    def depth(self) -> int:
        """How often the world's width is halved to give the tile's."""
        return self.level + self.grid.across - 1


WEB_MERCATOR = Grid(
    id="WebMercatorQuad",
    title="Google Maps Compatible for the World",
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
    system=systems()["http://www.opengis.net/def/crs/EPSG/0/3857"],
    corner=(-_MERCATOR_EDGE, _MERCATOR_EDGE),
    width=2 * _MERCATOR_EDGE,
    across=1,
)
WORLD_CRS84 = Grid(
    id="WorldCRS84Quad",
    title="CRS84 for the World",
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/WorldCRS84Quad",
    system=CRS84,
    corner=(-180.0, 90.0),
    width=360.0,
    across=2,
    deepest=23,
)
#: The cut of China's public maps (天地图 “c”), whose levels count from 1 there.
CGCS2000 = Grid(
    id="CGCS2000Quad",
    title="CGCS2000 for the World",
    uri="",
    system=systems()["http://www.opengis.net/def/crs/EPSG/0/4490"],
    corner=(-180.0, 90.0),
    width=360.0,
    across=2,
    deepest=23,
)
GRIDS = {grid.id: grid for grid in (WEB_MERCATOR, WORLD_CRS84, CGCS2000)}
