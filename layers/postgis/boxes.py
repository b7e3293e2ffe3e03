"""Records that meet a box, found by the spatial index and exact to the last digit."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.db.models import BooleanField, Case, FloatField, Func, Q, QuerySet, When

from layers.postgis.fields import SRID
from layers.postgis.systems import System

#: PostGIS keeps the boxes of geometries in single precision: up to 1.6e-5 degrees off at 180.
_SINGLE_PRECISION = 2e-5


@dataclass(frozen=True, kw_only=True)
class Box:
    """Degrees in EPSG:4490, heights optional; `west` above `east` spans the antimeridian.

    `outline` is what must be met where the box was given in a system in which its edges bend; it
    lies within these degrees.
    """

    west: float
    south: float
    east: float
    north: float
    bottom: float | None = None
    top: float | None = None
    outline: GEOSGeometry | None = None

    @property
    def halves(self) -> list["Box"]:
        """The box as one or, across the antimeridian, two that are not."""
        if self.west <= self.east:
            return [self]
        sides = {"south": self.south, "north": self.north}
        return [Box(west=self.west, east=180, **sides), Box(west=-180, east=self.east, **sides)]

    def shape(self, inset: float = 0) -> GEOSGeometry | None:
        """The box as a polygon, line or point, as wide as it is; None when inset to naught."""
        if self.outline:
            return None if inset else self.outline
        west, south = self.west + inset, self.south + inset
        east, north = self.east - inset, self.north - inset
        if west > east or south > north:
            return None
        if west == east and south == north:
            return Point(west, south, srid=SRID)
        if west == east or south == north:
            return LineString((west, south), (east, north), srid=SRID)
        shape = Polygon.from_bbox((west, south, east, north))
        shape.srid = SRID
        return shape


def box_in(system: System, numbers: Sequence[float]) -> Box:
    """The box between two corners of a system, each of two numbers, or of three with a height.

    Raises ValueError where the second corner is the lower one, OffTheSystem outside of the system.
    """
    half = len(numbers) // 2
    low, high = numbers[:half], numbers[half:]
    heights = {"bottom": low[2], "top": high[2]} if half == 3 else {}
    if heights and low[2] > high[2]:
        raise ValueError(numbers)
    if not system.keeps_boxes:
        return _outlined(system, low, high, heights)
    (west, south), (east, north) = system.degrees(*low[:2]), system.degrees(*high[:2])
    if south > north:
        raise ValueError(numbers)
    return Box(west=west, south=south, east=east, north=north, **heights)


def _outlined(system: System, low, high, heights) -> Box:
    if low[0] > high[0] or low[1] > high[1]:
        raise ValueError(low, high)
    outline = Polygon(system.outline(low[:2], high[:2]), srid=SRID)
    west, south, east, north = outline.extent
    if not outline.valid:
        # A line or a point has no inside; so little bends that its corners will do.
        return Box(west=west, south=south, east=east, north=north, **heights)
    return Box(west=west, south=south, east=east, north=north, **heights, outline=outline)


def near(records: QuerySet, box: Box) -> QuerySet:
    """Those whose own box meets the box, found by the spatial index."""
    found = Q()
    for half in box.halves:
        found |= Q(geom__bboverlaps=half.shape())
    return records.filter(found)


def meeting(records: QuerySet, box: Box) -> QuerySet:
    """Those whose geometry meets the box, and those that have none (OGC 17-069, fc-bbox-response).

    The index finds what may meet; what lies well inside needs no test of its shape, which costs
    forty times as much as the comparison of boxes.
    """
    near, inside, exact = Q(geom__isnull=True), Q(geom__isnull=True), Q()
    for half in box.halves:
        shape, core = half.shape(), half.shape(_SINGLE_PRECISION)
        near |= Q(geom__bboverlaps=shape)
        exact |= Q(geom__intersects=shape)
        if core is not None:
            inside |= Q(geom__contained=core)
    # CASE keeps the order of the tests, and keeps the second from being looked up as well.
    meets = Case(
        When(inside, then=True), When(exact, then=True), default=False, output_field=BooleanField()
    )
    found = records.filter(near, Q(meets))
    return found if box.bottom is None else _between_heights(found, box.bottom, box.top)


def _between_heights(records: QuerySet, bottom: float, top: float) -> QuerySet:
    """Flat geometries have no height to be outside of."""
    records = records.alias(
        dimensions=Func("geom", function="ST_NDims", output_field=FloatField()),
        lowest=Func("geom", function="ST_ZMin", output_field=FloatField()),
        highest=Func("geom", function="ST_ZMax", output_field=FloatField()),
    )
    flat = Q(geom__isnull=True) | Q(dimensions=2)
    return records.filter(flat | Q(lowest__lte=top, highest__gte=bottom))
