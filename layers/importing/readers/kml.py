"""KML 2.2: all folders as one layer, the folder's name kept as a value.

Read here and not by GDAL, which makes `______` of Chinese names of data and holds the whole
document. The XML is looked through first: a document type (the door of entity attacks and of
fetched DTDs) refuses the file, network links are counted and not followed.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

import numpy as np
import shapely
from django.utils.translation import gettext as _

from layers.importing.encoding import Encoding, detect_file, encoding_hint
from layers.importing.errors import CallRefused, FileRefused
from layers.importing.intake.workspace import Format, Found
from layers.importing.problems import Problems
from layers.importing.readers.base import Axes, Batch, in_batches

MAX_DEPTH = 200
#: In these modes the third number means something; clamped to the ground, it is to be ignored.
WITH_HEIGHT = {"absolute", "relativeToGround", "relativeToSeaFloor"}
SHAPES = {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"}
_NUMBERS = {"int": int, "uint": int, "short": int, "ushort": int, "float": float, "double": float}
_DECLARATION = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")


class Kml:
    """A KML document as a source of rows, or one folder of it."""

    format = Format.KML
    axes = Axes()
    crs = "OGC:CRS84"

    def __init__(self, found: Found, *, encoding: str = "", folder: str = ""):
        self.name = folder or found.name
        self._path = found.path
        self.encoding = self._as_utf8(encoding)
        self._links, self._folders = inspect(self._path)
        self._folder = folder
        if folder and folder not in self._folders:
            message = _("The file has no layer “%(name)s”; it has %(layers)s.")
            listed = ", ".join(sorted(self._folders)) or found.name
            raise CallRefused(message % {"name": folder, "layers": listed})

    def batches(self, problems: Problems) -> Iterator[Batch]:
        """The placemarks in document order."""
        if self._links:
            message = _("%(count)d network links were not followed.") % {"count": self._links}
            problems.warning("link-not-followed", message)
        yield from in_batches(self._rows(problems))

    def _rows(self, problems: Problems):
        for row, (placemark, folder, types) in enumerate(placemarks(self._path), start=1):
            if self._folder and folder != self._folder:
                continue
            try:
                shape = shape_of(placemark)
            except (ValueError, shapely.GEOSException):
                problems.error("geometry-unreadable", _("The geometry cannot be read."), row=row)
                continue
            values = values_of(placemark, types)
            yield row, shape, {**values, "folder": folder} if self._folders else values

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


class _Look:
    """A first pass that counts and refuses, and keeps nothing of the document."""

    def __init__(self):
        self.tags: list[str] = []
        self.links = 0
        self.folders: set[str] = set()
        self._text = ""

    def start(self, name, _attributes):
        self.tags.append(_local(name))
        self.links += self.tags[-1] == "NetworkLink"
        self._text = ""
        if len(self.tags) > MAX_DEPTH:
            raise FileRefused("xml-too-deep", _("The XML is nested too deeply."))
        if len(self.tags) == 1 and self.tags[0] not in ("kml", "Document", "Folder", "Placemark"):
            raise FileRefused("kml-not", _("The file is XML but not KML."))

    def end(self, _name):
        if self.tags[-2:] == ["Folder", "name"]:
            self.folders.add(self._text.strip())
        self.tags.pop()

    def text(self, text):
        if self.tags and self.tags[-1] == "name":
            self._text += text

    def doctype(self, *_declared):
        message = _("The XML declares a document type or entities, which are not accepted.")
        raise FileRefused("xml-doctype", message)


def inspect(path: Path) -> tuple[int, set[str]]:
    """The number of network links and the folders of a document that is safe KML."""
    look, parser = _Look(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = look.start, look.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = look.text, look.doctype
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as fault:
        message = _("The XML is not well-formed in line %(line)d.") % {"line": fault.lineno}
        raise FileRefused("xml-damaged", message) from None
    return look.links, look.folders


def placemarks(path: Path) -> Iterator[tuple[ElementTree.Element, str, dict[str, type]]]:
    """Each placemark with the name of its folder and the types its document declares."""
    above: list[ElementTree.Element] = []
    types: dict[str, type] = {}
    for event, element in ElementTree.iterparse(path, events=("start", "end")):
        if event == "start":
            above.append(element)
            continue
        above.pop()
        tag = _local(element.tag)
        if tag == "SimpleField":
            types[element.get("name", "")] = _NUMBERS.get(element.get("type", ""), str)
        elif tag == "Placemark":
            yield element, _folder_of(above), types
            if above:
                above[-1].remove(element)


def _folder_of(above: list[ElementTree.Element]) -> str:
    for element in reversed(above):
        if _local(element.tag) == "Folder":
            return _child_text(element, "name")
    return ""


def values_of(placemark: ElementTree.Element, types: dict[str, type]) -> dict:
    """Name, description and extended data; typed where a schema says how."""
    values: dict = {
        name: text for name in ("name", "description") if (text := _child_text(placemark, name))
    }
    for element in placemark.iter():
        tag, name = _local(element.tag), element.get("name", "")
        if tag == "Data" and name:
            values[name] = _child_text(element, "value") or None
        elif tag == "SimpleData" and name:
            values[name] = _typed(element.text, types.get(name, str))
    return values


def _typed(text: str | None, kind: type):
    try:
        return kind(text.strip()) if text and text.strip() else None
    except ValueError:
        return text


def shape_of(placemark: ElementTree.Element):
    """The shape of a placemark in degrees; None where it has none."""
    shapes = [_shape(child) for child in placemark if _local(child.tag) in SHAPES]
    return shapes[0] if len(shapes) == 1 else _collected(shapes)


def _shape(element: ElementTree.Element):
    tag = _local(element.tag)
    if tag == "MultiGeometry":
        return _collected([_shape(child) for child in element if _local(child.tag) in SHAPES])
    if tag == "Polygon":
        rings = {"outerBoundaryIs": [], "innerBoundaryIs": []}
        high = _has_height(element)
        for boundary in element:
            for ring in boundary if _local(boundary.tag) in rings else ():
                rings[_local(boundary.tag)].append(_positions(ring, high=high))
        outer = rings["outerBoundaryIs"]
        return shapely.Polygon(outer[0], rings["innerBoundaryIs"]) if outer else shapely.Polygon()
    positions = _positions(element, high=_has_height(element))
    if tag == "Point":
        return shapely.Point(positions[0]) if len(positions) else shapely.Point()
    return shapely.LineString(positions)


def _collected(shapes: list):
    """Several shapes as one; the checks make a multi-shape of it where all are of one family."""
    return shapely.GeometryCollection(shapes) if shapes else None


def _has_height(element: ElementTree.Element) -> bool:
    return _child_text(element, "altitudeMode") in WITH_HEIGHT


def _positions(element: ElementTree.Element, *, high: bool) -> np.ndarray:
    text = _child_text(element, "coordinates")
    numbers = [[float(part) for part in position.split(",")] for position in text.split()]
    width = 3 if high and all(len(position) > 2 for position in numbers) else 2
    return np.array([position[:width] for position in numbers], dtype=float).reshape(-1, width)


def _child_text(element: ElementTree.Element, tag: str) -> str:
    found = (child for child in element if _local(child.tag) == tag)
    child = next(found, None)
    return "" if child is None else "".join(child.itertext()).strip()


def _local(tag: str) -> str:
    return re.split("[}:]", tag)[-1]
