"""Conditions of rules as filters (OGC Filter Encoding 1.1).

`ElseFilter` is not used: it stands for what no other rule draws at the scale of the map, so that
the records of a rule that begins further in would be drawn by it meanwhile.
"""

from functools import singledispatch
from xml.etree import ElementTree as ET

from layers.serving.styles.rules import Condition, Equal, Neither, Within
from layers.serving.styles.sld.elements import element, number_text


@singledispatch
def filter_of(condition: Condition) -> ET.Element:
    """What stands within `ogc:Filter` to find the same records."""
    raise TypeError(condition)


@filter_of.register
def _equal(condition: Equal) -> ET.Element:
    if not condition.several:
        return _comparison("EqualTo", condition.field, condition.value)
    # Our exports have lists by comma.
    value = _escaped(condition.value)
    patterns = (f"{value},*", f"*,{value}", f"*,{value},*")
    alone = _comparison("EqualTo", condition.field, condition.value)
    return _joined("Or", [alone, *(_like(condition.field, pattern) for pattern in patterns)])


def _like(name: str, pattern: str) -> ET.Element:
    marks = {"wildCard": "*", "singleChar": "?", "escapeChar": "!"}
    return element("ogc:PropertyIsLike", *_sides(name, pattern), **marks)


def _escaped(value: str) -> str:
    return "".join(f"!{letter}" if letter in "*?!" else letter for letter in value)


@filter_of.register
def _within(condition: Within) -> ET.Element:
    name, low, high = condition
    bounds = [
        _comparison(sign, name, number_text(bound))
        for sign, bound in (("GreaterThanOrEqualTo", low), ("LessThan", high))
        if bound is not None
    ]
    return _joined("And", bounds) if bounds else element("ogc:Not", _unknown(name))


@filter_of.register
def _neither(condition: Neither) -> ET.Element:
    others = [filter_of(other) for other in condition.others]
    # Of a value that is not known no comparison says that it is false.
    return _joined("Or", [_unknown(condition.field), element("ogc:Not", _joined("Or", others))])


def _joined(how: str, filters: list[ET.Element]) -> ET.Element:
    return element(f"ogc:{how}", *filters) if len(filters) > 1 else filters[0]


def _unknown(name: str) -> ET.Element:
    return element("ogc:PropertyIsNull", element("ogc:PropertyName", name))


def _comparison(sign: str, name: str, value: str) -> ET.Element:
    return element(f"ogc:PropertyIs{sign}", *_sides(name, value))


def _sides(name: str, value: str) -> tuple[ET.Element, ET.Element]:
    return element("ogc:PropertyName", name), element("ogc:Literal", value)
