"""Model fields for geometry as the service keeps it."""

from django.contrib.gis.db import models
from django.db.models import F, Func, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from layers.rules import Check

#: Storage CRS: CGCS2000 geographic (国家大地坐标系 2000), China's statutory datum. At the precision
#: of mapping it equals WGS 84, so coordinates pass to CRS84 and EPSG:4326 unchanged.
SRID = 4490
#: A centimetre on the ground; more digits would promise what no survey here gives.
DEGREE_DIGITS = 7


class AnyDimensionGeometryField(models.GeometryField):
    """A geometry column that keeps Z where a record has it and asks for none where it has not.

    PostGIS type modifiers fix the dimension of a column (`geometry(Geometry,4490)` refuses Z), so
    the column is plain `geometry` and a check constraint holds its SRID: see `srid_constraint`.
    """

    def __init__(self, *args, srid=SRID, **kwargs):
        super().__init__(*args, srid=srid, **kwargs)

    def db_type(self, connection):
        return "geometry"


def srid_constraint(name: str) -> Check:
    """Hold the storage CRS, which the column type itself cannot (see AnyDimensionGeometryField)."""
    srid = Func(F("geom"), function="ST_SRID", output_field=models.IntegerField())
    return Check(
        condition=Exact(srid, Value(SRID)),
        name=name,
        at=("geom",),
        says=_("Give coordinates as longitude and latitude in degrees (CGCS2000)."),
    )
