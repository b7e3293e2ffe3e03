"""CQL2 JSON; positions are JSON pointers (RFC 6901)."""

import json
from collections.abc import Callable

from django.utils.translation import gettext as _

from layers.filtering import building as build
from layers.filtering.errors import BadFilter
from layers.filtering.nodes import Node, Place, Property, Shape, Truth

#: Levels of the document; a geometry and an operation have several each.
_MAX_LEVELS = 6 * build.MAX_DEPTH
_OPERATIONS = frozenset(build.ARITY) | {"and", "or"}
#: How deep the positions of a geometry lie in its coordinates.
_LEVELS = {
    "Point": 0,
    "LineString": 1,
    "MultiPoint": 1,
    "Polygon": 2,
    "MultiLineString": 2,
    "MultiPolygon": 3,
}


class _Digits(str):
    """A number as it is written."""


def parse_json(source: str) -> Node:
    """The filter written in CQL2 JSON; raises BadFilter."""
    build.check_length(source)
    root = _node(_document(source), "")
    build.check_size(root)
    return root


def _document(source: str):
    def constant(name: str):
        raise ValueError(name)

    try:
        return json.loads(source, parse_int=_Digits, parse_float=_Digits, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise BadFilter(_("This is not JSON."), Place(error.pos, error.pos + 1)) from error
    except ValueError as error:
        raise BadFilter(_("This is not JSON."), Place(pointer="")) from error
    except RecursionError as error:
        raise _too_deep("") from error


def _too_deep(pointer: str) -> BadFilter:
    message = _("More than %(most)s operations lie one in the other.") % {"most": build.MAX_DEPTH}
    return BadFilter(message, Place(pointer=pointer))


def _node(value, pointer: str) -> Node:
    at = Place(pointer=pointer)
    if pointer.count("/") > _MAX_LEVELS:
        raise _too_deep(pointer)
    if isinstance(value, bool):
        return Truth(at, value)
    if isinstance(value, _Digits):
        return build.number(value, at)
    if isinstance(value, str):
        return build.text(value, at)
    if isinstance(value, list):
        return build.array(_nodes(value, pointer), at)
    if isinstance(value, dict):
        for member, read in _MEMBERS.items():
            if member in value:
                return read(value, pointer)
    raise BadFilter(_("This is not expected here."), at)


def _nodes(values: list, pointer: str) -> list[Node]:
    return [_node(value, f"{pointer}/{index}") for index, value in enumerate(values)]


def _member(value: dict, name: str, kind: type, pointer: str):
    found = value.get(name)
    if not isinstance(found, kind) or isinstance(found, _Digits):
        at = Place(pointer=f"{pointer}/{name}" if name in value else pointer)
        wanted = _("A list is needed in “%(name)s”.") if kind is list else None
        raise BadFilter((wanted or _("A text is needed in “%(name)s”.")) % {"name": name}, at)
    return found


def _operation(value: dict, pointer: str) -> Node:
    op = _member(value, "op", str, pointer)
    args = _nodes(_member(value, "args", list, pointer), f"{pointer}/args")
    build.text(op, Place(pointer=f"{pointer}/op"))
    make = build.operation if op in _OPERATIONS else build.call
    return make(op, args, Place(pointer=pointer))


def _property(value: dict, pointer: str) -> Node:
    name = _member(value, "property", str, pointer)
    at = Place(pointer=f"{pointer}/property")
    return Property(at, build.text(name, at).value)


def _instant(member: str, read: Callable) -> Callable[[dict, str], Node]:
    def found(value: dict, pointer: str) -> Node:
        written = _member(value, member, str, pointer)
        return read(written, Place(pointer=f"{pointer}/{member}"))

    return found


def _interval(value: dict, pointer: str) -> Node:
    ends, within = _member(value, "interval", list, pointer), f"{pointer}/interval"
    if len(ends) != 2:
        raise build.wrong_number(2, Place(pointer=within))
    return build.interval(
        *(_end(e, f"{within}/{i}") for i, e in enumerate(ends)), Place(pointer=pointer)
    )


def _end(value, pointer: str) -> Node:
    if isinstance(value, str) and not isinstance(value, _Digits):
        return build.end_of_interval(value, Place(pointer=pointer))
    return _node(value, pointer)


def _box(value: dict, pointer: str) -> Node:
    within = f"{pointer}/bbox"
    return build.box(_nodes(_member(value, "bbox", list, pointer), within), Place(pointer=within))


def _shape(value: dict, pointer: str) -> Node:
    kind, at = _member(value, "type", str, pointer), Place(pointer=pointer)
    if kind == "GeometryCollection":
        return Shape(at, kind, tuple(_parts(value, pointer)))
    if kind not in _LEVELS:
        raise BadFilter(_("This is no type of geometry."), Place(pointer=f"{pointer}/type"))
    within = f"{pointer}/coordinates"
    coordinates = _positions(_member(value, "coordinates", list, pointer), _LEVELS[kind], within)
    return Shape(at, kind, coordinates)


def _parts(value: dict, pointer: str):
    within = f"{pointer}/geometries"
    for index, part in enumerate(_member(value, "geometries", list, pointer)):
        node = _node(part, f"{within}/{index}")
        if not isinstance(node, Shape):
            raise BadFilter(_("A geometry is needed here."), node.at)
        yield node


def _positions(value, levels: int, pointer: str) -> tuple:
    at = Place(pointer=pointer)
    if not isinstance(value, list) or not value:
        raise BadFilter(_("A list of coordinates is needed here."), at)
    if levels:
        return tuple(_positions(v, levels - 1, f"{pointer}/{i}") for i, v in enumerate(value))
    if len(value) not in (2, 3) or not all(isinstance(each, _Digits) for each in value):
        raise BadFilter(_("A position has two or three numbers."), at)
    return tuple(float(build.number(each, at).value) for each in value)


#: What an object stands for is told by the member it has.
_MEMBERS: dict[str, Callable[[dict, str], Node]] = {
    "op": _operation,
    "property": _property,
    "date": _instant("date", build.day),
    "timestamp": _instant("timestamp", build.moment),
    "interval": _interval,
    "type": _shape,
    "bbox": _box,
}
