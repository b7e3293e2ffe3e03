"""The columns of an export: declared fields, labelled and turned into values a program keeps."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext, override

from layers.catalog.declarations import code_labels
from layers.registry import Field, FieldType
from layers.serving.exports.export import Export


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


def columns_for(export: Export) -> list[Column]:
    """The fields as columns in the language of the export."""
    with override(export.language):
        words = {True: gettext("yes"), False: gettext("no")}
        return [
            Column(
                declared=declared,
                label=str(declared.label),
                unit=str(declared.unit),
                codes=_labels(declared.codes),
                words=words,
                separator="; " if export.language.startswith("en") else "、",
            )
            for declared in export.fields
        ]


def headings(export: Export, columns: list[Column]) -> list[str]:
    """What stands above the columns of a table, the place of the record last."""
    with override(export.language):
        place = [gettext("Longitude"), gettext("Latitude")]
        if not export.system.in_degrees:
            place = [gettext("Easting (m)"), gettext("Northing (m)")]
    with_place = place if export.presentation.geometry else []
    return [*(column.heading for column in columns), *with_place]


def _labels(slug: str) -> dict[str, str]:
    return {value: str(label) for value, label in code_labels(slug).items()} if slug else {}


def table(export: Export, columns: list[Column]) -> Iterator[list]:
    """Rows of cells, each ending in the place of a point on the record."""
    digits = export.system.digits
    for *fields, x, y in export.rows(**export.place):
        cells = [column.cell(value) for column, value in zip(columns, fields, strict=True)]
        if export.presentation.geometry:
            cells += [None if value is None else round(value, digits) for value in (x, y)]
        yield cells


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
