"""Checks of geometry: there, finite, of the right type, on the earth, valid or repaired."""

import re

import numpy as np
import shapely
from django.utils.translation import gettext as _

from layers.importing.crs.decide import Placing
from layers.importing.problems import Problems
from layers.importing.readers.base import Batch
from layers.importing.survey import FAMILIES
from layers.registry import Geometry

#: A shape wider than this crosses the antimeridian uncut, or is no shape of one city.
WIDEST = 180.0
_REASON = re.compile(r"^(?P<reason>[^\[]+)(?:\[(?P<x>\S+) (?P<y>[^\]\s]+)\S*\])?")


def check_shapes(batch: Batch, placing: Placing, wanted: Geometry, problems: Problems) -> Batch:
    """The rows whose shapes are good, in CGCS2000 degrees; faults and repairs are noted."""
    for check in (_present, _finite):
        batch = check(batch, problems)
    batch.geometries = to_degrees(batch.geometries, placing)
    batch = _on_earth(batch, problems)
    batch.geometries = np.array([_one_family(shape) for shape in batch.geometries], dtype=object)
    batch = _of_type(batch, wanted, problems)
    return _valid(batch, problems)


def to_degrees(shapes: np.ndarray, placing: Placing) -> np.ndarray:
    """Shapes in CGCS2000 degrees; heights and depths are kept as they are."""

    def move(coordinates: np.ndarray) -> np.ndarray:
        moved = coordinates.copy()
        moved[:, :2] = placing.to_degrees(coordinates[:, :2])
        return moved

    flat = ~shapely.has_z(shapes)
    result = shapes.copy()
    result[flat] = shapely.transform(shapes[flat], move)
    result[~flat] = shapely.transform(shapes[~flat], move, include_z=True)
    return result


def _present(batch: Batch, problems: Problems) -> Batch:
    missing = shapely.is_missing(batch.geometries)
    empty = shapely.is_empty(batch.geometries)
    for index in np.flatnonzero(missing | empty):
        message = _("The record has no geometry.") if missing[index] else _("The shape is empty.")
        code = "geometry-missing" if missing[index] else "geometry-empty"
        problems.error(code, message, row=batch.rows[index])
    return batch.take(~(missing | empty))


def _finite(batch: Batch, problems: Problems) -> Batch:
    xyz, owner = shapely.get_coordinates(batch.geometries, include_z=True, return_index=True)
    keep = np.ones(len(batch), dtype=bool)
    keep[owner[~np.isfinite(xyz[:, :2]).all(axis=1)]] = False
    for index in np.flatnonzero(~keep):
        message = _("A coordinate is not a finite number (NaN or infinity).")
        problems.error("coordinate-not-finite", message, row=batch.rows[index])
    deep = shapely.has_z(batch.geometries)
    broken = np.unique(owner[deep[owner] & ~np.isfinite(xyz[:, 2])])
    for index in broken:
        message = _("Not every vertex has a height; the heights of this record are left out.")
        problems.warning("height-incomplete", message, row=batch.rows[index])
        batch.geometries[index] = shapely.force_2d(batch.geometries[index])
    return batch.take(keep)


def _on_earth(batch: Batch, problems: Problems) -> Batch:
    boxes = shapely.bounds(batch.geometries).reshape(-1, 4)
    west, south, east, north = boxes.T
    off = ~((west >= -180) & (south >= -90) & (east <= 180) & (north <= 90))
    wide = ~off & (east - west > WIDEST)
    for index in np.flatnonzero(off):
        message = _("The coordinates are off the earth (%(x).6g, %(y).6g).")
        values = {"x": west[index], "y": south[index]}
        problems.error("off-the-earth", message % values, row=batch.rows[index])
    for index in np.flatnonzero(wide):
        message = _(
            "The shape spans %(degrees)d degrees of longitude: it crosses the 180th meridian and "
            "is not cut there."
        )
        degrees = {"degrees": round(east[index] - west[index])}
        problems.error("crosses-antimeridian", message % degrees, row=batch.rows[index])
    return batch.take(~(off | wide))


def _one_family(shape):
    """A collection of one family is a multi-shape; a ring is a line; others stay what they are."""
    kind = shapely.get_type_id(shape)
    if kind == 2:
        return shapely.LineString(shape)
    if kind != 7:
        return shape
    parts = [part for part in shapely.get_parts(shape) if not part.is_empty]
    families = {FAMILIES.get(int(shapely.get_type_id(part))) for part in parts}
    if len(families) != 1 or None in families:
        return shape
    single = shapely.get_parts(np.array(parts, dtype=object))
    build = {
        Geometry.POINT: shapely.multipoints,
        Geometry.LINE: shapely.multilinestrings,
        Geometry.POLYGON: shapely.multipolygons,
    }
    return build[families.pop()](single)


def _of_type(batch: Batch, wanted: Geometry, problems: Problems) -> Batch:
    families = [FAMILIES.get(kind) for kind in shapely.get_type_id(batch.geometries).tolist()]
    keep = np.array([wanted in (Geometry.ANY, family) for family in families], dtype=bool)
    for index in np.flatnonzero(~keep):
        message = _("The layer takes %(wanted)s; this is %(found)s.")
        found = batch.geometries[index].geom_type
        names = {"wanted": type_name(wanted), "found": type_name(found)}
        problems.error(
            "geometry-type",
            message % names,
            row=batch.rows[index],
            place=_middle(batch.geometries[index]),
        )
    return batch.take(keep)


def type_name(kind: str) -> str:
    """A geometry type in words."""
    return {
        "Point": _("points"),
        "MultiPoint": _("points"),
        "LineString": _("lines"),
        "MultiLineString": _("lines"),
        "Polygon": _("polygons"),
        "MultiPolygon": _("polygons"),
        "GeometryCollection": _("a mixed collection"),
    }.get(str(kind), _("any geometry"))


def _valid(batch: Batch, problems: Problems) -> Batch:
    """Repair what is not valid, saying why and where; what repair leaves empty is refused."""
    keep = np.ones(len(batch), dtype=bool)
    for index in np.flatnonzero(~shapely.is_valid(batch.geometries)):
        shape, row = batch.geometries[index], batch.rows[index]
        reason, place = _why(shape)
        repaired = _one_family(shapely.make_valid(shape, method="structure", keep_collapsed=False))
        same = FAMILIES.get(int(shapely.get_type_id(repaired))) == FAMILIES.get(
            int(shapely.get_type_id(shape))
        )
        if shapely.is_empty(repaired) or not same:
            message = _("The shape is not valid (%(reason)s) and cannot be repaired.")
            problems.error("geometry-invalid", message % {"reason": reason}, row=row, place=place)
            keep[index] = False
            continue
        message = _("The shape was not valid (%(reason)s) and was repaired%(area)s.")
        told = {"reason": reason, "area": _area_change(shape, repaired)}
        problems.warning("geometry-repaired", message % told, row=row, place=place)
        batch.geometries[index] = repaired
    return batch.take(keep)


def _area_change(before, after) -> str:
    """How much the area changed, in words; nothing where that says nothing (a bow tie has none)."""
    if not before.area:
        return ""
    change = 100.0 * (after.area - before.area) / before.area
    return _(" (area %(change)+.2f %%)") % {"change": change}


def _why(shape) -> tuple[str, tuple[float, float] | None]:
    """GEOS's reason in words, and where."""
    found = _REASON.match(shapely.is_valid_reason(shape))
    words = {
        "Self-intersection": _("it crosses itself"),
        "Ring Self-intersection": _("a ring touches or crosses itself"),
        "Hole lies outside shell": _("a hole lies outside"),
        "Holes are nested": _("holes lie in each other"),
        "Nested shells": _("parts lie in each other"),
        "Duplicate Rings": _("a ring comes twice"),
        "Interior is disconnected": _("holes cut it apart"),
        "Too few points in geometry component": _("too few points"),
        "Ring is not closed": _("a ring is not closed"),
    }
    reason = words.get(found["reason"].strip(), _("not a valid shape"))
    place = (round(float(found["x"]), 6), round(float(found["y"]), 6)) if found["x"] else None
    return reason, place


def _middle(shape) -> tuple[float, float]:
    west, south, east, north = shapely.bounds(shape)
    return round((west + east) / 2, 6), round((south + north) / 2, 6)
