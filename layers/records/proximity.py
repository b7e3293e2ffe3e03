"""What is near a place: the nearest public records of a layer (邻近查询)."""

from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import QuerySet

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
