"""Files for the import, written by the tests themselves, and the import as one call."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from django.utils import translation

from layers.importing.creation import NewLayer
from layers.importing.services import Options, import_apply
from layers.importing.targets.base import Stamps

#: Two wells near Suihua, as (name, position).
WELLS = [("一号井", (126.98, 46.63)), ("二号井", (127.02, 46.66))]


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English; the catalogue has its own test."""
    with translation.override("en"):
        yield


@pytest.fixture
def run():
    """The import with little to write: options by name, the report back."""

    def run(
        path, layer="wells", *, create=True, commit=True, replace=False, stamps=None, **options
    ):
        return import_apply(
            path=Path(path),
            layer=layer,
            create=NewLayer(title="水井", title_en="Wells") if create else None,
            commit=commit,
            replace=replace,
            stamps=stamps or Stamps(),
            options=Options(**options),
        )

    return run


@pytest.fixture
def geojson(tmp_path):
    """Writes features, given as (geometry, properties[, id]), or any whole document."""

    def write(features, name="wells.geojson", encoding="utf-8", **members):
        if isinstance(features, list):
            listed = [_feature(*f) for f in features]
            features = {"type": "FeatureCollection", "crs": CRS84, "features": listed}
        path = tmp_path / name
        text = json.dumps({**features, **members}, ensure_ascii=False)
        path.write_bytes(text.encode(encoding))
        return path

    return write


#: A file that names no system brings a warning, which few tests are about.
CRS84 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}


def _feature(geometry, properties, identity=None):
    if isinstance(geometry, tuple):
        geometry = {"type": "Point", "coordinates": list(geometry)}
    if isinstance(geometry, shapely.Geometry):
        geometry = json.loads(shapely.to_geojson(geometry))
    named = {} if identity is None else {"id": identity}
    return {"type": "Feature", **named, "geometry": geometry, "properties": properties}


@pytest.fixture
def wells(geojson):
    """Two wells with codes."""
    return geojson([(at, {"code": f"w-{n}", "name": name}) for n, (name, at) in enumerate(WELLS)])


@pytest.fixture
def written(tmp_path):
    """Writes shapes and columns through GDAL: a shapefile, or a layer of a GeoPackage."""

    def write(name, shapes, columns, *, crs="EPSG:4490", encoding=None, layer=None, kind=None):
        path = tmp_path / name
        shapes = np.array(shapes, dtype=object)
        pyogrio.raw.write(
            path,
            shapely.to_wkb(shapes),
            [_column(values) for values in columns.values()],
            np.array(list(columns)),
            field_mask=[np.array([v is None for v in values]) for values in columns.values()],
            geometry_type=kind or shapes[0].geom_type,
            crs=crs,
            encoding=encoding,
            layer=layer,
            append=path.exists(),
        )
        return path

    return write


def _column(values):
    """Whole numbers as such, gaps told by the mask; everything else as it is."""
    if all(value is None or isinstance(value, int) for value in values):
        return np.array([value or 0 for value in values], dtype="int64")
    return np.array(values, dtype=object)


@pytest.fixture
def zipped(tmp_path):
    """Packs files, or the parts of a shapefile, or raw (name, bytes) members."""

    def pack(*members, name="packed.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member in members:
                if isinstance(member, tuple):
                    archive.writestr(*member)
                elif member.suffix == ".shp":
                    for part in sorted(member.parent.glob(f"{member.stem}.*")):
                        archive.write(part, part.name)
                else:
                    archive.write(member, member.name)
        return path

    return pack


def codes(report, severity="error"):
    """The codes of the findings of one severity, by how often they came."""
    return dict(report.problems.counts[severity])
