"""The formats of exports: each streamed as it is read, or made whole on the disk first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.module_loading import import_string

from layers.bilingual import Text
from layers.postgis.systems import CRS84, System
from layers.serving.exports.export import Export, storage

_ROOM = "layers.serving.exports"
#: Records up to which a request is answered by the file itself; beyond it a job makes the file.
STREAMED_AT_ONCE = 1_000_000
#: Made in a few seconds; of a workbook, cell by cell, that is fewer.
MADE_AT_ONCE = 50_000
WORKBOOK_AT_ONCE = 20_000


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format; the writer is named by its place, so that its libraries are loaded when needed.

    `only_degrees`: positions are in CRS84 whatever is asked for. `in_crs84`: they are unless
    another system is asked for; other formats name the storage CRS then, which is the same place.
    """

    title: Text
    media_type: str
    ending: str
    writer: str
    streamed: bool = False
    workbook: bool = False
    only_degrees: bool = False
    in_crs84: bool = False

    @property
    def at_once(self) -> int:
        """How many records a request is answered with directly."""
        if self.streamed:
            return STREAMED_AT_ONCE
        return WORKBOOK_AT_ONCE if self.workbook else MADE_AT_ONCE

    @property
    def system(self) -> System:
        """The system where none is asked for."""
        return CRS84 if self.in_crs84 else storage()

    def stream(self, export: Export) -> Iterator[bytes]:
        """The file piece by piece; only of streamed formats."""
        return self._write(export)

    def write(self, path: Path, export: Export) -> None:
        """The file on the disk; memory holds some chunks of records at most."""
        if not self.streamed:
            self._write(path, export)
            return
        with path.open("wb") as file:
            file.writelines(self._write(export))

    @property
    def _write(self) -> Callable:
        return import_string(f"{_ROOM}.{self.writer}")


_ZIP = "application/zip"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "geojson": Format(
        title=Text("GeoJSON", "GeoJSON"),
        media_type="application/geo+json",
        ending="geojson",
        writer="feature_collection.write_geojson",
        streamed=True,
        in_crs84=True,
    ),
    "geojsonl": Format(
        title=Text("GeoJSON（每行一条记录）", "GeoJSON, a record a line"),
        media_type="application/x-ndjson",
        ending="geojsonl",
        writer="feature_collection.write_lines",
        streamed=True,
        in_crs84=True,
    ),
    "csv": Format(
        title=Text("CSV", "CSV"),
        media_type="text/csv",
        ending="csv",
        writer="delimited.write_csv",
        streamed=True,
    ),
    "xlsx": Format(
        title=Text("Excel", "Excel"),
        media_type=_SHEET,
        ending="xlsx",
        writer="workbook.write_workbook",
        workbook=True,
    ),
    "kml": Format(
        title=Text("KML", "KML"),
        media_type="application/vnd.google-earth.kml+xml",
        ending="kml",
        writer="placemarks.write_kml",
        streamed=True,
        in_crs84=True,
        only_degrees=True,
    ),
    "shp": Format(
        title=Text("Shapefile", "Shapefile"),
        media_type=_ZIP,
        ending="shp.zip",
        writer="shapefile.write_shapefile",
    ),
    "shp-gbk": Format(
        title=Text("Shapefile（GBK 编码）", "Shapefile (GBK)"),
        media_type=_ZIP,
        ending="gbk.shp.zip",
        writer="shapefile.write_shapefile_gbk",
    ),
    "gpkg": Format(
        title=Text("GeoPackage", "GeoPackage"),
        media_type="application/geopackage+sqlite3",
        ending="gpkg",
        writer="geopackage.write_geopackage",
    ),
    "fgb": Format(
        title=Text("FlatGeobuf", "FlatGeobuf"),
        media_type="application/vnd.flatgeobuf",
        ending="fgb",
        writer="geopackage.write_flatgeobuf",
    ),
    "parquet": Format(
        title=Text("GeoParquet", "GeoParquet"),
        media_type="application/vnd.apache.parquet",
        ending="parquet",
        writer="geoparquet.write_geoparquet",
    ),
}
