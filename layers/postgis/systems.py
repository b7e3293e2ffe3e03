"""Coordinate systems that records are served in, and that boxes and filters are given in.

Positions have their axes in the order of the authority (OGC 18-058r1): longitude first in CRS84,
latitude or northing first in the systems of EPSG that say so.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import pyproj
from django.conf import settings

from layers.postgis.fields import DEGREE_DIGITS, SRID

_OGC = "http://www.opengis.net/def/crs/OGC"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0"
CRS84_URI = f"{_OGC}/1.3/CRS84"
#: With ellipsoidal heights; the same plane.
CRS84H_URI = f"{_OGC}/0/CRS84h"
STORAGE_URI = f"{_EPSG}/{SRID}"
_MERCATOR = 3857
#: Equal to CGCS2000 (4490) at the precision of mapping.
_SAME_DEGREES = (4326, SRID)
#: A millimetre, as survey points have.
_METRE_DIGITS = 3
#: Edges of a box bend in degrees; so many points an edge keep to them within centimetres.
_POINTS_AN_EDGE = 32
METRES_PER_DEGREE = 111_319.49
_METRE = 1.0
#: Of the sphere of Web Mercator; and where a metre is no longer told in its latitude.
_RADIUS, _MERCATOR_END = 6378137.0, 1.2e8
#: What rounding of reckoned coordinates may take beyond the end of the world, in degrees.
_ROUNDING = 1e-9


class OffTheSystem(ValueError):
    """A position that the system does not have."""


@dataclass(frozen=True)
class System:
    """A coordinate reference system by its URI; `epsg` is its number there, None for CRS84."""

    uri: str
    epsg: int | None

    @property
    def srid(self) -> int | None:
        """What coordinates are projected to; None where they stay the degrees they are."""
        return None if self.in_degrees else self.epsg

    @property
    def in_degrees(self) -> bool:
        """Whether positions are longitudes and latitudes."""
        return self.epsg is None or self.epsg in _SAME_DEGREES

    @property
    def digits(self) -> int:
        """Decimals that say something."""
        return DEGREE_DIGITS if self.in_degrees else _METRE_DIGITS

    @property
    def units_per_degree(self) -> float:
        """How long a degree of the equator is in units of this system."""
        return 1.0 if self.in_degrees else METRES_PER_DEGREE

    @cached_property
    def turned(self) -> bool:
        """Whether latitude or northing comes first."""
        return self.epsg is not None and self._definition.axis_info[0].direction == "north"

    @property
    def name(self) -> str:
        """The name of the authority."""
        if self.epsg is None:
            return "CRS84h" if self.uri == CRS84H_URI else "CRS84"
        return f"EPSG:{self.epsg} {self._definition.name}"

    @property
    def authority(self) -> str:
        """The name that programs know it by, such as `EPSG:4490`."""
        if self.epsg is None:
            return "OGC:CRS84h" if self.uri == CRS84H_URI else "OGC:CRS84"
        return f"EPSG:{self.epsg}"

    @property
    def urn(self) -> str:
        """The name as a URN of the OGC."""
        authority, code = self.authority.split(":")
        version = "" if authority == "EPSG" else self.uri.split("/")[-2]
        return f"urn:ogc:def:crs:{authority}:{version}:{code}"

    @cached_property
    def _definition(self) -> pyproj.CRS:
        return pyproj.CRS.from_epsg(self.epsg)

    @cached_property
    def _projection(self) -> pyproj.Transformer:
        # Only the projection is made: each one here stands on WGS 84 or CGCS2000.
        return pyproj.Transformer.from_crs(self._definition.geodetic_crs, self._definition)

    def _unprojected(self, first: float, second: float) -> tuple[float, float]:
        if self.epsg == _MERCATOR:
            return _from_mercator(first, second)
        lat, lon = self._projection.transform(first, second, direction="INVERSE")
        # Beyond its end a projection begins again, or gives what leads nowhere.
        there = self._projection.transform(lat, lon)
        if not math.dist(there, (first, second)) <= _METRE:
            raise OffTheSystem(first, second)
        return lon, lat

    def degrees(self, first: float, second: float) -> tuple[float, float]:
        """Longitude and latitude of a position; raises OffTheSystem."""
        if self.in_degrees:
            lon, lat = (second, first) if self.turned else (first, second)
        else:
            lon, lat = self._unprojected(first, second)
        if not (abs(lon) <= 180 + _ROUNDING and abs(lat) <= 90 + _ROUNDING):
            raise OffTheSystem(first, second)
        return min(max(lon, -180.0), 180.0), min(max(lat, -90.0), 90.0)

    def outline(self, low, high) -> list[tuple[float, float]]:
        """The ring round a box in degrees, followed closely where edges bend.

        `low` and `high` are its corners in this system; raises OffTheSystem.
        """
        return [self.degrees(*place) for place in _ring(low, high)]

    @property
    def keeps_boxes(self) -> bool:
        """Whether a box of this system is one of degrees."""
        return self.in_degrees or self.epsg == _MERCATOR


def _from_mercator(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude by the formulas of EPSG method 1024, every tile needs them twice."""
    if abs(y) > _MERCATOR_END:
        raise OffTheSystem(x, y)
    return math.degrees(x / _RADIUS), math.degrees(math.atan(math.sinh(y / _RADIUS)))


def _ring(low, high) -> Iterator[tuple[float, float]]:
    (a, b), (c, d) = low, high
    corners = [(a, b), (c, b), (c, d), (a, d), (a, b)]
    for (x, y), (to_x, to_y) in pairwise(corners):
        for step in range(_POINTS_AN_EDGE):
            share = step / _POINTS_AN_EDGE
            yield x + (to_x - x) * share, y + (to_y - y) * share
    yield corners[0]


CRS84 = System(CRS84_URI, None)


@lru_cache(maxsize=1)
def systems() -> dict[str, System]:
    """All that are offered, by URI; the first is what is assumed.

    Besides those of the world there are the Gauss-Krüger zones (高斯-克吕格投影) that fit the
    place: `settings.SERVED_CRS`.
    """
    numbers = (4326, SRID, _MERCATOR, *settings.SERVED_CRS)
    listed = [CRS84, System(CRS84H_URI, None)]
    listed += [System(f"{_EPSG}/{number}", number) for number in dict.fromkeys(numbers)]
    return {each.uri: each for each in listed}


def systems_for(*, has_z: bool) -> dict[str, System]:
    """Those that records are served in; CRS84h is for records with heights."""
    return {uri: each for uri, each in systems().items() if has_z or uri != CRS84H_URI}
