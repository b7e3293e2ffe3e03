"""GeoPackage (OGC 12-128) and FlatGeobuf, with field names and plain codes, written by GDAL."""

from pathlib import Path

from pyogrio import raw

from layers.serving.exports.about import about
from layers.serving.exports.arrow import record_batches
from layers.serving.exports.export import Export
from layers.serving.exports.geometry_types import column_type


def write_geopackage(path: Path, export: Export) -> None:
    """Write the file with one table named as the layer; memory holds one chunk of records."""
    origin = about(export.declaration, export.language, export.system)
    geometry = _unused(export, "geom", "geometry", "_geom")
    options = {"IDENTIFIER": origin.title, "DESCRIPTION": origin.described}
    options |= {"GEOMETRY_NAME": geometry, "FID": _unused(export, "fid", "ogc_fid", "_fid")}
    _write(path, export, export.kinds(), driver="GPKG", geometry_name=geometry, **options)


def write_flatgeobuf(path: Path, export: Export) -> None:
    """Write the file with its spatial index, which puts records in an order of its own."""
    origin = about(export.declaration, export.language, export.system)
    found = export.kinds()
    # The index has no place for a record without geometry.
    indexed = "NO" if any(kind is None for kind, _has_z in found) else "YES"
    options = {"TITLE": origin.title, "DESCRIPTION": origin.described, "SPATIAL_INDEX": indexed}
    geometry = _unused(export, "geometry", "geom", "_geometry")
    _write(path, export, found, driver="FlatGeobuf", geometry_name=geometry, **options)


def _write(path: Path, export: Export, found: set, *, geometry_name: str, **options) -> None:
    kind, promoted = column_type(export, found)
    shape = export.multi_shape if promoted else export.shape
    with record_batches(export, geometry_name, shape) as batches:
        raw.write_arrow(
            batches,
            path,
            layer=export.declaration.slug,
            geometry_name=geometry_name,
            geometry_type=kind,
            crs=export.system.authority,
            layer_metadata=about(export.declaration, export.language, export.system).metadata,
            **options,
        )


def _unused(export: Export, *names: str) -> str:
    taken = {field.name.lower() for field in export.fields}
    return next(name for name in names if name not in taken)
