"""Locator maps (位置图): where a place lies in the city, and what lies about it.

Drawn by PostGIS as SVG, so that they come with the page, print sharply and need no scripts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib.gis.db.models import Extent
from django.db.models import QuerySet, TextField, Value
from django.utils.translation import get_language

from investment.catalog.models import Park, Site
from investment.catalog.surroundings import Surroundings
from investment.places import short_name
from layers.models import District, StoredFeature
from layers.postgis.drawing import Frame, drawn, labelled

CLOSE_UP_LEAST_M = 4_000
_OVERVIEW = (560, 440)
_CLOSE_UP = (560, 440)
#: Pixels between a name and the mark below which they are in each other's way.
_CLASH = (48, 36)
_BELOW_MARK = 16
#: Kind of stroke, layer, field and the values of it that are drawn, from the bottom up.
_CITY_STROKES = (
    ("river", "waterways", "waterway_class", ("river",)),
    ("road", "roads", "road_class", ("national", "provincial")),
    ("expressway", "roads", "road_class", ("expressway",)),
    ("railway", "railways", "rail_class", ("high_speed", "main")),
)
_GROUND_STROKES = (
    ("water", "water-bodies", None, ()),
    ("river", "waterways", None, ()),
)
_NETWORK_STROKES = (
    ("street", "roads", "road_class", ("county", "township", "urban")),
    ("road", "roads", "road_class", ("national", "provincial")),
    ("expressway", "roads", "road_class", ("expressway",)),
    ("railway", "railways", None, ()),
    ("power", "power-lines", None, ()),
)
_CITY_LAYERS = {"districts", *(slug for _kind, slug, *_rest in _CITY_STROKES)}
_CLOSE_UP_LAYERS = {slug for _kind, slug, *_rest in _GROUND_STROKES + _NETWORK_STROKES}
#: The layers both drawings are made from.
LAYERS = _CITY_LAYERS | _CLOSE_UP_LAYERS | {"parks"}


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


def overview(
    geom=None, *, here: District | None = None, around: Surroundings | None = None
) -> Drawing | None:
    """The counties of the city with main roads and railways; `geom` marked, `here` lit up."""
    around = around or Surroundings(_CITY_LAYERS)

    def draw_city() -> _City | None:
        return _draw_city(around)

    city = around.kept(draw_city, get_language(), drawn_from=_CITY_LAYERS, typed="districts")
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


def _draw_city(around: Surroundings) -> _City | None:
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
        lines=_strokes(_stored(around, _CITY_STROKES), frame),
        schematic=any(county.schematic for county in shapes),
    )


def close_up(geom, *, park: Park | None = None, around: Surroundings | None = None) -> Drawing:
    """The place itself with parks, plots, roads, railways and water about it."""
    around = around or Surroundings(LAYERS)
    shapes = [geom.extent, *([park.geom.extent] if park and park.geom else [])]
    west, south, east, north = zip(*shapes, strict=True)
    extent = (min(west), min(south), max(east), max(north))

    def draw_close_up() -> Drawing:
        return _draw_close_up(geom, extent, around)

    subject = (geom.hex, extent)
    return around.kept(draw_close_up, *subject, drawn_from=_CLOSE_UP_LAYERS, typed="parks")


def _draw_close_up(geom, extent, around: Surroundings) -> Drawing:
    width, height = _CLOSE_UP
    frame = Frame.around(extent, width=width, height=height, margin=0.12, least_m=CLOSE_UP_LEAST_M)
    is_point = geom.geom_type == "Point"
    records = {
        **_stored(around, _GROUND_STROKES),
        "park": Park.objects.public(),
        "plot": Site.objects.public(),
        **_stored(around, _NETWORK_STROKES),
    }
    own = "" if is_point else _own_path(geom, frame)
    return Drawing(
        frame=frame,
        strokes=[*_strokes(records, frame), ("here", own)],
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


def _stored(around: Surroundings, strokes: Iterable[tuple]) -> dict[str, QuerySet]:
    """The records behind each kind of stroke whose layer is public."""
    found = {}
    for kind, slug, field_name, values in strokes:
        if slug in around.layers:
            records = StoredFeature.objects.public().in_layer(around.layers[slug].layer.pk)
            chosen = {f"properties__{field_name}__in": values} if field_name else {}
            found[kind] = records.filter(**chosen)
    return found


def _strokes(records: dict[str, QuerySet], frame: Frame) -> list[tuple[str, str]]:
    """The path of each kind of stroke, all read in one statement."""
    paths: dict[str, list[str]] = {kind: [] for kind in records}
    parts = [
        drawn(each, frame)
        .order_by()
        .annotate(kind_drawn=Value(kind, output_field=TextField()))
        .values_list("kind_drawn", "path")
        for kind, each in records.items()
    ]
    for kind, path in parts[0].union(*parts[1:], all=True) if parts else ():
        paths[kind].append(path)
    return [(kind, " ".join(found)) for kind, found in paths.items()]


def _own_path(geom, frame: Frame) -> str:
    rings = geom.coords if geom.geom_type == "Polygon" else sum(geom.coords, ())
    return " ".join(_ring(ring, frame) for ring in rings)


def _ring(ring, frame: Frame) -> str:
    points = (frame.place(*vertex[:2]) for vertex in ring)
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _mark(geom, frame: Frame) -> tuple[float, float]:
    return frame.place(*geom.point_on_surface.coords[:2])
