"""Shapefiles, whose text GDAL reads wrongly without a word when a label lies.

The text is taken from GDAL byte for byte (as Latin-1, which maps every byte) and decoded here, in
the encoding that the bytes themselves show; .cpg and the DBF language byte are hints only.
"""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from layers.importing.encoding import (
    Encoding,
    decode,
    detect,
    encoding_hint,
    encoding_named,
)
from layers.importing.errors import FileRefused
from layers.importing.intake.workspace import Format, Found
from layers.importing.problems import Problems
from layers.importing.readers import gdal
from layers.importing.readers.base import Axes, Batch, from_wkb

#: Language driver bytes of DBF that mean an encoding met in China; others name code pages of DOS.
LANGUAGE_BYTES = {0x4D: "cp936", 0x4F: "cp950", 0x57: "latin-1", 0x03: "cp1252", 0x58: "cp1252"}
#: Rows looked at to decide the encoding; evenly the first ones, as GDAL reads them fastest.
SAMPLE_ROWS = 2000
MAGIC = b"\x00\x00\x27\x0a"
AS_BYTES = {"ENCODING": "ISO-8859-1"}


class Shapefile:
    """A shapefile as a source of rows."""

    format = Format.SHAPEFILE
    axes = Axes()

    def __init__(self, found: Found, *, encoding: str = ""):
        self.name = found.name
        self._path = found.path
        _refuse_other_content(found.path)
        prj = found.path.with_suffix(".prj")
        self.crs = _text(prj) if prj.exists() else ""
        self._attributes = found.path.with_suffix(".dbf").exists()
        self._index = found.path.with_suffix(".shx").exists()
        self.encoding = self._encoding(encoding)

    def batches(self, problems: Problems) -> Iterator[Batch]:
        """The records in file order; deleted ones are not there, as everywhere."""
        self._tell_missing(problems)
        row = measured = 0
        for table in gdal.read_by_position(self._path, **AS_BYTES):
            measured |= table.measured
            first = row + 1
            row += len(table)
            yield self._batch(table, first, problems)
        if measured:
            problems.warning("measure-dropped", _("Measures (M) are not kept."))

    def _batch(self, table: gdal.Table, first: int, problems: Problems) -> Batch:
        lost: set[int] = set()

        def read(text: str, index: int) -> str:
            value, damaged = decode(text.encode("latin-1", "replace"), self.encoding.name)
            if damaged:
                lost.add(index)
            return value

        table.names = [self._field_name(name) for name in table.names]
        properties = gdal.plain_rows(table, read)
        shapes, unreadable = from_wkb(table.shapes)
        rows = list(range(first, first + len(table)))
        for index in sorted(lost):
            message = _("Some characters could not be read in the encoding %(name)s.")
            message %= {"name": self.encoding.name}
            problems.warning("text-damaged", message, row=rows[index])
        batch = Batch(rows, shapes, properties, [None] * len(rows))
        return report_unreadable(batch, unreadable, problems)

    def _field_name(self, name: str) -> str:
        text, _damaged = decode(name.encode("latin-1", "replace"), self.encoding.name)
        return text.strip() or "column"

    def _tell_missing(self, problems: Problems) -> None:
        if not self._attributes:
            message = _("The .dbf is missing: the records have shapes and no attributes.")
            problems.warning("dbf-missing", message)
        if not self._index:
            message = _("The .shx is missing; it was rebuilt from the .shp for reading.")
            problems.warning("shx-missing", message)

    def _encoding(self, given: str) -> Encoding:
        if given:
            return Encoding(encoding_named(given), "given")
        if not self._attributes:
            return Encoding("utf-8", "ascii")
        sample = gdal.read(self._path, max_features=SAMPLE_ROWS, read_geometry=False, **AS_BYTES)
        texts = list(sample.names)
        for column, kind in zip(sample.columns, sample.types, strict=True):
            if kind == "OFTString":
                texts += [value for value in column.tolist() if isinstance(value, str)]
        values = [text.encode("latin-1", "replace") for text in texts]
        return detect(values, hint=self._hint())

    def _hint(self) -> str:
        cpg = self._path.with_suffix(".cpg")
        label = _text(cpg)[:40] if cpg.exists() else ""
        if label.strip():
            return encoding_hint(label)
        with self._path.with_suffix(".dbf").open("rb") as file:
            head = file.read(30)
        return encoding_hint(LANGUAGE_BYTES.get(head[29], "")) if len(head) == 30 else ""


def _refuse_other_content(shp: Path) -> None:
    """GDAL would try every driver it has on something that is only named .shp."""
    with shp.open("rb") as file:
        if file.read(4) != MAGIC:
            message = _("The .shp is damaged or is no shapefile.")
            raise FileRefused("file-damaged", message)


def report_unreadable(batch: Batch, unreadable, problems: Problems) -> Batch:
    """Report the rows whose geometry is there and cannot be read; give the others."""
    for index, bad in enumerate(unreadable):
        if bad:
            message = _("The geometry cannot be read.")
            problems.error("geometry-unreadable", message, row=batch.rows[index])
    return batch.take(~unreadable)


def _text(path: Path) -> str:
    if path.stat().st_size > 64 * 1024:
        raise FileRefused("file-damaged", _("The .prj or .cpg of the shapefile is not one."))
    return path.read_bytes().decode("utf-8-sig", "replace").strip()
