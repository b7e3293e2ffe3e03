"""Districts and the records of stored layers."""

from __future__ import annotations

from datetime import date

import shapely
from django.contrib.gis.geos import GEOSGeometry, Point
from shapely.geometry.base import BaseGeometry

from fixtures.suihua import layers as declared
from fixtures.suihua.content.rows import AS_OF, VERIFY_BY
from layers.models import District, Layer, StoredFeature
from layers.postgis.fields import SRID
from layers.records.publication import State
from layers.records.search import search_text

BATCH = 500
_PLAIN = ("code", "name_zh", "name_en", "level", "population", "area_km2", "seat_zh", "seat_en")


def geos(shape: BaseGeometry) -> GEOSGeometry:
    """A drawn shape as the database takes it, Z kept."""
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=SRID)


def found_by(record):
    """The record with the text it is found by, which bulk writing would leave empty."""
    record.search_text = search_text(record.searchable_texts())
    return record


def load_districts(city) -> None:
    """The prefecture, then its counties, marked as schematic."""
    known = {district.code: district for district in District.objects.all()}
    for row in city.geography.districts:
        if row["code"] in known:
            continue
        known[row["code"]] = District.objects.create(
            **{name: row[name] for name in _PLAIN},
            parent=known.get(row["parent_code"]),
            population_as_of=date.fromisoformat(row["population_as_of"]),
            seat=Point(*row["seat"], srid=SRID),
            geom=geos(row["geometry"]),
            schematic=True,
            source_zh=declared.provenance()["source_zh"],
            source_en=declared.provenance()["source_en"],
            as_of=AS_OF,
            verify_by=VERIFY_BY,
            state=State.PUBLISHED,
        )
        city.count("districts", 1)


def load_features(city) -> None:
    """Every record of the stored layers."""
    layers = {layer.slug: layer for layer in Layer.objects.filter(kind=Layer.Kind.STORED)}
    for slug, rows in city.geography.layers.items():
        layer = layers[slug]
        known = set(StoredFeature.objects.filter(layer=layer).values_list("key", flat=True))
        new = [_feature(layer, row) for row in rows if row["key"] not in known]
        if new:
            StoredFeature.objects.bulk_create(new, batch_size=BATCH)
        city.count("features", len(new))


def _feature(layer: Layer, row: dict) -> StoredFeature:
    # What is not known is left out rather than stored as nothing.
    properties = {name: value for name, value in row["properties"].items() if value is not None}
    return found_by(
        StoredFeature(
            layer=layer,
            key=row["key"],
            geom=geos(row["geometry"]),
            properties=properties,
            source_zh=layer.source_zh,
            source_en=layer.source_en,
            as_of=layer.as_of,
            verify_by=layer.verify_by,
            state=State.PUBLISHED,
        )
    )
