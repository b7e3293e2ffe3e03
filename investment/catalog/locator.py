"""Locator maps (位置图): where a place lies in the city, and what lies about it.

Drawn by PostGIS as SVG, so that they come with the page, print sharply and need no scripts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from django.contrib.gis.db.models import Extent
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from investment.catalog.models import Park, Site
from investment.places import short_name
from layers.catalog.declarations import declaration_for
from layers.models import District, Layer, StoredFeature
from layers.postgis.drawing import Frame, drawn, labelled
from layers.serving.published import Collection, states_of

CLOSE_UP_LEAST_M = 4_000
_OVERVIEW = (560, 440)
_CLOSE_UP = (560, 440)
#: Pixels between a name and the mark below which they are in each other's way.
_CLASH = (48, 36)
_BELOW_MARK = 16
#: The layers the city is drawn from, and the seconds its drawing is kept unless one changes.
_CITY_LAYERS = ("districts", "waterways", "roads", "railways")
_KEPT = 24 * 60 * 60


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One picture: strokes by kind from the bottom up, names, and the mark of the place."""

    frame: Frame
    strokes: list[tuple[str, str]]
    names: list[tuple[float, float, str]] = field(default_factory=list)
    mark: tuple[float, float] | None = None
    schematic: bool = False

    @property
    def scale_bar(self) -> tuple[int, float]:
        """Metres and pixels of the bar."""
        return self.frame.scale_bar()


class _County(NamedTuple):
    """One county in the drawing of the city."""

    pk: int
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class _City:
    """What is the same in every overview."""

    frame: Frame
    counties: list[_County]
    lines: list[tuple[str, str]]
    schematic: bool


def overview(geom=None, *, here: District | None = None) -> Drawing | None:
    """The counties of the city with main roads and railways; `geom` marked, `here` lit up."""
    city = _city()
    if city is None:
        return None
    own, others = _parted(city.counties, here)
    mark = geom and _mark(geom, city.frame)
    return Drawing(
        frame=city.frame,
        strokes=[("county", others), ("county-here", own), *city.lines],
        names=[_name(county, mark) for county in city.counties],
        mark=mark,
        schematic=city.schematic,
    )


def _city() -> _City | None:
    """The city as drawn last, drawn anew when one of its layers is in another state."""
    at = timezone.now()
    layers = Layer.objects.public().filter(slug__in=_CITY_LAYERS)
    states = states_of(
        [Collection(layer=row, declaration=declaration_for(row), at=at) for row in layers]
    )
    if "districts" not in states:
        return _draw_city()
    named = repr((get_language(), sorted(states.items())))
    key = f"city-drawing:{sha256(named.encode()).hexdigest()}"
    return cache.get_or_set(key, _draw_city, timeout=_KEPT)


def _draw_city() -> _City | None:
    counties = District.objects.public().filter(level=District.Level.COUNTY).defer("geom")
    extent = counties.aggregate(extent=Extent("geom"))["extent"]
    if extent is None:
        return None
    width, height = _OVERVIEW
    frame = Frame.around(extent, width=width, height=height, margin=0.03)
    shapes = list(labelled(drawn(counties, frame), frame))
    return _City(
        frame=frame,
        counties=[_County(s.pk, short_name(s.name), s.path, s.x, s.y) for s in shapes],
        lines=[
            ("river", _stored(frame, "waterways", waterway_class=["river"])),
            ("road", _stored(frame, "roads", road_class=["national", "provincial"])),
            ("expressway", _stored(frame, "roads", road_class=["expressway"])),
            ("railway", _stored(frame, "railways", rail_class=["high_speed", "main"])),
        ],
        schematic=any(county.schematic for county in shapes),
    )


def close_up(geom, *, park: Park | None = None) -> Drawing:
    """The place itself with parks, plots, roads, railways and water about it."""
    shapes = [geom.extent, *([park.geom.extent] if park and park.geom else [])]
    west, south, east, north = zip(*shapes, strict=True)
    extent = (min(west), min(south), max(east), max(north))
    width, height = _CLOSE_UP
    frame = Frame.around(extent, width=width, height=height, margin=0.12, least_m=CLOSE_UP_LEAST_M)
    is_point = geom.geom_type == "Point"
    return Drawing(
        frame=frame,
        strokes=[
            ("water", _stored(frame, "water-bodies")),
            ("river", _stored(frame, "waterways")),
            ("park", _joined(drawn(Park.objects.public(), frame))),
            ("plot", _joined(drawn(Site.objects.public(), frame))),
            ("street", _stored(frame, "roads", road_class=["county", "township", "urban"])),
            ("road", _stored(frame, "roads", road_class=["national", "provincial"])),
            ("expressway", _stored(frame, "roads", road_class=["expressway"])),
            ("railway", _stored(frame, "railways")),
            ("power", _stored(frame, "power-lines")),
            ("here", "" if is_point else _own_path(geom, frame)),
        ],
        mark=_mark(geom, frame) if is_point else None,
    )


def _parted(shapes: Iterable[_County], here: District | None) -> tuple[str, str]:
    own = " ".join(shape.path for shape in shapes if here and shape.pk == here.pk)
    return own, " ".join(shape.path for shape in shapes if not here or shape.pk != here.pk)


def _name(county: _County, mark: tuple[float, float] | None) -> tuple[float, float, str]:
    """A county's name and where it stands: in its middle, or below the mark if that is there."""
    x, y = round(county.x, 1), round(county.y, 1)
    if mark and abs(mark[0] - x) < _CLASH[0] and -_CLASH[1] < mark[1] - y < _CLASH[1]:
        y = mark[1] + _BELOW_MARK
    return x, y, county.name


def _stored(frame: Frame, slug: str, **classes) -> str:
    records = StoredFeature.objects.public().filter(layer__slug=slug, layer__published=True)
    for name, values in classes.items():
        records = records.filter(**{f"properties__{name}__in": values})
    return _joined(drawn(records, frame))


def _joined(records: QuerySet) -> str:
    return " ".join(records.values_list("path", flat=True))


def _own_path(geom, frame: Frame) -> str:
    rings = geom.coords if geom.geom_type == "Polygon" else sum(geom.coords, ())
    return " ".join(_ring(ring, frame) for ring in rings)


def _ring(ring, frame: Frame) -> str:
    points = (frame.place(*vertex[:2]) for vertex in ring)
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _mark(geom, frame: Frame) -> tuple[float, float]:
    return frame.place(*geom.point_on_surface.coords[:2])
