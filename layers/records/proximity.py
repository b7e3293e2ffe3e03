"""What is near a place: the nearest public records of a layer (邻近查询)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from layers.bilingual import Text
from layers.postgis.proximity import GroundDistance, KnnDistance, reach_box
from layers.registry import Declaration


@dataclass(frozen=True, kw_only=True)
class Nearby:
    """A record and its shortest distance in metres on the ellipsoid; zero where they touch."""

    key: str
    name: Text
    distance_m: float
    properties: dict


def nearest(
    *,
    geom: GEOSGeometry | None,
    declaration: Declaration,
    records: QuerySet | None = None,
    count: int = 1,
) -> list[Nearby]:
    """The `count` nearest records of a layer to a geometry in EPSG:4490, nearest first.

    `records` are those to choose among, all public ones unless given.
    """
    if geom is None or geom.empty:
        return []
    records = declaration.public_records() if records is None else records
    records = records.filter(geom__isnull=False)
    farthest = _reach(records, geom, count)
    if farthest is None:
        return []
    within = records.filter(geom__bboverlaps=reach_box(geom, farthest))
    measured = within.annotate(distance_m=GroundDistance(geom)).order_by("distance_m", "pk")
    return [_nearby(declaration, row) for row in _rows(declaration, measured)[:count]]


def nearest_of_each(
    *, geom: GEOSGeometry, among: list[tuple[Declaration, QuerySet]]
) -> list[Nearby | None]:
    """The nearest of each set of records in two statements, however many sets; None of empty ones.

    Their `properties` are left empty: what a record of each layer has differs.
    """
    if geom.empty:
        return [None] * len(among)
    sets = [records.filter(geom__isnull=False) for _declaration, records in among]
    reaches = _union(
        candidates(records, geom, 1).values_list(_number(at), GroundDistance(geom))
        for at, records in enumerate(sets)
    )
    found: list[Nearby | None] = [None] * len(among)
    within = [
        _named(among[at][0], sets[at].filter(geom__bboverlaps=reach_box(geom, reach)), geom, at)
        for at, reach in reaches
    ]
    for at, key, chinese, english, distance in _union(within):
        name = Text(chinese, english)
        name = name if any(name) else Text(key, key)
        found[at] = Nearby(key=key, name=name, distance_m=distance, properties={})
    return found


def _named(declaration: Declaration, records: QuerySet, geom: GEOSGeometry, at: int) -> QuerySet:
    """The nearest of these: number of the set, key, names, distance."""
    expressions = {field.name: field.expression for field in declaration.public_fields}
    empty = Value("", output_field=TextField())
    names = (
        Coalesce(Cast(expressions.get(label, empty), TextField()), empty)
        for label in declaration.label
    )
    ordered = records.annotate(distance_m=GroundDistance(geom)).order_by("distance_m", "pk")[:1]
    key = Cast(declaration.key, TextField())
    return ordered.values_list(_number(at), key, *names, "distance_m")


def _number(at: int) -> Value:
    return Value(at, output_field=IntegerField())


def _union(parts: Iterable[QuerySet]) -> Iterable[tuple]:
    first, *others = [*parts] or [()]
    return first.union(*others, all=True) if others else first


def candidates(records: QuerySet, geom: GEOSGeometry, count: int) -> QuerySet:
    """The nearest by degrees, which the index gives in order without looking at the others."""
    return records.order_by(KnnDistance(geom))[:count]


def _reach(records: QuerySet, geom: GEOSGeometry, count: int) -> float | None:
    found = candidates(records, geom, count).values_list(GroundDistance(geom), flat=True)
    return max(found, default=None)


def _rows(declaration: Declaration, records: QuerySet) -> QuerySet:
    fields = {f"field_{field.name}": field.expression for field in declaration.public_fields}
    return records.annotate(**fields).values(declaration.key, "distance_m", *fields)


def _nearby(declaration: Declaration, row: dict) -> Nearby:
    properties = {field.name: row[f"field_{field.name}"] for field in declaration.public_fields}
    name = Text(*(str(properties.get(label) or "") for label in declaration.label))
    key = str(row[declaration.key])
    if not any(name):
        name = Text(key, key)
    return Nearby(key=key, name=name, distance_m=row["distance_m"], properties=properties)
