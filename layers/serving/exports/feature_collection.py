"""GeoJSON, each feature written by PostGIS and passed on as it is: a collection, or lines.

In CRS84 that is RFC 7946. In another system positions are x and y and the member `crs` of GeoJSON
2008 names it, which is what desktop programs read.
"""

import json
from collections.abc import Iterator

from layers.serving.exports.about import about
from layers.serving.exports.export import Export


def write_geojson(export: Export) -> Iterator[bytes]:
    """A FeatureCollection, chunk by chunk; field names and plain codes."""
    members = {"type": "FeatureCollection", "name": export.declaration.slug, **_members(export)}
    yield f'{json.dumps(members, ensure_ascii=False)[:-1]}, "features": [\n'.encode()
    before = ""
    for features in export.features():
        yield (before + ",\n".join(features)).encode()
        before = ",\n"
    yield b"\n]}\n"


def write_lines(export: Export) -> Iterator[bytes]:
    """A feature a line; the first says as foreign members what a collection would."""
    members = json.dumps(_members(export), ensure_ascii=False)[1:-1]
    for features in export.features():
        if members:
            features[0] = f"{features[0][:-1]},{members}}}"
            members = ""
        yield ("\n".join(features) + "\n").encode()


def _members(export: Export) -> dict:
    origin = about(export.declaration, export.language, export.system)
    if export.system.epsg is None:
        return origin.metadata
    named = {"type": "name", "properties": {"name": export.system.urn}}
    return {**origin.metadata, "crs": named}
