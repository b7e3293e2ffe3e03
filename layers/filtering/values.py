"""Values of a filter with their types: properties of records as their fields are declared."""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from django.db.models import Expression
from django.utils.translation import gettext_lazy as _

from layers.postgis import conditions as sql
from layers.postgis.features import stored_value
from layers.registry import Field, FieldType


class Kind(Enum):
    """Types of values, with what they are called."""

    TEXT = _("text")
    NUMBER = _("number")
    BOOLEAN = _("true or false")
    DATE = _("date")
    TIMESTAMP = _("time")
    INTERVAL = _("interval")
    GEOMETRY = _("geometry")
    ARRAY = _("list")


class Value(NamedTuple):
    """A value; `expression` is what gives it, of an interval a span, and of its open end None."""

    kind: Kind
    expression: Expression | sql.Span


#: Each type as a column of a typed layer has it, and as a stored layer keeps it in JSON.
_COLUMNS: dict[Kind, Callable] = {
    Kind.TEXT: lambda source: sql.column(source, "text"),
    Kind.NUMBER: lambda source: sql.column(source, "numeric"),
    Kind.BOOLEAN: lambda source: sql.column(source, "boolean"),
    Kind.DATE: lambda source: sql.column(source, "date"),
    Kind.TIMESTAMP: lambda source: sql.column(source, "timestamptz"),
    Kind.ARRAY: sql.array_column,
}
_IN_JSON: dict[Kind, Callable] = {
    Kind.NUMBER: lambda json: sql.stored(json, "number", "numeric"),
    Kind.BOOLEAN: lambda json: sql.stored(json, "boolean", "boolean"),
    Kind.ARRAY: lambda json: sql.stored(json, "array", "jsonb"),
}
_AS_TEXT: dict[Kind, Callable] = {
    Kind.TEXT: lambda text: text,
    Kind.DATE: sql.stored_date,
    Kind.TIMESTAMP: sql.stored_moment,
}
_KINDS = {
    FieldType.TEXT: Kind.TEXT,
    FieldType.CODE: Kind.TEXT,
    FieldType.URL: Kind.TEXT,
    FieldType.INTEGER: Kind.NUMBER,
    FieldType.NUMBER: Kind.NUMBER,
    FieldType.YEAR: Kind.NUMBER,
    FieldType.BOOLEAN: Kind.BOOLEAN,
    FieldType.DATE: Kind.DATE,
    FieldType.DATETIME: Kind.TIMESTAMP,
    FieldType.CODES: Kind.ARRAY,
}


def value_of(field: Field) -> Value:
    """The value of a field; NULL where a stored one is not of the type that is declared."""
    kind, stored = _KINDS[field.type], stored_value(field)
    if field.type in (FieldType.CODE, FieldType.URL):
        return Value(kind, sql.code_column(field.expression))
    if stored is None:
        return Value(kind, _COLUMNS[kind](field.expression))
    if kind in _IN_JSON:
        return Value(kind, _IN_JSON[kind](stored))
    return Value(kind, _AS_TEXT[kind](field.expression))
