"""Which records a rule of a style (docs/styles.md) is for, as filters of the MapLibre style."""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from layers.registry import Declaration, FieldType

Filter = list
_STEERING = ("kind", "field", "rules", "themes", "base", "marker", "label")


class Symbol(NamedTuple):
    """What records look like that a filter finds; `label` is how they are named, None: not."""

    look: Mapping
    matches: Filter | None
    label: Mapping | None


def symbols(declaration: Declaration) -> list[Symbol]:
    """The symbols of a layer, the least important first."""
    style = declaration.style
    rules, base = style.get("rules", ()), style.get("base", {})
    conditions = list(_conditions(declaration, style, rules))
    others = ["!", ["any", *conditions]] if conditions else None
    found = [
        _symbol(style, {**base, **_look(rule)}, rule, condition)
        for rule, condition in zip(rules, conditions, strict=True)
    ]
    return [_symbol(style, base, {}, others), *reversed(found)]


def _symbol(style: Mapping, look: Mapping, rule: Mapping, condition: Filter | None) -> Symbol:
    label = style.get("label")
    return Symbol(look, condition, label and {**label, **rule.get("labelStyle", {})})


def _look(rule: Mapping) -> dict:
    return {name: value for name, value in rule.items() if name not in _STEERING}


def _conditions(declaration: Declaration, style: Mapping, rules) -> Iterator[Filter]:
    name = style.get("field", "")
    if style.get("kind") == "class":
        yield from (_within(name, rule) for rule in rules)
        return
    several = any(f.name == name and f.type is FieldType.CODES for f in declaration.fields)
    for rule in rules:
        value = str(rule.get("value"))
        if several:
            # Tiles keep a list as JSON text.
            yield ["in", json.dumps(value), ["coalesce", ["get", name], ""]]
        else:
            yield ["==", ["to-string", ["get", name]], value]


def _within(name: str, rule: Mapping) -> Filter:
    number = ["to-number", ["get", name]]
    bounds = [
        [sign, number, rule[bound]]
        for bound, sign in (("min", ">="), ("max", "<"))
        if rule.get(bound) is not None
    ]
    return ["all", ["has", name], *bounds]
