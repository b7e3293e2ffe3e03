"""Values of the data dictionary: each type's way of being written, its range and its code list."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.dateparse import parse_datetime as parse_iso_datetime
from django.utils.translation import gettext as _

from layers.bilingual import Text
from layers.registry import Field, FieldType

_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
_TRUE = {"true", "t", "yes", "y", "1", "是", "有", "真"}
_FALSE = {"false", "f", "no", "n", "0", "否", "无", "假"}
_url = URLValidator(schemes=["http", "https"])
#: PostgreSQL keeps no NUL in text, and lone surrogates are no text at all.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Fault(NamedTuple):
    """Why a value is refused: a stable code and a sentence."""

    code: str
    message: str


class Reader:
    """Reads the values of one field; code lists are looked up once."""

    def __init__(self, field: Field, codes: Mapping[str, Text]):
        self.field = field
        self._codes = _spellings(codes)
        self._parse: Callable = _PARSERS.get(field.type, parse_text)

    def read(self, value) -> tuple[object, Fault | None]:
        """The value as it is kept (None: not given), and what is wrong with it if anything."""
        if value is None or (isinstance(value, str) and not value.strip()):
            if self.field.required:
                return None, Fault("required", _("The value is required."))
            return None, None
        if self.field.type in (FieldType.CODE, FieldType.CODES):
            return self._coded(value)
        parsed = self._parse(value)
        if parsed is None:
            return None, Fault("type", self._not_of_type(value))
        return parsed, self._out_of_range(parsed)

    def _coded(self, value) -> tuple[object, Fault | None]:
        several = self.field.type is FieldType.CODES
        words = value if isinstance(value, list) else re.split(r"[;,；，、|]", str(value))
        words = [_word(word) for word in words] if several else [_word(value)]
        found = [self._codes.get(word.casefold()) for word in words if word]
        if None in found:
            unknown = words[found.index(None)]
            message = _("“%(value)s” is not in the code list.") % {"value": unknown[:60]}
            return None, Fault("code-unknown", message)
        return (found if several else found[0]), None

    def _not_of_type(self, value) -> str:
        sentence = {
            FieldType.INTEGER: _("“%(value)s” is not a whole number."),
            FieldType.NUMBER: _("“%(value)s” is not a number."),
            FieldType.YEAR: _("“%(value)s” is not a year (2026)."),
            FieldType.BOOLEAN: _("“%(value)s” is neither yes nor no."),
            FieldType.DATE: _("“%(value)s” is not a date (2026-06-30)."),
            FieldType.DATETIME: _("“%(value)s” is not a time (2026-06-30 08:00)."),
            FieldType.URL: _("“%(value)s” is not a web address (http or https)."),
        }[self.field.type]
        return sentence % {"value": str(value)[:60]}

    def _out_of_range(self, value) -> Fault | None:
        if not self.field.is_numeric:
            return None
        low, high = self.field.minimum, self.field.maximum
        if low is not None and value < low:
            message = _("%(value)g is below the smallest value allowed, %(limit)g.")
            return Fault("range", message % {"value": value, "limit": low})
        if high is not None and value > high:
            message = _("%(value)g is above the largest value allowed, %(limit)g.")
            return Fault("range", message % {"value": value, "limit": high})
        return None


def _spellings(codes: Mapping[str, Text]) -> dict[str, str]:
    """A code is known by its value and by its label in either language."""
    known = {}
    for value, label in codes.items():
        for spelling in (label.zh, label.en, value):
            known[spelling.casefold()] = value
    return known


def _word(value) -> str:
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def parse_text(value) -> str:
    """Text; nested values of GeoJSON as JSON, whole numbers without a point."""
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    text = _word(value) if isinstance(value, int | float) else str(value).strip()
    return _UNSTORABLE.sub("\ufffd", text)


def parse_integer(value) -> int | None:
    """A whole number; 12.0 is one, 12.5 is none."""
    number = parse_number(value)
    if number is None or number != int(number):
        return None
    return int(str(value).strip()) if str(value).strip().lstrip("+-").isdigit() else int(number)


def parse_number(value) -> float | int | None:
    """A finite number; thousands may be grouped with commas."""
    if isinstance(value, bool):
        return None
    try:
        text = value.strip() if isinstance(value, str) else value
        if isinstance(text, str) and re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
            text = text.replace(",", "")
        number = text if isinstance(text, int) else float(text)
        return number if math.isfinite(number) else None
    except (TypeError, ValueError, OverflowError):
        return None


def parse_boolean(value) -> bool | None:
    """true/false, yes/no, 是/否, 1/0."""
    word = _word(value).casefold()
    return True if word in _TRUE else False if word in _FALSE else None


def parse_date(value) -> str | None:
    """ISO date of 2026-06-30, 2026/6/30, 20260630 or 2026年6月30日 (a time after it is dropped)."""
    match = _DATE.match(_word(value))
    if match is None:
        return None
    numbers = [int(part) for part in match.groups() if part]
    try:
        return date(*numbers).isoformat()
    except ValueError:
        return None


def parse_datetime(value) -> str | None:
    """ISO instant in UTC; without a zone the time is the service's own."""
    text = _word(value)
    try:
        moment = parse_iso_datetime(text.replace("/", "-"))
    except ValueError:
        return None
    if moment is None:
        day = parse_date(text) if len(text) <= 11 else None
        moment = datetime.fromisoformat(day) if day else None
    if moment is None:
        return None
    aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_url(value) -> str | None:
    """An http or https address."""
    try:
        _url(text := parse_text(value))
    except ValidationError:
        return None
    return text


_PARSERS = {
    FieldType.INTEGER: parse_integer,
    FieldType.NUMBER: parse_number,
    FieldType.YEAR: parse_integer,
    FieldType.BOOLEAN: parse_boolean,
    FieldType.DATE: parse_date,
    FieldType.DATETIME: parse_datetime,
    FieldType.URL: parse_url,
}
