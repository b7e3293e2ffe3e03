"""Records that answer a question, all layers in one statement, the best first."""

from dataclasses import dataclass

from django.db.models import F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from layers.bilingual import Text
from layers.postgis.boxes import meeting
from layers.postgis.likeness import alike_from
from layers.postgis.shapes import Bound, PointOnSurface, X, Y
from layers.registry import Declaration
from layers.serving.search.matching import (
    LEAST_LIKENESS,
    EveryWord,
    MostLetters,
    MostPairs,
    nearest,
)
from layers.serving.search.question import Question
from layers.serving.search.sources import Source, sources

_SIDES = {"west": "XMin", "south": "YMin", "east": "XMax", "north": "YMax"}
_COLUMNS = (
    *("layer", "rank", "weight", "key", "name_zh", "name_en", "district_zh", "district_en"),
    *("lon", "lat", *_SIDES),
)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A record found: where it is in degrees, and its box."""

    declaration: Declaration
    key: str
    name: Text
    district: Text
    lon: float
    lat: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Found:
    """The records found; `exact` unless they only come near to what was asked."""

    hits: list[Hit]
    exact: bool


def find(question: Question) -> Found:
    """At most `limit` public records in which every word of the question is found.

    Where there is none, those that come nearest to it.
    """
    asked = sources(question.layers)
    hits = _find(asked, question, EveryWord(question)) if question.words else []
    near = None if hits else nearest(question)
    if near is None:
        return Found(hits=hits, exact=True)
    with alike_from(LEAST_LIKENESS):
        return Found(hits=_find(asked, question, near), exact=False)


def _find(
    asked: list[Source], question: Question, matching: EveryWord | MostPairs | MostLetters
) -> list[Hit]:
    parts = [_best(source, question, matching) for source in asked]
    if not parts:
        return []
    rows = parts[0]
    if len(parts) > 1:
        order = (f"hit_{column}" for column in ("rank", "weight", "layer", "name_zh", "key"))
        rows = rows.union(*parts[1:], all=True).order_by(*order)[: question.limit]
    declarations = {each.id: each.declaration for source in asked for each in source.collections}
    return [_hit(declarations, row) for row in rows]


def _best(source: Source, question: Question, matching) -> QuerySet:
    """The best of one source; the database works out the geometry of these few only."""
    records = matching.among(source)
    if question.box:
        records = meeting(records, question.box)
    answers = {
        "hit_layer": source.layer,
        "hit_weight": Value(source.weight, output_field=IntegerField()),
        "hit_key": Cast(F(source.key), TextField()),
        "hit_lon": X(PointOnSurface("geom")),
        "hit_lat": Y(PointOnSurface("geom")),
    }
    for column, (chinese, english) in (("name", source.names), ("district", source.districts)):
        answers |= {f"hit_{column}_zh": chinese, f"hit_{column}_en": english}
    answers |= {f"hit_{side}": Bound(bound) for side, bound in _SIDES.items()}
    ordered = records.annotate(**answers).order_by(
        "hit_rank", "hit_layer", "hit_name_zh", "hit_key"
    )
    return ordered[: question.limit].values_list(*(f"hit_{column}" for column in _COLUMNS))


def _hit(declarations: dict[str, Declaration], row: tuple) -> Hit:
    values = dict(zip(_COLUMNS, row, strict=True))
    name = Text(values["name_zh"], values["name_en"])
    return Hit(
        declaration=declarations[values["layer"]],
        key=values["key"],
        name=name if any(name) else Text(values["key"], values["key"]),
        district=Text(values["district_zh"], values["district_en"]),
        lon=values["lon"],
        lat=values["lat"],
        box=tuple(values[side] for side in _SIDES),
    )
