"""GeoPackage (OGC 12-128). Tables only: a view can be a query without end."""

import sqlite3
from collections.abc import Iterator

from django.utils.translation import gettext as _

from layers.importing.encoding import Encoding
from layers.importing.errors import FileRefused
from layers.importing.intake.workspace import Format, Found
from layers.importing.problems import Problems
from layers.importing.readers import gdal
from layers.importing.readers.base import Axes, Batch, from_wkb
from layers.importing.readers.shapefile import report_unreadable
from layers.postgis.geopackage import FeatureTable, feature_tables

#: srs_id 0 and -1 mean "undefined" in the standard; GDAL makes a look-alike of WGS 84 of them.
UNDEFINED = (0, -1)


def contents(found: Found) -> dict[str, str]:
    """Feature tables by name, with what they say of their coordinate system."""
    try:
        tables = feature_tables(found.path)
    except sqlite3.Error:
        message = _("The GeoPackage is damaged or lacks the tables that the standard asks for.")
        raise FileRefused("file-damaged", message) from None
    if any(table.kind != "table" for table in tables):
        message = _("The GeoPackage holds a view as a layer; only tables are read.")
        raise FileRefused("gpkg-view", message)
    return {table.name: _crs(table) for table in tables}


def _crs(table: FeatureTable) -> str:
    if table.srs_id in UNDEFINED or table.organization is None:
        return ""
    if table.organization.upper() == "EPSG":
        return f"EPSG:{table.code}"
    return table.definition or ""


class GeoPackage:
    """One feature table of a GeoPackage as a source of rows."""

    format = Format.GEOPACKAGE
    axes = Axes()
    encoding = Encoding("utf-8", "format")

    def __init__(self, found: Found, *, layer: str, crs: str):
        self.name = layer
        self.crs = crs
        self._path = found.path
        self._fid = gdal.info(found.path, layer)["fid_column"] or "fid"

    def batches(self, problems: Problems) -> Iterator[Batch]:
        """The rows by primary key; the row number is their place in that order."""
        row = measured = 0
        for table in gdal.read_by_id(self._path, self.name, self._fid):
            measured |= table.measured
            rows = list(range(row + 1, row + len(table) + 1))
            row += len(table)
            shapes, unreadable = from_wkb(table.shapes)
            ids = [None] * len(rows)
            batch = Batch(rows, shapes, gdal.plain_rows(table), ids)
            yield report_unreadable(batch, unreadable, problems)
        if measured:
            problems.warning("measure-dropped", _("Measures (M) are not kept."))
