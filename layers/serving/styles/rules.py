"""Which records a rule of a style (docs/styles.md) is for, and what they look like.

Each program that draws as we do has these said in its own words: `maplibre_filters`, `sld.filters`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from layers.registry import Declaration, FieldType

_STEERING = ("kind", "field", "rules", "themes", "base", "marker", "label")


class Equal(NamedTuple):
    """The field has the value; of `several` one must be it."""

    field: str
    value: str
    several: bool


class Within(NamedTuple):
    """The field is known, from `low` on and below `high`; None: no bound."""

    field: str
    low: float | None
    high: float | None


class Neither(NamedTuple):
    """None of the others holds, also where the field is not known."""

    field: str
    others: tuple[Equal | Within, ...]


Condition = Equal | Within | Neither


class Symbol(NamedTuple):
    """What records look like that a condition finds, None: all of the layer.

    `rule` is what the style says of them alone, `label` how they are named, None: not.
    """

    look: Mapping
    rule: Mapping
    matches: Condition | None
    label: Mapping | None


def symbols(declaration: Declaration) -> list[Symbol]:
    """The symbols of a layer, the least important first."""
    style = declaration.style
    rules, base = _rules(style), style.get("base", {})
    conditions = tuple(_conditions(declaration, style, rules))
    others = Neither(style.get("field", ""), conditions) if conditions else None
    found = [
        _symbol(style, {**base, **_look(rule)}, rule, condition)
        for rule, condition in zip(rules, conditions, strict=True)
    ]
    return [_symbol(style, base, {}, others), *reversed(found)]


def _rules(style: Mapping) -> Sequence[Mapping]:
    """The rules that tell records apart: a style of one kind of record has none."""
    return style.get("rules", ()) if style.get("kind") in ("category", "class") else ()


def _symbol(style: Mapping, look: Mapping, rule: Mapping, condition: Condition | None) -> Symbol:
    label = style.get("label")
    return Symbol(look, rule, condition, label and {**label, **rule.get("labelStyle", {})})


def _look(rule: Mapping) -> dict:
    return {name: value for name, value in rule.items() if name not in _STEERING}


def _conditions(
    declaration: Declaration, style: Mapping, rules: Sequence[Mapping]
) -> Iterator[Equal | Within]:
    name = style.get("field", "")
    if style.get("kind") == "class":
        yield from (Within(name, rule.get("min"), rule.get("max")) for rule in rules)
        return
    several = any(f.name == name and f.type is FieldType.CODES for f in declaration.fields)
    yield from (Equal(name, str(rule.get("value")), several) for rule in rules)
