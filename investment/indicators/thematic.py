"""Small thematic maps (专题图) of the counties, from the declaration the big map is drawn by."""

from dataclasses import dataclass
from datetime import date

from django.contrib.gis.db.models import Extent

from investment.indicators.layers import INDICATORS
from investment.indicators.models import Figure
from investment.places import short_name
from investment.quantities import number
from layers.postgis.drawing import Frame, drawn, labelled
from layers.registry import Field, typed_declarations

_WIDTH, _HEIGHT = 360, 300
_NO_DATA = "#e4e6df"


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One county in a thematic map."""

    name: str
    path: str
    fill: str
    text: str
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One thematic map: its field, its counties and its legend of (colour, range)."""

    field: Field
    tiles: list[Tile]
    legend: list[tuple[str, str]]
    source: str
    as_of: date | None
    width: int = _WIDTH
    height: int = _HEIGHT


def themes() -> list[Theme]:
    """The map of each theme the declaration names, the layer's own field first."""
    declaration = typed_declarations()["district-economy"]
    style = declaration.style
    fields = {field.name: field for field in declaration.fields}
    rules = {style["field"]: style["rules"]}
    rules.update({theme["field"]: theme["rules"] for theme in style.get("themes", [])})
    counties = _counties(declaration, [fields[name] for name in rules])
    return [_theme(fields[name], classes, counties) for name, classes in rules.items() if counties]


def _counties(declaration, fields) -> list:
    records = declaration.public_records()
    extent = records.aggregate(extent=Extent("geom"))["extent"]
    if extent is None:
        return []
    frame = Frame.around(extent, width=_WIDTH, height=_HEIGHT, margin=0.02)
    values = {f"shown_{field.name}": field.expression for field in fields}
    return list(labelled(drawn(records.defer("geom"), frame), frame).annotate(**values))


def _theme(field: Field, rules: list[dict], counties: list) -> Theme:
    tiles = []
    for county in counties:
        value = getattr(county, f"shown_{field.name}")
        tiles.append(
            Tile(
                name=short_name(county.name),
                path=county.path,
                fill=_fill(value, rules),
                text="" if value is None else number(value, 0),
                x=round(county.x, 1),
                y=round(county.y, 1),
            )
        )
    legend = [(rule["fill"], _range(rule)) for rule in rules]
    source, as_of = _origin(field, counties)
    return Theme(field=field, tiles=tiles, legend=legend, source=source, as_of=as_of)


def _origin(field: Field, counties: list) -> tuple[str, date | None]:
    """Source and date of the newest value; people are counted on the districts themselves."""
    if indicator := INDICATORS.get(field.name):
        figures = Figure.objects.public().filter(indicator__slug=indicator, district__in=counties)
        newest = figures.order_by("-year").first()
        return (newest.source, newest.as_of) if newest else ("", None)
    counted = [c for c in counties if c.population_as_of]
    newest = max(counted, key=lambda county: county.population_as_of, default=None)
    return (newest.source, newest.population_as_of) if newest else ("", None)


def _fill(value, rules: list[dict]) -> str:
    if value is None:
        return _NO_DATA
    for rule in rules:
        low, high = rule.get("min"), rule.get("max")
        if (low is None or value >= low) and (high is None or value < high):
            return rule["fill"]
    return _NO_DATA


def _range(rule: dict) -> str:
    low, high = rule.get("min"), rule.get("max")
    if low is None:
        return f"< {number(high)}"
    return f"≥ {number(low)}" if high is None else f"{number(low)}–{number(high)}"
