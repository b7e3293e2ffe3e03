"""The functions that filters may call besides those of the standard."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.db.models import Expression
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.filtering.values import Kind
from layers.postgis import relations
from layers.postgis.conditions import cased, computed


class Function(NamedTuple):
    """A function: types of its arguments and of its result, and what computes it."""

    description: Promise
    args: tuple[Kind, ...]
    returns: Kind
    compute: Callable[..., Expression]
    whole: bool = False


_TEXT, _NUMBER, _SHAPE = Kind.TEXT, Kind.NUMBER, Kind.GEOMETRY


def _of_text(name: str, description: Promise) -> Function:
    return Function(description, (_TEXT,), _TEXT, partial(cased, name))


def _of_number(name: str, description: Promise, whole: bool = True) -> Function:
    return Function(description, (_NUMBER,), _NUMBER, partial(computed, name), whole)


FUNCTIONS = {
    "lower": _of_text("lower", _("The text in small letters")),
    "upper": _of_text("upper", _("The text in capital letters")),
    "length": Function(
        _("How many characters the text has"), (_TEXT,), _NUMBER, partial(computed, "length"), True
    ),
    "abs": _of_number("abs", _("The number without its sign"), whole=False),
    "round": _of_number("round", _("The nearest whole number; a half goes away from zero")),
    "floor": _of_number("floor", _("The next whole number below")),
    "ceil": _of_number("ceil", _("The next whole number above")),
    "area": Function(
        _("The area on the ellipsoid in square metres"), (_SHAPE,), _NUMBER, relations.area
    ),
    "distance": Function(
        _("The shortest way on the ellipsoid in metres"),
        (_SHAPE, _SHAPE),
        _NUMBER,
        relations.distance,
    ),
}
_NAMES = {Kind.TEXT: "string", Kind.NUMBER: "number", Kind.GEOMETRY: "geometry"}


def functions_document() -> list[dict]:
    """The functions as `/functions` lists them (OGC 21-065r2, schema of functions)."""
    return [
        {
            "name": name,
            "description": str(function.description),
            "args": [{"type": [_NAMES[kind]]} for kind in function.args],
            "returns": ["integer" if function.whole else _NAMES[function.returns]],
        }
        for name, function in FUNCTIONS.items()
    ]
