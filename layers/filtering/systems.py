"""Coordinate systems that geometries of a filter may be given in (`filter-crs`)."""

import math
from collections.abc import Callable

#: Radius of the sphere of Web Mercator, metres (EPSG:3857).
_RADIUS = 6_378_137
_EPSG = "http://www.opengis.net/def/crs/EPSG/0"


#: How the first two numbers of a position become longitude and latitude in degrees.
System = Callable[[float, float], tuple[float, float]]


def _as_given(x: float, y: float) -> tuple[float, float]:
    return x, y


def _turned(x: float, y: float) -> tuple[float, float]:
    return y, x


def _from_mercator(x: float, y: float) -> tuple[float, float]:
    return math.degrees(x / _RADIUS), math.degrees(math.atan(math.sinh(y / _RADIUS)))


#: By URI; the first is what is assumed. CGCS2000 (4490) equals WGS 84 at the precision of mapping.
SYSTEMS: dict[str, System] = {
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84": _as_given,
    "http://www.opengis.net/def/crs/OGC/0/CRS84h": _as_given,
    f"{_EPSG}/4326": _turned,
    f"{_EPSG}/4490": _turned,
    f"{_EPSG}/3857": _from_mercator,
}
