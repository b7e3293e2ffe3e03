"""Records that meet a box, found by the spatial index and exact to the last digit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Expression,
    FloatField,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)
from psycopg2.extensions import AsIs

from layers.postgis.fields import SRID
from layers.postgis.statements import Given
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

    def sides(self, inset: float) -> tuple[float, float, float, float] | None:
        """West, south, east and north of the box inset, None when inset to naught."""
        west, south = self.west + inset, self.south + inset
        east, north = self.east - inset, self.north - inset
        return None if west > east or south > north else (west, south, east, north)

    def shape(self, inset: float = 0) -> GEOSGeometry | None:
        """The box as a polygon, line or point, as wide as it is; None when inset to naught."""
        if self.outline:
            return None if inset else self.outline
        sides = self.sides(inset)
        if sides is None:
            return None
        west, south, east, north = sides
        if west == east and south == north:
            return Point(west, south, srid=SRID)
        if west == east or south == north:
            return LineString((west, south), (east, north), srid=SRID)
        shape = Polygon.from_bbox((west, south, east, north))
        shape.srid = SRID
        return shape


class Meetable(Protocol):
    """What records can be asked to meet: a box that is known, or one that will be."""

    bottom: float | Expression | None
    top: float | Expression | None

    @property
    def halves(self) -> Sequence: ...


@dataclass(frozen=True)
class GivenBox:
    """A box that is known when the statement is run; until then only of what kind it is.

    `cores` tells of each half whether something lies well inside of it.
    """

    cores: tuple[bool, ...]
    has_heights: bool

    @classmethod
    def like(cls, box: Box) -> "GivenBox":
        """One that stands for all boxes of the same kind."""
        has_core = [not box.outline and half.sides(_SINGLE_PRECISION) for half in box.halves]
        return cls(tuple(map(bool, has_core)), box.bottom is not None)

    @property
    def halves(self) -> list["_GivenHalf"]:
        """Its parts."""
        return [_GivenHalf(number, core) for number, core in enumerate(self.cores)]

    @property
    def bottom(self) -> Expression | None:
        """The height it begins at."""
        return Given("bottom", FloatField()) if self.has_heights else None

    @property
    def top(self) -> Expression | None:
        """The height it ends at."""
        return Given("top", FloatField()) if self.has_heights else None


@dataclass(frozen=True)
class _GivenHalf:
    number: int
    has_core: bool

    def shape(self, inset: float = 0) -> Expression | None:
        if inset and not self.has_core:
            return None
        return Given(f"{'core' if inset else 'shape'}{self.number}", GeometryField(srid=SRID))


def values_of(box: Box) -> dict[str, Any]:
    """What a statement with a GivenBox is to be run with."""
    values: dict[str, Any] = {"bottom": box.bottom, "top": box.top}
    for number, half in enumerate(box.halves):
        values[f"shape{number}"] = _placed(half, 0)
        values[f"core{number}"] = _placed(half, _SINGLE_PRECISION)
    return values


def _placed(half: Box, inset: float):
    """The shape of a box as it is given to the database."""
    sides = half.sides(inset)
    if half.outline or sides is None or sides[0] == sides[2] or sides[1] == sides[3]:
        shape = half.shape(inset)
        return shape and connection.ops.Adapter(shape)
    # Five times as quick to make as a polygon, and PostgreSQL reckons it once.
    return AsIs(f"ST_MakeEnvelope({', '.join(map(repr, sides))}, {SRID})")


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


def near(records: QuerySet, box: Meetable, *, by_index: bool = True) -> QuerySet:
    """Those whose own box meets the box, found by the spatial index; not `by_index`, looked at."""
    found = Q()
    for half in box.halves:
        found |= Q(geom__bboverlaps=half.shape())
    if by_index:
        return records.filter(found)
    looked_at = Case(When(found, then=True), default=False, output_field=BooleanField())
    return records.filter(Q(looked_at))


def meeting(records: QuerySet, box: Meetable, *, by_index: bool = True) -> QuerySet:
    """Those whose geometry meets the box, and those that have none (OGC 17-069, fc-bbox-response).

    The index finds what may meet; what lies well inside needs no test of its shape, which costs
    forty times as much as the comparison of boxes. Not `by_index`, each record is looked at: where
    they are found along the curve, PostgreSQL is not to weigh another way each time.
    """
    near, inside, exact = Q(), Q(), Q()
    for half in box.halves:
        shape, core = half.shape(), half.shape(_SINGLE_PRECISION)
        near |= Q(geom__bboverlaps=shape)
        exact |= Q(geom__intersects=shape)
        if core is not None:
            inside |= Q(geom__contained=core)
    nowhere = Q(geom__isnull=True)
    if by_index:
        records = records.filter(near | nowhere)
    # CASE keeps the order of the tests, and keeps the last from being looked up as well.
    cases = [(inside, True), (nowhere, True), (exact, True)]
    if not by_index:
        # Most of what is read lies inside, and of the rest most misses the box.
        cases.insert(2, (~near, False))
    meets = Case(
        *(When(test, then=Value(found)) for test, found in cases if test),
        default=False,
        output_field=BooleanField(),
    )
    found = records.filter(Q(meets))
    return found if box.bottom is None else _between_heights(found, box.bottom, box.top)


def _between_heights(records: QuerySet, bottom, top) -> QuerySet:
    """Flat geometries have no height to be outside of."""
    records = records.alias(
        dimensions=Func("geom", function="ST_NDims", output_field=FloatField()),
        lowest=Func("geom", function="ST_ZMin", output_field=FloatField()),
        highest=Func("geom", function="ST_ZMax", output_field=FloatField()),
    )
    flat = Q(geom__isnull=True) | Q(dimensions=2)
    return records.filter(flat | Q(lowest__lte=top, highest__gte=bottom))
