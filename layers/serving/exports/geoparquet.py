"""GeoParquet 1.1 (geoparquet.org), geometry as WKB, fields with label and unit."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyproj
import shapely
from pyarrow import parquet

from layers.postgis.systems import CRS84
from layers.serving.exports.about import about
from layers.serving.exports.arrow import record_batches
from layers.serving.exports.export import Export

#: Batches in a row group: readers skip whole groups by their statistics.
_GROUP = 10


def write_geoparquet(path: Path, export: Export) -> None:
    """Write the file; memory holds one row group of some 20,000 records."""
    names = {field.name for field in export.fields}
    geometry = next(name for name in ("geometry", "geom", "_geometry") if name not in names)
    seen = _Seen()
    metadata = about(export.declaration, export.language, export.system).metadata
    with (
        record_batches(export, geometry, export.shape) as batches,
        parquet.ParquetWriter(path, batches.schema, compression="zstd") as writer,
    ):
        for group in _groups(batches):
            seen.add(group[geometry])
            writer.write_table(group)
        geo = json.dumps(_geo(export, geometry, seen), ensure_ascii=False)
        writer.add_key_value_metadata({**metadata, "geo": geo})


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    remaining = iter(batches)
    while group := list(islice(remaining, _GROUP)):
        yield pa.Table.from_batches(group).combine_chunks()


class _Seen:
    """What the geometry column turned out to hold: types, and the box around all."""

    def __init__(self):
        self.types: set[str] = set()
        self._boxes = np.empty((0, 4))

    def add(self, column: pa.ChunkedArray) -> None:
        shapes = shapely.from_wkb(column.drop_null().to_pylist())
        depths = shapely.has_z(shapes)
        kinds = zip(shapely.get_type_id(shapes), depths, strict=True)
        self.types |= {_named(kind, has_z) for kind, has_z in set(kinds)}
        if len(shapes):
            self._boxes = np.vstack([self._boxes, shapely.total_bounds(shapes)])

    @property
    def box(self) -> list[float] | None:
        known = self._boxes[~np.isnan(self._boxes).any(axis=1)]
        if not len(known):
            return None
        return [*known[:, :2].min(axis=0).tolist(), *known[:, 2:].max(axis=0).tolist()]


def _named(kind: int, has_z: bool) -> str:
    name = ("Point", "LineString", "", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
    return ([*name, "GeometryCollection"][kind]) + (" Z" if has_z else "")


def _geo(export: Export, geometry: str, seen: _Seen) -> dict:
    column: dict = {"encoding": "WKB", "geometry_types": sorted(seen.types)}
    if export.system.uri != CRS84.uri:
        column["crs"] = pyproj.CRS.from_user_input(export.system.authority).to_json_dict()
    if seen.box:
        column["bbox"] = seen.box
    return {"version": "1.1.0", "primary_column": geometry, "columns": {geometry: column}}
