"""Which records of a layer a request asks for: box, time, values of fields, filter, page."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Expression, FloatField, QuerySet
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import gettext as _

from layers.catalog.declarations import code_labels
from layers.errors import BadParameter
from layers.filtering import LANGUAGES, Question, condition
from layers.postgis.boxes import Box, GivenBox, meeting
from layers.postgis.curve import EVERYWHERE, Reading, Stretches, stretches_of
from layers.postgis.encoding import Cut
from layers.postgis.features import Presentation, stored_value
from layers.postgis.sorting import SortedCut
from layers.registry import Declaration, Field, FieldType
from layers.serving.parameters import (
    COMMON,
    Period,
    known_parameters,
    parsed_bbox,
    parsed_cursor,
    parsed_date,
    parsed_datetime,
    parsed_limit,
    parsed_moment,
    parsed_number,
    parsed_words,
)
from layers.serving.presentation import PRESENTATION, parsed_presentation, parsed_system
from layers.serving.sorting import parsed_sorting, sortables

#: The parameters of a page of records besides its fields.
FILTER = ("filter", "filter-lang", "filter-crs")
BOX = ("bbox", "bbox-crs")
PAGE = ("limit", "after", "before")
OWN = (*BOX, "datetime", "q", *FILTER, "sortby", *PRESENTATION, *PAGE)
_SHOWN_VALUES = 30


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What is asked for; `values` are the fields with the typed value each must have, `words` are
    looked for in names and codes, `condition` is what a filter in CQL2 says.
    """

    box: Box | GivenBox | None
    period: Period | None
    values: tuple[tuple[Field, object], ...]
    words: str
    condition: Expression | None
    presentation: Presentation
    cut: Cut | SortedCut

    @property
    def is_whole(self) -> bool:
        """True where every public record of the layer matches."""
        return not (self.box or self.period or self.values or self.words or self.condition)

    def stretches(self, levels: int | None, density: float) -> Stretches:
        """Where on the curve they lie in a layer with records at these levels, None: any.

        `density` is how many records the world had, were they everywhere as many as in the layer.
        """
        if self.box is None or levels is None:
            return EVERYWHERE
        place = self.cut.place
        reading = Reading(
            limit=self.cut.limit,
            start=place and place.number,
            is_backwards=self.cut.backwards,
            density=density,
        )
        return stretches_of(self.box, levels, reading)

    def of(self, records: QuerySet, *, by_index: bool = True) -> QuerySet:
        """Those of the records that match, a box looked up `by_index` or along the curve."""
        for field, value in self.values:
            records = _with_value(records, field, value)
        if self.period:
            records = records.in_effect_during(self.period.start, self.period.end)
        if self.words:
            records = records.matching(self.words)
        if self.condition:
            records = records.filter(self.condition)
        return meeting(records, self.box, by_index=by_index) if self.box else records


def filterable(declaration: Declaration) -> dict[str, Field]:
    """The fields a request may name; those called like a parameter of ours are not among them."""
    taken = {*OWN, *COMMON}
    return {field.name: field for field in declaration.queryables if field.name not in taken}


def geometry_name(declaration: Declaration) -> str:
    """What the geometry is called among the fields."""
    names = {field.name for field in declaration.fields}
    return next(name for name in ("geometry", "_geometry", "__geometry") if name not in names)


def parsed_selection(
    query: QueryDict, declaration: Declaration, known: tuple[str, ...] = OWN
) -> Selection:
    """The selection in a query string of fields and `known` parameters; raises BadParameter."""
    fields = filterable(declaration)
    given = known_parameters(query, (*known, *fields))
    return Selection(
        box=_box(given),
        period=parsed_datetime(given["datetime"]) if "datetime" in given else None,
        values=tuple(
            (f, parsed_value(f, given[name])) for name, f in fields.items() if name in given
        ),
        words=parsed_words(given["q"]) if "q" in given else "",
        condition=_condition(given, declaration),
        presentation=parsed_presentation(given, declaration),
        cut=_cut(given, fields),
    )


def _box(given: dict[str, str]) -> Box | None:
    system = parsed_system("bbox-crs", given)
    return parsed_bbox(given["bbox"], system) if "bbox" in given else None


def _cut(given: dict[str, str], fields: dict[str, Field]) -> Cut | SortedCut:
    if "after" in given and "before" in given:
        raise BadParameter("before", _("Give “after” or “before”, not both."))
    limit = parsed_limit(given.get("limit"))
    if "sortby" in given:
        return parsed_sorting(given, sortables(fields), limit)
    return Cut(
        limit=limit,
        after=parsed_cursor("after", given.get("after")),
        before=parsed_cursor("before", given.get("before")),
    )


def _condition(given: dict[str, str], declaration: Declaration) -> Expression | None:
    system = parsed_system("filter-crs", given)
    language = given.get("filter-lang", next(iter(LANGUAGES)))
    if language not in LANGUAGES:
        message = _("One of: %(values)s.") % {"values": ", ".join(LANGUAGES)}
        raise BadParameter("filter-lang", message)
    if "filter" not in given:
        return None
    question = Question(given["filter"], language, system)
    return condition(question, filterable(declaration), geometry_name(declaration))


def parsed_value(field: Field, text: str):
    """The value of a field as its type has it; raises BadParameter."""
    try:
        return _PARSERS.get(field.type, _text)(field, text)
    except (ValueError, OverflowError) as error:
        message = _EXPECTED[field.type]
        raise BadParameter(field.name, str(message())) from error


def _text(_field: Field, text: str) -> str:
    return text


def _integer(_field: Field, text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,30}", text):
        raise ValueError
    return int(text)


def _number(_field: Field, text: str) -> float:
    return parsed_number(text)


def _boolean(_field: Field, text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError
    return text == "true"


def _date(_field: Field, text: str) -> date:
    return parsed_date(text)


def _datetime(_field: Field, text: str) -> datetime:
    return parsed_moment(text)


def _code(field: Field, text: str) -> str:
    codes = code_labels(field.codes)
    if text in codes:
        return text
    if len(codes) > _SHOWN_VALUES:
        message = _("“%(text)s” is not in the code list; the queryables of the layer list it.")
        raise BadParameter(field.name, message % {"text": text[:40]})
    message = _("One of: %(values)s.") % {"values": ", ".join(codes)}
    raise BadParameter(field.name, message)


_PARSERS = {
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: _number,
    FieldType.YEAR: _integer,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.CODE: _code,
    FieldType.CODES: _code,
}
_EXPECTED = {
    FieldType.INTEGER: lambda: _("A whole number."),
    FieldType.NUMBER: lambda: _("A number."),
    FieldType.YEAR: lambda: _("A year such as 2026."),
    FieldType.BOOLEAN: lambda: _("“true” or “false”."),
    FieldType.DATE: lambda: _("A date such as 2026-06-30."),
    FieldType.DATETIME: lambda: _("A date and time with zone, such as 2026-06-30T08:00:00Z."),
}


def _with_value(records: QuerySet, field: Field, value) -> QuerySet:
    stored = stored_value(field)
    name = f"asked_{field.name}"
    if stored is not None:
        expression, value = stored, _as_stored(value)
    elif field.type is FieldType.NUMBER:
        # A decimal column refuses numbers of more digits than its own; a double compares with all.
        expression = Cast(field.expression, FloatField())
    else:
        expression = field.expression
    if field.type is FieldType.CODES:
        return records.alias(**{name: expression}).filter(**{f"{name}__contains": [value]})
    return records.alias(**{name: expression}).filter(**{name: value})


def _as_stored(value):
    """A value as stored layers keep it: dates and times are texts, times in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
