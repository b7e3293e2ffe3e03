"""How geometries lie to each other, found by the spatial index; what is measured on the ellipsoid.

Shapes that were given are constants in the CRS of the columns, so that an index on a column can
answer. Relations look at the plane of degrees and leave heights out.
"""

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Expression, Value

from layers.postgis.conditions import Sql
from layers.postgis.fields import SRID

_RELATIONS = {
    "s_contains": "ST_Contains({0}, {1})",
    "s_crosses": "ST_Crosses({0}, {1})",
    "s_disjoint": "(NOT ST_Intersects({0}, {1}))",
    "s_equals": "ST_Equals({0}, {1})",
    "s_intersects": "ST_Intersects({0}, {1})",
    "s_overlaps": "ST_Overlaps({0}, {1})",
    "s_touches": "ST_Touches({0}, {1})",
    "s_within": "ST_Within({0}, {1})",
}


def given_shape(shape: GEOSGeometry) -> Expression:
    """A geometry in degrees (EPSG:4490)."""
    return Value(shape, output_field=GeometryField(srid=SRID))


def related(op: str, left, right) -> Expression:
    """A relation of two geometries by its name in CQL2 JSON."""
    return Sql(_RELATIONS[op], left, right)


def area(shape) -> Expression:
    """Square metres on the ellipsoid, of points and lines 0; NULL where the shape has none."""
    return Sql("filter_area({0})", shape)


def distance(left, right) -> Expression:
    """The shortest way on the ellipsoid in metres; NULL where there is none."""
    return Sql("filter_distance({0}, {1})", left, right)
