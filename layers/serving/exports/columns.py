"""The columns of an export: declared fields, labelled and turned into values a program keeps."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from django.db.models import QuerySet
from django.utils.translation import gettext, override

from layers.catalog.declarations import code_labels
from layers.postgis.fields import DEGREE_DIGITS
from layers.postgis.shapes import Latitude, Longitude
from layers.registry import Declaration, Field, FieldType

#: Rows fetched at a time from the server-side cursor: what bounds the memory of an export.
CHUNK = 2000


@dataclass(frozen=True)
class Column:
    """One column of a table for people: label in their language, codes as labels."""

    declared: Field
    label: str
    unit: str
    codes: dict[str, str] = field(default_factory=dict)
    words: dict[bool, str] = field(default_factory=dict)
    separator: str = "; "

    @property
    def heading(self) -> str:
        """The label with the unit, as tables show it."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    def cell(self, value):
        """A text, number, date or None: what a table program should show."""
        value = typed_value(self.declared, value)
        if isinstance(value, bool):
            return self.words[value]
        if isinstance(value, list):
            return self.separator.join(self.codes.get(code, code) for code in value)
        return self.codes.get(str(value), value) if self.codes else value


def columns_for(declaration: Declaration, language: str) -> list[Column]:
    """The public fields as columns in `zh…` or `en…`."""
    with override(language):
        words = {True: gettext("yes"), False: gettext("no")}
        return [
            Column(
                declared=declared,
                label=str(declared.label),
                unit=str(declared.unit),
                codes=_labels(declared.codes),
                words=words,
                separator="; " if language.startswith("en") else "、",
            )
            for declared in declaration.public_fields
        ]


def _labels(slug: str) -> dict[str, str]:
    return {value: str(label) for value, label in code_labels(slug).items()} if slug else {}


def values(declaration: Declaration, records: QuerySet, **extra) -> Iterator[tuple]:
    """The public fields of each record, then `extra` expressions, from a server-side cursor."""
    asked = {f"export_{f.name}": f.expression for f in declaration.public_fields}
    asked |= {f"export_of_{name}": expression for name, expression in extra.items()}
    plain = records.prefetch_related(None).annotate(**asked)
    return plain.values_list(*asked).iterator(chunk_size=CHUNK)


def table(declaration: Declaration, records: QuerySet, columns: list[Column]) -> Iterator[list]:
    """Rows of cells, each ending in longitude and latitude of a point on the record."""
    for row in values(declaration, records, lon=Longitude("geom"), lat=Latitude("geom")):
        *fields, lon, lat = row
        cells = [column.cell(value) for column, value in zip(columns, fields, strict=True)]
        yield [*cells, _degrees(lon), _degrees(lat)]


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, DEGREE_DIGITS)


def typed_value(declared: Field, value):
    """What the data dictionary says the value is, whichever kind of layer it comes from.

    Stored layers give texts; one that is not what its field declares is kept as the text it is.
    """
    if value is None or value == "":
        return None
    try:
        return _CONVERT.get(declared.type, str)(value)
    except (ValueError, KeyError, TypeError, InvalidOperation):
        return str(value)


def _number(value) -> int | float:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return int(number) if number == number.to_integral_value() else float(number)


def _boolean(value) -> bool:
    return value if isinstance(value, bool) else {"true": True, "false": False}[str(value).lower()]


def _date(value) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _datetime(value) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _codes(value) -> list[str]:
    return [str(code) for code in (json.loads(value) if isinstance(value, str) else value)]


_CONVERT = {
    FieldType.INTEGER: _number,
    FieldType.NUMBER: _number,
    FieldType.YEAR: _number,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.CODES: _codes,
}
