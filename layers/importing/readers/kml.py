"""KML 2.2: all folders as one layer, the folder's name kept as a value.

XML is looked through before GDAL sees it: a document type (the door of entity attacks and of
fetched DTDs) refuses the file, network links are counted and not followed.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

import numpy as np
from django.utils.translation import gettext as _

from layers.importing.encoding import Encoding, detect_file, encoding_hint
from layers.importing.errors import CallRefused, FileRefused
from layers.importing.intake.workspace import Format, Found
from layers.importing.problems import Problems
from layers.importing.readers import gdal
from layers.importing.readers.base import BATCH_ROWS, Axes, Batch, from_wkb
from layers.importing.readers.shapefile import report_unreadable

#: How a placemark is drawn or flown to; no data of the record.
PRESENTATION = {
    "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon",
    "timestamp", "begin", "end",
}  # fmt: skip
#: GDAL's reader holds the whole document; this bounds it.
MAX_BYTES = 100 * 1024**2
MAX_DEPTH = 200
_DECLARATION = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")


class Kml:
    """A KML document as a source of rows."""

    format = Format.KML
    axes = Axes()
    crs = "OGC:CRS84"

    def __init__(self, found: Found, *, encoding: str = "", folder: str = ""):
        if found.path.stat().st_size > MAX_BYTES:
            message = _("The KML is larger than %(limit)d MB; send it as GeoPackage or GeoJSON.")
            raise FileRefused("file-too-large", message % {"limit": MAX_BYTES // 1024**2})
        self.name = found.name
        self._path = found.path
        self.encoding = self._as_utf8(encoding)
        self._links = inspect(self._path)
        self._folders = self._chosen(folder)

    def batches(self, problems: Problems) -> Iterator[Batch]:
        """The placemarks in document order."""
        if self._links:
            message = _("%(count)d network links were not followed.") % {"count": self._links}
            problems.warning("link-not-followed", message)
        row = 0
        for folder in self._folders:
            table = gdal.read(self._path, layer=folder)
            yield from self._parts(table, folder, row, problems)
            row += len(table)

    def _parts(self, table: gdal.Table, folder: str, before: int, problems: Problems):
        properties = [self._kept(values, folder) for values in gdal.plain_rows(table)]
        shapes, unreadable = from_wkb(table.shapes)
        for start in range(0, len(table), BATCH_ROWS):
            part = slice(start, start + BATCH_ROWS)
            rows = list(range(before + start + 1, before + start + len(shapes[part]) + 1))
            ids = [values.pop("id", None) for values in properties[part]]
            batch = Batch(rows, np.asarray(shapes[part]), properties[part], ids)
            yield report_unreadable(batch, unreadable[part], problems)

    def _kept(self, values: dict, folder: str) -> dict:
        kept = {name: v for name, v in values.items() if name not in PRESENTATION}
        return {**kept, "folder": folder} if len(self._folders) > 1 else kept

    def _chosen(self, folder: str) -> list[str]:
        folders = gdal.layers_of(self._path)
        if folder and folder not in folders:
            message = _("The file has no layer “%(name)s”; it has %(layers)s.")
            raise CallRefused(message % {"name": folder, "layers": ", ".join(folders)})
        return [folder] if folder else folders

    def _as_utf8(self, given: str) -> Encoding:
        """Rewrite our copy in UTF-8 where it is not: the XML reader knows no GBK."""
        with self._path.open("rb") as file:
            declared = _DECLARATION.search(file.read(1024))
        hint = encoding_hint(declared[1].decode()) if declared else ""
        encoding = detect_file(self._path, given=given, hint=hint)
        if encoding.name == "utf-8" and hint in ("", "utf-8"):
            return encoding
        try:
            text = self._path.read_text(encoding=encoding.name)
        except UnicodeDecodeError:
            message = _("The file is not in the text encoding %(name)s throughout.")
            raise FileRefused("encoding-wrong", message % {"name": encoding.name}) from None
        rest = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
        self._path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>{rest}', encoding="utf-8")
        return encoding


def inspect(path: Path) -> int:
    """How many network links a document has; refuses document types and what is no KML."""
    seen = {"depth": 0, "links": 0, "root": ""}

    def start(name, _attributes):
        seen["root"] = seen["root"] or name
        seen["depth"] += 1
        seen["links"] += name.rsplit(":", 1)[-1] == "NetworkLink"
        if seen["depth"] > MAX_DEPTH:
            raise FileRefused("xml-too-deep", _("The XML is nested too deeply."))

    def end(_name):
        seen["depth"] -= 1

    def doctype(*_declared):
        message = _("The XML declares a document type or entities, which are not accepted.")
        raise FileRefused("xml-doctype", message)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as fault:
        message = _("The XML is not well-formed in line %(line)d.") % {"line": fault.lineno}
        raise FileRefused("xml-damaged", message) from None
    if seen["root"].rsplit(":", 1)[-1] not in ("kml", "Document", "Folder", "Placemark"):
        raise FileRefused("kml-not", _("The file is XML but not KML."))
    return seen["links"]
