"""Nearness in PostGIS: index order to find candidates, the ellipsoid to measure.

A GiST index walks records in order of distance, but on the plane of degrees, where a degree of
longitude counts as much as one of latitude (at 47° N it is 0.68 of it). So its order only gives a
reach: the true nearest lie no farther, on the ground, than the nearest by degrees do.
"""

import math

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import F, FloatField, Func, Value

from layers.postgis.fields import SRID

#: Metres in a degree of latitude at the equator, where it is shortest on the ellipsoid.
_METRES_PER_DEGREE = 110_574
#: Room for the ellipsoid being no sphere and for rounding.
_MARGIN = 1.02


class KnnDistance(Func):
    """`geom <-> place` in degrees: the operator a GiST index can put in order."""

    arg_joiner = " <-> "
    template = "%(expressions)s"
    output_field = FloatField()

    def __init__(self, place: GEOSGeometry):
        super().__init__(F("geom"), _constant(place))


class GroundDistance(Func):
    """Shortest distance on the ellipsoid, in metres."""

    function = "ST_Distance"
    output_field = FloatField()

    def __init__(self, place: GEOSGeometry):
        super().__init__(_Geography(F("geom")), _Geography(_constant(place)))


class _Geography(Func):
    template = "%(expressions)s::geography"


def _constant(place: GEOSGeometry) -> Value:
    return Value(place, output_field=GeometryField(srid=SRID))


def reach_box(place: GEOSGeometry, metres: float) -> Polygon:
    """A box in degrees that holds everything within so many metres of a place."""
    west, south, east, north = place.extent
    height = metres / _METRES_PER_DEGREE * _MARGIN
    highest = min(89.0, max(abs(south - height), abs(north + height)))
    width = height / math.cos(math.radians(highest))
    box = Polygon.from_bbox((west - width, south - height, east + width, north + height))
    box.srid = SRID
    return box
