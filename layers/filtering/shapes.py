"""Geometries of a filter as geometries in degrees (EPSG:4490), flat."""

from django.contrib.gis.geos import (
    GeometryCollection,
    GEOSException,
    GEOSGeometry,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)
from django.utils.translation import gettext as _

from layers.filtering.errors import BadFilter
from layers.filtering.nodes import Box, Place, Shape
from layers.postgis.boxes import box_in
from layers.postgis.fields import SRID
from layers.postgis.systems import OffTheSystem, System


def shape_of(node: Shape | Box, system: System) -> GEOSGeometry:
    """The geometry; BadFilter where it lies outside the world or is none."""
    if isinstance(node, Box):
        return _box(node, system)
    try:
        shape = _shape(node, system)
    except (GEOSException, ValueError, TypeError) as error:
        raise BadFilter(
            _("This is no geometry: %(reason)s") % {"reason": error}, node.at
        ) from error
    # Relations of shapes that cross themselves mean nothing.
    if not shape.valid:
        reason = shape.valid_reason
        raise BadFilter(_("This geometry is not valid: %(reason)s") % {"reason": reason}, node.at)
    shape.srid = SRID
    return shape


def _shape(node: Shape, system: System) -> GEOSGeometry:
    make = _MAKERS.get(node.type)
    if make is None:
        return GeometryCollection([_shape(part, system) for part in node.coordinates])
    return make(_placed(node.coordinates, system, node.at))


def _placed(coordinates: tuple, system: System, at: Place) -> tuple:
    if isinstance(coordinates[0], tuple):
        return tuple(_placed(each, system, at) for each in coordinates)
    return _degrees(coordinates[0], coordinates[1], system, at)


def _degrees(x: float, y: float, system: System, at: Place) -> tuple[float, float]:
    try:
        return system.degrees(x, y)
    except OffTheSystem as error:
        raise _outside(x, y, at) from error


def _outside(x: float, y: float, at: Place) -> BadFilter:
    message = _("The position %(x)g, %(y)g lies outside of the coordinate system.")
    return BadFilter(message % {"x": x, "y": y}, at)


def _polygon(rings: tuple) -> Polygon:
    return Polygon(*rings)


_MAKERS = {
    "Point": Point,
    "LineString": LineString,
    "Polygon": _polygon,
    "MultiPoint": lambda points: MultiPoint([Point(each) for each in points]),
    "MultiLineString": lambda lines: MultiLineString([LineString(each) for each in lines]),
    "MultiPolygon": lambda polygons: MultiPolygon([_polygon(each) for each in polygons]),
}


def _box(node: Box, system: System) -> GEOSGeometry:
    try:
        box = box_in(system, node.numbers)
    except OffTheSystem as error:
        raise _outside(*error.args, node.at) from error
    except ValueError as error:
        raise BadFilter(_("The lower corner of a box comes first."), node.at) from error
    halves = [each.shape() for each in box.halves]
    if len(halves) == 1:
        return halves[0]
    collect = MultiPolygon if all(isinstance(each, Polygon) for each in halves) else None
    return (collect or GeometryCollection)(halves, srid=SRID)
