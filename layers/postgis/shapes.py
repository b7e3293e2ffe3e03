"""Small facts about a geometry: its type, its depth, one point that stands for it, its box."""

from django.contrib.gis.db.models import GeometryField
from django.db.models import BooleanField, F, FloatField, Func, TextField

from layers.postgis.fields import SRID


class GeometryType(Func):
    """`POINT`, `MULTIPOLYGON` and so on, in capitals, without a word on Z."""

    function = "GeometryType"
    output_field = TextField()


class HasZ(Func):
    """True where the vertices carry a height or depth."""

    function = "ST_NDims"
    template = "(%(function)s(%(expressions)s) > 2)"
    output_field = BooleanField()


class Multi(Func):
    """The geometry as one of several parts, even of one."""

    function = "ST_Multi"
    output_field = GeometryField(srid=SRID)


class PointOnSurface(Func):
    """A point that lies on the geometry."""

    function = "ST_PointOnSurface"
    output_field = GeometryField(srid=SRID)


class X(Func):
    """Longitude or easting of a point."""

    function = "ST_X"
    output_field = FloatField()


class Y(Func):
    """Latitude or northing of a point."""

    function = "ST_Y"
    output_field = FloatField()


class Kml(Func):
    """The geometry as a piece of KML with so many decimals.

    CGCS2000 counts as WGS 84 here, as everywhere; unlabelled, PostGIS would transform every vertex.
    """

    template = "ST_AsKML(ST_SetSRID(%(expressions)s, 4326), %(digits)s)"
    output_field = TextField()


class Bound(Func):
    """One side of the geometry's box in degrees: `XMin`, `YMin`, `XMax` or `YMax`."""

    output_field = FloatField()

    def __init__(self, side: str, geometry: str = "geom"):
        super().__init__(F(geometry), function=f"ST_{side}")
