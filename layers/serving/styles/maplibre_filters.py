"""Conditions of rules as filters of the MapLibre style."""

import json
from functools import singledispatch

from layers.serving.styles.rules import Condition, Equal, Neither, Within

Filter = list


@singledispatch
def filter_of(condition: Condition) -> Filter:
    """The filter that finds the same records in a tile."""
    raise TypeError(condition)


@filter_of.register
def _equal(condition: Equal) -> Filter:
    name, value, several = condition
    if several:
        # Tiles keep a list as JSON text.
        return ["in", json.dumps(value), ["coalesce", ["get", name], ""]]
    return ["==", ["to-string", ["get", name]], value]


@filter_of.register
def _within(condition: Within) -> Filter:
    number = ["to-number", ["get", condition.field]]
    bounds = [
        [sign, number, bound]
        for sign, bound in ((">=", condition.low), ("<", condition.high))
        if bound is not None
    ]
    return ["all", ["has", condition.field], *bounds]


@filter_of.register
def _neither(condition: Neither) -> Filter:
    # Each is turned round by itself: QGIS leaves out a whole filter that negates several.
    return ["all", *(_opposite(other) for other in condition.others)]


def _opposite(condition: Equal | Within) -> Filter:
    if isinstance(condition, Equal):
        found = filter_of(condition)
        return ["!", found] if condition.several else ["!=", *found[1:]]
    number = ["to-number", ["get", condition.field]]
    bounds = [
        [sign, number, bound]
        for sign, bound in (("<", condition.low), (">=", condition.high))
        if bound is not None
    ]
    return ["any", ["!", ["has", condition.field]], *bounds]
