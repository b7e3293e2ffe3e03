"""GeoPackage (OGC 12-128) in the storage CRS, EPSG:4490, with field names and plain codes."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import numpy as np
from django.contrib.gis.db.models.functions import AsWKB
from django.db.models import QuerySet
from pyogrio import raw

from layers.postgis.fields import SRID
from layers.postgis.shapes import GeometryType, HasZ, Multi
from layers.registry import Declaration, FieldType, Geometry
from layers.registry import Field as DeclaredField
from layers.serving.exports.about import about
from layers.serving.exports.columns import CHUNK, typed_value, values

_MULTI = {"Point": "MultiPoint", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
_KINDS = {name.upper(): name for name in (*_MULTI, *_MULTI.values())}


def write_geopackage(
    path: Path, declaration: Declaration, records: QuerySet, language: str
) -> None:
    """Write the file with one table named as the layer; memory holds one chunk of records."""
    kind, promote = _geometry_type(declaration, records)
    layout = {
        "layer": declaration.slug,
        "driver": "GPKG",
        "geometry_type": kind,
        "crs": f"EPSG:{SRID}",
        "fields": [declared.name for declared in declaration.public_fields],
    }
    rows = values(declaration, records, wkb=AsWKB(Multi("geom") if promote else "geom"))
    # The first chunk makes the table, also when there is nothing to put in it.
    _write(path, declaration, list(islice(rows, CHUNK)), layout, **_options(declaration, language))
    while chunk := list(islice(rows, CHUNK)):
        _write(path, declaration, chunk, layout, append=True)


def _write(path: Path, declaration: Declaration, chunk: list[tuple], layout: dict, **more) -> None:
    fields = declaration.public_fields
    columns = list(zip(*chunk, strict=True)) or [()] * (len(fields) + 1)
    arrays = [_array(field, column) for field, column in zip(fields, columns[:-1], strict=True)]
    raw.write(
        path,
        geometry=_objects([None if wkb is None else bytes(wkb) for wkb in columns[-1]]),
        field_data=[data for data, _missing in arrays],
        field_mask=[missing for _data, missing in arrays],
        **layout,
        **more,
    )


def _options(declaration: Declaration, language: str) -> dict:
    origin = about(declaration, language)
    described = " · ".join(f"{label}: {value}" for label, value in origin.facts)
    named = {"IDENTIFIER": origin.title, "DESCRIPTION": described}
    return {"layer_options": {**named, "GEOMETRY_NAME": "geom", "FID": "fid"}}


def _geometry_type(declaration: Declaration, records: QuerySet) -> tuple[str, bool]:
    """The column's type and whether single parts become multi; what is there decides."""
    shapes = records.filter(geom__isnull=False).order_by()
    found = set(shapes.values_list(GeometryType("geom"), HasZ("geom")).distinct())
    depth = " Z" if any(has_z for _kind, has_z in found) else ""
    kinds = {_KINDS.get(kind, "Unknown") for kind, _has_z in found}
    if not kinds and declaration.geometry != Geometry.ANY:
        kinds = {declaration.geometry.value}
    if len(kinds) == 1:
        return kinds.pop() + depth, False
    for single, multi in _MULTI.items():
        if kinds == {single, multi}:
            return multi + depth, True
    return "Unknown", False


def _array(declared: DeclaredField, column: tuple) -> tuple[np.ndarray, np.ndarray]:
    """The column as numpy keeps it, and where it is null."""
    typed = [typed_value(declared, value) for value in column]
    if declared.type not in _KEPT:
        return _objects([_text(value) for value in typed]), _mask(v is None for v in typed)
    kind, dtype, empty = _KEPT[declared.type]
    # Texts that are not what the field declares have no place in a typed column: null.
    fits = [isinstance(value, kind) and _in_range(value) for value in typed]
    kept = [_plain(value) if fit else empty for value, fit in zip(typed, fits, strict=True)]
    return np.array(kept, dtype=dtype), _mask(not fit for fit in fits)


#: What counts as a value of the type, the column's type, and what stands below a null.
_KEPT = {
    FieldType.INTEGER: (int, "int64", 0),
    FieldType.YEAR: (int, "int64", 0),
    FieldType.NUMBER: ((int, float), "float64", 0.0),
    FieldType.BOOLEAN: (bool, "bool", False),
    FieldType.DATE: (date, "datetime64[D]", "NaT"),
    FieldType.DATETIME: (datetime, "datetime64[ms]", "NaT"),
}


def _in_range(value) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def _plain(value):
    """Instants in UTC, which is what the format says they are."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _text(value) -> str | None:
    if value is None:
        return None
    return ",".join(value) if isinstance(value, list) else str(value)


def _mask(missing: Iterable[bool]) -> np.ndarray:
    return np.fromiter(missing, dtype=bool)


def _objects(items: list) -> np.ndarray:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array
