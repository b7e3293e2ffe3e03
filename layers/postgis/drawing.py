"""Drawings of records as SVG path data, made by PostGIS: clipped, thinned and placed in a frame.

A frame is a box in degrees drawn on so many pixels. Longitude is shrunk by the cosine of the middle
latitude, so that shapes keep their form over a city (equirectangular; below 0.5 % off over 2°).
"""

from dataclasses import dataclass
from math import cos, radians

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import Polygon
from django.db.models import F, FloatField, Func, QuerySet, TextField, Value

from layers.postgis.fields import SRID

#: Metres in a degree of latitude, near enough for a scale bar.
METRES_PER_DEGREE = 111_320
_ROUND_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Frame:
    """A box in degrees (EPSG:4490) on `width` by `height` pixels; y grows downwards as in SVG."""

    west: float
    south: float
    east: float
    north: float
    width: int
    height: int

    @classmethod
    def around(cls, extent, *, width: int, height: int, margin=0.08, least_m=0.0) -> "Frame":
        """The frame of this shape that holds an extent (west, south, east, north) in its middle.

        `margin` is a share of each side; `least_m` the least width of the picture in metres.
        """
        west, south, east, north = extent
        squeeze = cos(radians((south + north) / 2))
        across = max((east - west) * squeeze, least_m / METRES_PER_DEGREE)
        per_pixel = max(across / width, (north - south) / height) / (1 - 2 * margin)
        half_x, half_y = per_pixel * width / 2 / squeeze, per_pixel * height / 2
        x, y = (west + east) / 2, (south + north) / 2
        return cls(x - half_x, y - half_y, x + half_x, y + half_y, width, height)

    @property
    def box(self) -> Polygon:
        """The frame as a geometry."""
        box = Polygon.from_bbox((self.west, self.south, self.east, self.north))
        box.srid = SRID
        return box

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels per degree of longitude and of latitude."""
        return self.width / (self.east - self.west), self.height / (self.north - self.south)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point stands in the picture, in pixels from the upper left."""
        x, y = self.scale
        return round((lon - self.west) * x, 1), round((self.north - lat) * y, 1)

    def scale_bar(self, at_most: float = 120) -> tuple[int, float]:
        """The longest round distance that fits so many pixels: metres, and its pixels."""
        metres_per_pixel = METRES_PER_DEGREE / self.scale[1]
        rounds = (step * 10**power for power in range(7) for step in _ROUND_STEPS)
        metres = max(m for m in rounds if m == 1 or m / metres_per_pixel <= at_most)
        return metres, round(metres / metres_per_pixel, 1)


def drawn(records: QuerySet, frame: Frame) -> QuerySet:
    """Those records that touch the frame, each with `path` (SVG path data in pixels)."""
    inside = records.filter(geom__bboverlaps=frame.box)
    return inside.annotate(path=_path(frame)).exclude(path="")


def labelled(records: QuerySet, frame: Frame) -> QuerySet:
    """Those records that touch the frame, each with `x` and `y` of a point inside it, in pixels."""
    middle = _middle(frame)
    number = FloatField()
    return records.filter(geom__bboverlaps=frame.box).annotate(
        x=Func(middle, function="ST_X", output_field=number),
        y=-Func(middle, function="ST_Y", output_field=number),
    )


def _path(frame: Frame) -> Func:
    shape = _Geometry(F("geom"), function="ST_Force2D")
    shape = _Geometry(shape, _constant(frame.box), function="ST_ClipByBox2D")
    shape = _Geometry(_pixels(shape, frame), Value(0.4), function="ST_Simplify")
    # Relative moves, one decimal: a third of the bytes of absolute ones.
    return Func(shape, Value(1), Value(1), function="ST_AsSVG", output_field=TextField())


def _constant(geom) -> Value:
    return Value(geom, output_field=GeometryField(srid=SRID))


def _pixels(shape, frame: Frame) -> Func:
    x, y = frame.scale
    return _Geometry(
        shape,
        *(Value(float(n)) for n in (x, 0, 0, y, -frame.west * x, -frame.north * y)),
        function="ST_Affine",
    )


def _middle(frame: Frame) -> Func:
    return _pixels(_Geometry(F("geom"), function="ST_PointOnSurface"), frame)


class _Geometry(Func):
    """A PostGIS function that gives a geometry; pixels have no CRS of their own."""

    output_field = GeometryField(srid=SRID)
