"""The one door to GDAL: its settings, the drivers allowed, and reading in batches.

GDAL opens addresses, follows links and tries eighty drivers on an unknown file, some of which call
out. So: only files whose content a reader here has recognised are opened, only as our own private
copies, and whatever would still reach for the network meets a closed port of this machine.
"""

import logging
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.raw
from django.utils.translation import gettext as _

from layers.importing.errors import FileRefused
from layers.importing.readers.base import BATCH_ROWS, distinct

pyogrio.set_gdal_config_options(
    {
        "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
        "GDAL_HTTPS_PROXY": "http://127.0.0.1:9",
        "GDAL_HTTP_CONNECTTIMEOUT": "1",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
        "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
        "OGR_CURRENT_DATE": "1970-01-01T00:00:00Z",
        "CPL_LOG_ERRORS": "OFF",
    }
)
# GDAL's remarks are English, name our temporary paths and speak of its own insides.
logging.getLogger("pyogrio").setLevel(logging.CRITICAL)

#: Ways GDAL reports that it could not read; all end in one sentence for the person.
FAULTS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FieldError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.CRSError,
    UnicodeDecodeError,
    ValueError,
    OverflowError,
)


class Table:
    """What one read gives: WKB shapes, columns of values, their names and OGR types, row ids."""

    def __init__(self, meta: dict, fids, shapes, columns, measured: bool):
        self.names = [str(name) for name in meta["fields"]]
        self.types = list(meta["ogr_types"])
        self.fids = np.arange(0) if fids is None else fids
        self.shapes = shapes
        self.columns = columns
        self.measured = measured

    def __len__(self) -> int:
        return len(self.fids)


def info(path: Path, layer: str | None = None, **options) -> dict:
    """What GDAL knows of a layer before reading it."""
    with _refusing(), _quiet(), _restoring():
        return pyogrio.read_info(path, layer=layer, **options)


def read(path: Path, layer: str | None = None, **options) -> Table:
    """One read of rows as raw columns; measures are dropped and `measured` says that they were."""
    with _refusing(), _quiet() as remarks, _restoring():
        read = pyogrio.raw.read(
            path, layer=layer, return_fids=True, datetime_as_string=True, **options
        )
        measured = any("Measured" in str(remark.message) for remark in remarks)
        return Table(*read, measured)


def read_by_position(path: Path, **options) -> Iterator[Table]:
    """Batches by record number, for files with random access (shapefiles)."""
    at = 0
    while len(table := read(path, skip_features=at, max_features=BATCH_ROWS, **options)):
        yield table
        at += len(table)


def read_by_id(path: Path, layer: str, fid_column: str) -> Iterator[Table]:
    """Batches by primary key, so that no batch has to pass over those before it (GeoPackage)."""
    quoted, last = fid_column.replace('"', '""'), None
    while True:
        where = None if last is None else f'"{quoted}" > {last}'
        table = read(path, layer=layer, where=where, max_features=BATCH_ROWS)
        if not len(table):
            return
        yield table
        last = int(table.fids[-1])


class _refusing:
    """Turns what GDAL raises into a refusal in our words."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None and issubclass(kind, FAULTS):
            message = _("The file is damaged or not what its name says; it cannot be read.")
            raise FileRefused("file-damaged", message) from None
        return False


@contextmanager
def _restoring() -> Iterator[None]:
    """A missing .shx is rebuilt from the .shp: the copy is ours, so nothing of theirs changes.

    Elsewhere in the process it must not be tried: in a ZIP it cannot be written, and GDAL would
    take the shapefile there for none.
    """
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})


class _quiet(warnings.catch_warnings):
    """Collects GDAL's remarks in place of printing them."""

    def __init__(self):
        super().__init__(record=True)

    def __enter__(self):
        remarks = super().__enter__()
        warnings.simplefilter("always")
        return remarks


def plain_rows(table: Table, decode=None) -> list[dict]:
    """Each row as a dict of plain Python values; `decode(text, row)` reads text bytes."""
    names = distinct(table.names)
    columns = [
        _plain(column, kind, decode)
        for column, kind in zip(table.columns, table.types, strict=True)
    ]
    if not columns:
        return [{} for _fid in table.fids]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _plain(column: np.ndarray, kind: str, decode) -> list:
    """Numbers without the NaN that stands for null, integers whole again, text decoded."""
    values = column.tolist()
    if kind in ("OFTInteger", "OFTInteger64"):
        return [None if _nan(v) else bool(v) if isinstance(v, bool) else int(v) for v in values]
    if kind == "OFTReal":
        return [None if _nan(v) else v for v in values]
    if kind == "OFTString" and decode is not None:
        return [decode(v, row) if isinstance(v, str) else v for row, v in enumerate(values)]
    return [v.hex() if isinstance(v, bytes) else None if _nan(v) else v for v in values]


def _nan(value) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
