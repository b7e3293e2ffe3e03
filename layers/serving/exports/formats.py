"""The formats of exports: each streamed as it is read, or made whole on the disk first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from layers.postgis.systems import CRS84, System
from layers.serving.exports.export import Export, storage

_ROOM = "layers.serving.exports"
#: Records up to which a request is answered by the file itself; beyond it a job makes the file.
STREAMED_AT_ONCE = 1_000_000
MADE_AT_ONCE = 50_000


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format; the writer is named by its place, so that its libraries are loaded when needed.

    `only_degrees`: positions are in CRS84 whatever is asked for. `in_crs84`: they are unless
    another system is asked for; other formats name the storage CRS then, which is the same place.
    """

    title: str | Promise
    media_type: str
    ending: str
    writer: str
    streamed: bool = False
    only_degrees: bool = False
    in_crs84: bool = False

    @property
    def at_once(self) -> int:
        """How many records a request is answered with directly."""
        return STREAMED_AT_ONCE if self.streamed else MADE_AT_ONCE

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
        title="GeoJSON",
        media_type="application/geo+json",
        ending="geojson",
        writer="feature_collection.write_geojson",
        streamed=True,
        in_crs84=True,
    ),
    "geojsonl": Format(
        title=_("GeoJSON, a record a line"),
        media_type="application/x-ndjson",
        ending="geojsonl",
        writer="feature_collection.write_lines",
        streamed=True,
        in_crs84=True,
    ),
    "csv": Format(
        title="CSV",
        media_type="text/csv",
        ending="csv",
        writer="delimited.write_csv",
        streamed=True,
    ),
    "xlsx": Format(
        title="Excel", media_type=_SHEET, ending="xlsx", writer="workbook.write_workbook"
    ),
    "kml": Format(
        title="KML",
        media_type="application/vnd.google-earth.kml+xml",
        ending="kml",
        writer="placemarks.write_kml",
        streamed=True,
        in_crs84=True,
        only_degrees=True,
    ),
    "shp": Format(
        title="Shapefile",
        media_type=_ZIP,
        ending="shp.zip",
        writer="shapefile.write_shapefile",
    ),
    "shp-gbk": Format(
        title=_("Shapefile (GBK)"),
        media_type=_ZIP,
        ending="gbk.shp.zip",
        writer="shapefile.write_shapefile_gbk",
    ),
    "gpkg": Format(
        title="GeoPackage",
        media_type="application/geopackage+sqlite3",
        ending="gpkg",
        writer="geopackage.write_geopackage",
    ),
    "fgb": Format(
        title="FlatGeobuf",
        media_type="application/vnd.flatgeobuf",
        ending="fgb",
        writer="geopackage.write_flatgeobuf",
    ),
    "parquet": Format(
        title="GeoParquet",
        media_type="application/vnd.apache.parquet",
        ending="parquet",
        writer="geoparquet.write_geoparquet",
    ),
}
