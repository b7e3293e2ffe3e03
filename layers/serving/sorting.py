"""The order a request wants records in (`sortby`), and places in such an order."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Expression
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.filtering.values import Kind, value_of
from layers.postgis import conditions as sql
from layers.postgis.sorting import Key, Mark, SortedCut, comparable_text
from layers.registry import Field, FieldType
from layers.serving.parameters import MAX_KEY, bad_cursor

MAX_SORT_KEYS = 5
#: Beyond it PostgreSQL keeps no number.
_MAX_EXPONENT = 16_000
_CURSOR = re.compile(r"s\.[A-Za-z0-9_-]+")


class _SortedBy(NamedTuple):
    kind: Kind
    key: Key


def sortables(filterable: Mapping[str, Field]) -> dict[str, Field]:
    """The fields that records can be sorted by: all that can be asked by but lists."""
    return {name: field for name, field in filterable.items() if field.type is not FieldType.CODES}


def parsed_sorting(given: Mapping[str, str], fields: Mapping[str, Field], limit: int) -> SortedCut:
    """The page of sorted records asked for by `sortby` and its cursors; raises BadParameter."""
    chosen = [_sorted_by(item, fields) for item in _items(given["sortby"])]
    marks = {
        name: _mark(name, given[name], [each.kind for each in chosen])
        for name in ("after", "before")
        if name in given
    }
    return SortedCut(keys=tuple(each.key for each in chosen), limit=limit, **marks)


def _items(text: str) -> list[str]:
    items = text.split(",")
    names = [item.lstrip("+-") for item in items]
    if len(set(names)) < len(names):
        raise BadParameter("sortby", _("Name each property once."))
    if len(items) > MAX_SORT_KEYS:
        message = _("At most %(maximum)s properties.") % {"maximum": MAX_SORT_KEYS}
        raise BadParameter("sortby", message)
    return items


def _sorted_by(item: str, fields: Mapping[str, Field]) -> _SortedBy:
    # In an address a plus stands for a space.
    sign, name = (item[0], item[1:]) if item[:1] in ("+", "-", " ") else ("+", item)
    if name not in fields:
        message = _("“%(name)s” is nothing to sort by. Known here: %(names)s.")
        shown = {"name": name[:40], "names": ", ".join(fields)}
        raise BadParameter("sortby", message % shown)
    kind, expression = value_of(fields[name])
    if kind is Kind.TEXT:
        expression = comparable_text(expression)
    return _SortedBy(kind, Key(expression, descending=sign == "-"))


def sorted_cursor(place: str) -> str:
    """The place of a record among sorted ones, as links carry it; its form may change."""
    return "s." + base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _mark(name: str, text: str, kinds: list[Kind]) -> Mark:
    if not _CURSOR.fullmatch(text):
        raise bad_cursor(name)
    try:
        code = text[2:]
        place = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode()
        *values, pk = json.loads(place, parse_float=Decimal, parse_int=Decimal)
        named = zip(kinds, values, strict=True)
        return Mark(tuple(_given(kind, value) for kind, value in named), _key(pk))
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise bad_cursor(name) from error


def _key(pk) -> int:
    if not isinstance(pk, Decimal) or pk != int(pk) or not 0 <= pk <= MAX_KEY:
        raise ValueError(pk)
    return int(pk)


def _given(kind: Kind, value) -> Expression | None:
    return None if value is None else _GIVEN[kind](value)


def _text(value) -> Expression:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    return sql.given_text(value)


def _number(value) -> Expression:
    if not isinstance(value, Decimal) or abs(value.adjusted()) > _MAX_EXPONENT:
        raise ValueError(value)
    return sql.given_number(str(value))


def _truth(value) -> Expression:
    if not isinstance(value, bool):
        raise ValueError(value)
    return sql.given_truth(value)


_GIVEN = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _truth,
    Kind.DATE: lambda value: sql.given_date(date.fromisoformat(value).isoformat()),
    Kind.TIMESTAMP: lambda value: sql.given_moment(datetime.fromisoformat(value).isoformat()),
}
