"""GeoJSON (RFC 7946, and the `crs` member of its 2008 forerunner), also newline-delimited.

Read here and not by GDAL, which takes an unknown `crs` for WGS 84, fetches `crs` links, accepts NaN
and loses identifiers. A stream of features is read one at a time: memory is that of one batch.
"""

from collections.abc import Iterator

import numpy as np
import shapely
from django.utils.translation import gettext as _

from layers.importing.encoding import Encoding, detect_file
from layers.importing.errors import FileRefused
from layers.importing.intake.workspace import Format, Found
from layers.importing.problems import Problems
from layers.importing.readers.base import Axes, Batch, in_batches
from layers.importing.readers.jsonstream import JsonFault, JsonStream

GEOMETRY_TYPES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
}  # fmt: skip
#: Positions with more numbers than longitude, latitude, height: the rest has no agreed meaning.
POSITION_NUMBERS = 3
DEFAULT_CRS = "OGC:CRS84"


class GeoJson:
    """A GeoJSON file as a source of rows."""

    format = Format.GEOJSON
    axes = Axes()

    def __init__(self, found: Found, *, encoding: str = ""):
        self.name = found.name
        self._path = found.path
        self.encoding: Encoding = detect_file(found.path, given=encoding)
        self.crs = DEFAULT_CRS
        self._dropped: int = 0

    def batches(self, problems: Problems) -> Iterator[Batch]:
        """The features in file order; a fault of the text ends the reading with a refusal."""
        self._dropped = 0
        with self._path.open(encoding=self.encoding.name, errors="strict", newline="") as text:
            self._row = 0
            try:
                yield from in_batches(self._rows(JsonStream(text), problems))
            except JsonFault as fault:
                raise FileRefused(fault.code, self._sentence(fault.code), row=self._row) from None
            except UnicodeDecodeError:
                message = _("The file is not in the text encoding %(name)s throughout.")
                raise FileRefused(
                    "encoding-wrong", message % {"name": self.encoding.name}
                ) from None
        if self._dropped:
            message = _("%(count)d features have a fourth number in their positions; it is left.")
            problems.warning("measure-dropped", message % {"count": self._dropped})

    def _rows(self, stream: JsonStream, problems: Problems):
        begun = False
        while stream.peek():
            if stream.peek() != "{":
                raise _trailing() if begun else FileRefused("geojson-not-features", _not_features())
            begun = True
            for feature in self._document(stream):
                self._row += 1
                row = self._feature(feature, problems)
                if row is not None:
                    yield row

    def _document(self, stream: JsonStream) -> Iterator[dict]:
        """The features of the next top-level object; members may come in any order."""
        alone: dict = {}
        collection = False
        for name in stream.members():
            if name == "features" and stream.peek() == "[":
                collection = True
                for _next in stream.elements():
                    yield stream.value()
            elif name == "crs":
                self._declared(stream.value())
            else:
                alone[name] = stream.value()
        if collection:
            return
        kind = str(alone.get("type"))
        if kind == "Feature":
            yield alone
        elif kind in GEOMETRY_TYPES | {"GeometryCollection"}:
            yield {"type": "Feature", "geometry": alone, "properties": {}}
        else:
            raise FileRefused("geojson-not-features", _not_features())

    def _declared(self, crs) -> None:
        """Take note of a `crs` member; links are refused, never followed."""
        if crs is None:
            return
        kind = crs.get("type") if isinstance(crs, dict) else None
        given = crs.get("properties") if kind else None
        if kind == "name" and isinstance(given, dict) and isinstance(given.get("name"), str):
            self.crs = given["name"]
        elif str(kind).upper() == "EPSG" and isinstance(given, dict):
            self.crs = f"EPSG:{given.get('code')}"
        else:
            message = _(
                "The file defines its coordinate system by a link or in a way that is not read. "
                "Say which it is with --crs."
            )
            raise FileRefused("crs-link", message)

    def _feature(self, feature, problems: Problems):
        row = self._row
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            problems.error("not-a-feature", _("This is not a GeoJSON feature."), row=row)
            return None
        if _has_crs(feature):
            message = _("A coordinate system is given inside a feature; only one for all is read.")
            raise FileRefused("crs-inside-feature", message, row=row)
        properties = feature.get("properties") or {}
        if not isinstance(properties, dict):
            problems.error("not-a-feature", _("This is not a GeoJSON feature."), row=row)
            return None
        geometry, fault = self._geometry(feature.get("geometry"))
        if fault:
            problems.error("geometry-unreadable", fault, row=row)
            return None
        identity = feature.get("id")
        named = isinstance(identity, str | int) and not isinstance(identity, bool)
        return row, geometry, properties, str(identity) if named else None

    def _geometry(self, given):
        """The shape, and a sentence where there is none though something was given."""
        if given is None:
            return None, ""
        try:
            shape, dropped = shape_of(given)
        except (ValueError, TypeError, KeyError, AttributeError, shapely.GEOSException):
            return None, _("The geometry cannot be read.")
        except RecursionError:
            raise JsonFault("json-too-deep") from None
        self._dropped += dropped
        return shape, ""

    def _sentence(self, code: str) -> str:
        return {
            "json-damaged": _("The file is not valid JSON after feature %(row)d."),
            "json-not-a-number": _(
                "The file is not valid JSON: NaN or Infinity in feature %(row)d."
            ),
            "json-too-deep": _("The file is nested too deeply after feature %(row)d."),
            "json-too-large": _("A single feature is too large, after feature %(row)d."),
        }[code] % {"row": self._row + (code == "json-not-a-number")}


def shape_of(geometry: dict) -> tuple[object, bool]:
    """A shapely shape of a GeoJSON geometry, and whether numbers beyond the third were left out.

    An empty `coordinates` array gives an empty shape.
    """
    kind = str(geometry["type"])
    if kind == "GeometryCollection":
        parts = [shape_of(part) for part in geometry["geometries"]]
        shape = shapely.geometrycollections([part for part, _dropped in parts])
        return shape, any(dropped for _part, dropped in parts)
    if kind not in GEOMETRY_TYPES:
        raise ValueError(kind)
    build = _BUILDERS[kind]
    dropped: list[bool] = []
    return build(geometry["coordinates"], dropped), bool(dropped)


def _positions(coordinates: list, dropped: list) -> np.ndarray:
    widths = {len(position) for position in coordinates}
    if widths and max(widths) > POSITION_NUMBERS:
        dropped.append(True)
    # Heights are kept where every position has one; half a surface cannot be given.
    width = min(min(widths, default=2), POSITION_NUMBERS)
    if not all(isinstance(n, int | float) for position in coordinates for n in position):
        raise ValueError("position")
    return np.array([position[:width] for position in coordinates], dtype=float).reshape(-1, width)


def _point(coordinates, dropped):
    if not coordinates:
        return shapely.Point()
    return shapely.Point(_positions([coordinates], dropped)[0])


def _line(coordinates, dropped):
    return shapely.LineString(_positions(coordinates, dropped))


def _polygon(coordinates, dropped):
    if not coordinates:
        return shapely.Polygon()
    shell, *holes = [_positions(ring, dropped) for ring in coordinates]
    return shapely.Polygon(shell, holes)


_BUILDERS = {
    "Point": _point,
    "LineString": _line,
    "Polygon": _polygon,
    "MultiPoint": lambda c, d: shapely.multipoints([_point(part, d) for part in c]),
    "MultiLineString": lambda c, d: shapely.multilinestrings([_line(part, d) for part in c]),
    "MultiPolygon": lambda c, d: shapely.multipolygons([_polygon(part, d) for part in c]),
}


def _has_crs(value) -> bool:
    """Whether a feature or a geometry in it carries a `crs` of its own."""
    pending = [value, value.get("geometry")]
    while pending:
        part = pending.pop()
        if not isinstance(part, dict):
            continue
        if part.get("crs") is not None:
            return True
        parts = part.get("geometries")
        pending.extend(parts if isinstance(parts, list) else [])
    return False


def _trailing() -> FileRefused:
    message = _("After the GeoJSON there is text that does not belong to it; the file is damaged.")
    return FileRefused("geojson-trailing", message)


def _not_features() -> str:
    return _("The file is JSON but not GeoJSON: it holds no features.")
