"""Which type of geometry the column of a file has; what is there decides."""

from layers.registry import Geometry
from layers.serving.exports.export import Export

MULTI = {"Point": "MultiPoint", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
#: As PostGIS writes them and as files do.
NAMES = {name.upper(): name for name in (*MULTI, *MULTI.values())}


def column_type(export: Export, found: set[tuple[str | None, bool]]) -> tuple[str, bool]:
    """The type for the `found` kinds of an export, and whether single parts become multi."""
    depth = " Z" if any(has_z for _kind, has_z in found) else ""
    kinds = {NAMES.get(kind, "Unknown") for kind, _has_z in found if kind}
    if not kinds and export.declaration.geometry != Geometry.ANY:
        kinds = {export.declaration.geometry.value}
    if len(kinds) == 1:
        return kinds.pop() + depth, False
    for single, multi in MULTI.items():
        if kinds == {single, multi}:
            return multi + depth, True
    return "Unknown", False
