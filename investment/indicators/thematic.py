"""Small thematic maps (专题图) of the counties, from the declaration the big map is drawn by."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.gis.db.models import Extent

from investment.indicators.layers import INDICATORS
from investment.indicators.models import Figure, Indicator
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
    """One thematic map: its field, its counties and its legend of (colour, range), all in `unit`,
    which is the reader's.
    """

    field: Field
    unit: str
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
    figure = _newest(field, counties)
    indicator = figure and figure.indicator
    tiles = []
    for county in counties:
        value = getattr(county, f"shown_{field.name}")
        tiles.append(
            Tile(
                name=short_name(county.name),
                path=county.path,
                fill=_fill(value, rules),
                text="" if value is None else _told(value, indicator),
                x=round(county.x, 1),
                y=round(county.y, 1),
            )
        )
    source, as_of = _origin(field, figure, counties)
    return Theme(
        field=field,
        unit=indicator.unit if indicator else str(field.unit),
        tiles=tiles,
        legend=[(rule["fill"], _range(rule, indicator)) for rule in rules],
        source=source,
        as_of=as_of,
    )


def _told(value, indicator: Indicator | None) -> str:
    """A value in the reader's unit: whole, or with one decimal where that unit is a larger one."""
    if indicator is None or indicator.amount(1) == 1:
        return number(value, 0)
    return number(indicator.amount(Decimal(str(value))), 1)


def _newest(field: Field, counties: list) -> Figure | None:
    """The newest figure behind a field; none where the field is no indicator's."""
    indicator = INDICATORS.get(field.name)
    if indicator is None:
        return None
    figures = Figure.objects.public().filter(indicator__slug=indicator, district__in=counties)
    return figures.select_related("indicator").order_by("-year").first()


def _origin(field: Field, figure: Figure | None, counties: list) -> tuple[str, date | None]:
    """Source and date of the newest value; people are counted on the districts themselves."""
    if field.name in INDICATORS:
        return (figure.source, figure.as_of) if figure else ("", None)
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


def _range(rule: dict, indicator: Indicator | None) -> str:
    ends = (rule.get("min"), rule.get("max"))
    low, high = (None if end is None else _told(end, indicator) for end in ends)
    if low is None:
        return f"< {high}"
    return f"≥ {low}" if high is None else f"{low}–{high}"
