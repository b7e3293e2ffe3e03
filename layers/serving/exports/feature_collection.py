"""GeoJSON (RFC 7946), each feature written by PostGIS and passed on as it is."""

import json
from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet

from layers.postgis.features import feature_text
from layers.registry import Declaration
from layers.serving.exports.about import about
from layers.serving.exports.columns import CHUNK


def write_geojson(declaration: Declaration, records: QuerySet, language: str) -> Iterator[bytes]:
    """A FeatureCollection, chunk by chunk; field names and plain codes."""
    origin = about(declaration, language)
    members = {
        "type": "FeatureCollection",
        "name": declaration.slug,
        "title": origin.title,
        "licence": origin.licence,
        "source": origin.source,
        "asOf": origin.as_of,
    }
    told = json.dumps({name: value for name, value in members.items() if value}, ensure_ascii=False)
    yield f'{told[:-1]}, "features": [\n'.encode()
    texts = records.prefetch_related(None).values_list(feature_text(declaration), flat=True)
    rows = texts.iterator(chunk_size=CHUNK)
    before = ""
    while chunk := list(islice(rows, CHUNK)):
        yield (before + ",\n".join(chunk)).encode()
        before = ",\n"
    yield b"\n]}\n"
