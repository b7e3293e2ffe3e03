"""The words of filters in SQL: values that were given, comparisons, patterns, lists, times.

Every value is bound; only the words of this file are SQL. Truth is three-valued as in SQL: a NULL
on either side gives NULL, and what is NULL is not found. Nothing here raises an error in the
database, whatever the values are.
"""

import re
from typing import NamedTuple

from django.db.models import BooleanField, Expression, Func, Value

_PLACE = re.compile(r"\{(\d)\}")
_SIGNS = {"=", "<>", "<", ">", "<=", ">="}


class Sql(Func):
    """SQL with expressions in the places `{0}`, `{1}` and so on, each as often as it is named."""

    output_field = BooleanField()

    def __init__(self, template: str, *expressions):
        super().__init__(*expressions, template=template)

    def as_sql(self, compiler, connection, **_more):
        compiled = [compiler.compile(each) for each in self.source_expressions]
        sql, params = [], []
        for position, piece in enumerate(_PLACE.split(self.extra["template"])):
            if position % 2:
                inner, values = compiled[int(piece)]
                sql.append(inner)
                params += values
            else:
                sql.append(piece)
        return "".join(sql), params


def _listed(template: str, joiner: str, expressions) -> Sql:
    """A template whose one place takes all expressions, joined."""
    return _Joined(template, joiner, *expressions)


class _Joined(Func):
    output_field = BooleanField()

    def __init__(self, template: str, joiner: str, *expressions):
        super().__init__(*expressions, template=template, arg_joiner=joiner)


# --- values that were given -----------------------------------------------------------------


def given_text(value: str) -> Expression:
    """A text."""
    return Sql("{0}::text", Value(value))


def given_number(digits: str) -> Expression:
    """A number, exact, as its digits."""
    return Sql("{0}::numeric", Value(digits))


def given_truth(value: bool) -> Expression:
    """True or false."""
    return Sql("{0}::boolean", Value(value))


def given_date(iso: str) -> Expression:
    """A date (ISO 8601), or `-infinity` and `infinity` for none."""
    return Sql("{0}::date", Value(iso))


def given_moment(iso: str) -> Expression:
    """A time with zone (ISO 8601), or `-infinity` and `infinity` for none."""
    return Sql("{0}::timestamptz", Value(iso))


def given_array(json: str) -> Expression:
    """A list as JSON text."""
    return Sql("{0}::jsonb", Value(json))


# --- values of records ----------------------------------------------------------------------


def column(expression, sql_type: str) -> Expression:
    """A column or expression as `text`, `numeric`, `boolean`, `date`, `timestamptz`."""
    return Sql(f"({{0}})::{sql_type}", expression)


def code_column(expression) -> Expression:
    """A code is a text also where the column holds numbers; an empty one is no code."""
    return Sql("NULLIF(({0})::text, '')", expression)


def array_column(expression) -> Expression:
    """An array as JSON."""
    return Sql("to_jsonb({0})", expression)


def stored(expression, json_type: str, sql_type: str) -> Expression:
    """The JSON value of a stored record, NULL where it is of another type than is declared."""
    template = "CASE WHEN jsonb_typeof({0}) = '%s' THEN ({0})::%s END"
    return Sql(template % (json_type, sql_type), expression)


def stored_date(text) -> Expression:
    """The text of a stored record as a date, NULL where it is none."""
    return Sql("filter_date({0})", text)


def stored_moment(text) -> Expression:
    """The text of a stored record as a time with zone, NULL where it is none."""
    return Sql("filter_moment({0})", text)


# --- logic and comparison -------------------------------------------------------------------


def all_of(terms) -> Expression:
    """Every term holds."""
    return _listed("(%(expressions)s)", " AND ", terms)


def any_of(terms) -> Expression:
    """One term holds at least."""
    return _listed("(%(expressions)s)", " OR ", terms)


def negated(term) -> Expression:
    """The term does not hold."""
    return Sql("(NOT {0})", term)


def compared(left, sign: str, right, *, texts: bool = False) -> Expression:
    """`left sign right`; texts are put in the order of code points."""
    if sign not in _SIGNS:
        raise ValueError(sign)
    collation = ' COLLATE "C"' if texts else ""
    return Sql(f"({{0}}{collation} {sign} {{1}})", left, right)


def between(value, low, high, *, texts: bool = False) -> Expression:
    """From `low` to `high`, both included."""
    collation = ' COLLATE "C"' if texts else ""
    return Sql(f"({{0}}{collation} BETWEEN {{1}} AND {{2}})", value, low, high)


def is_null(value) -> Expression:
    """Nothing is known of the value."""
    return Sql("({0} IS NULL)", value)


def identical(value, other: Expression | None) -> Expression:
    """The same value, or both not known."""
    if other is None:
        return is_null(value)
    return Sql("({0} IS NOT DISTINCT FROM {1})", value, other)


def mark(values, pk) -> Expression:
    """The place of a record among sorted ones, as JSON text."""
    return _listed("jsonb_build_array(%(expressions)s)::text", ", ", [*values, pk])


def among(value, items) -> Expression:
    """One of the items; of none nothing is."""
    if not items:
        return given_truth(False)
    return Sql("({0} IN {1})", value, _listed("(%(expressions)s)", ", ", items))


# --- texts ----------------------------------------------------------------------------------


def alike(value, pattern) -> Expression:
    """Matches a pattern of `%` and `_`; a backslash takes their meaning away."""
    return Sql("({0} LIKE {1})", value, pattern)


def folded(text) -> Expression:
    """The text without differences of case."""
    return Sql("filter_fold({0})", text)


def stripped(text) -> Expression:
    """The text without accents."""
    return Sql("filter_strip({0})", text)


def cased(function: str, text) -> Expression:
    """The text in `lower` or `upper` case, of every script."""
    # Two collations that are both named do not go together, and comparisons name this one.
    return Sql(f'({function}({{0}} COLLATE "und-x-icu") COLLATE "C")', text)


# --- numbers --------------------------------------------------------------------------------


def reckoned(left, sign: str, right) -> Expression:
    """Arithmetic; NULL where there is no result, such as of a division by zero."""
    return Sql("filter_reckon({0}, {1}::text, {2})", left, Value(sign), right)


def computed(function: str, *args) -> Expression:
    """A function of PostgreSQL by its name, which gives a number."""
    # Of a whole number PostgreSQL makes a double before it rounds it.
    return _listed(f"{function}(%(expressions)s)::numeric", ", ", args)


# --- lists ----------------------------------------------------------------------------------

_OVER_ARRAYS = {
    "a_contains": "({0} @> {1})",
    "a_containedBy": "({0} <@ {1})",
    "a_equals": "({0} @> {1} AND {0} <@ {1})",
    "a_overlaps": "filter_overlap({0}, {1})",
}


def array_of(items) -> Expression:
    """A list of values that are columns or expressions."""
    return _listed("jsonb_build_array(%(expressions)s)", ", ", items)


def over_arrays(op: str, left, right) -> Expression:
    """Two lists taken as sets."""
    return Sql(_OVER_ARRAYS[op], left, right)


# --- times ----------------------------------------------------------------------------------


class Span(NamedTuple):
    """First and last instant, both included."""

    start: Expression
    end: Expression


def begin_of_day(day, zone: str) -> Expression:
    """The first instant of a day in a time zone, by its name."""
    return Sql("(({0})::timestamp AT TIME ZONE {1})", day, Value(zone))


def end_of_day(day, zone: str) -> Expression:
    """The last instant of a day in a time zone, by its name."""
    following = "((({0}) + 1)::timestamp AT TIME ZONE {1} - interval '1 microsecond')"
    return Sql(following, day, Value(zone))


#: A is the left time and B the right one (OGC 21-065r2, tables 10 and 11).
_OVER_SPANS = {
    "t_after": "{0} > {3}",
    "t_before": "{1} < {2}",
    "t_contains": "{0} < {2} AND {1} > {3}",
    "t_disjoint": "({0} > {3} OR {1} < {2})",
    "t_during": "{0} > {2} AND {1} < {3}",
    "t_equals": "{0} = {2} AND {1} = {3}",
    "t_finishedBy": "{0} < {2} AND {1} = {3}",
    "t_finishes": "{0} > {2} AND {1} = {3}",
    "t_intersects": "{0} <= {3} AND {1} >= {2}",
    "t_meets": "{1} = {2}",
    "t_metBy": "{0} = {3}",
    "t_overlappedBy": "{0} > {2} AND {0} < {3} AND {1} > {3}",
    "t_overlaps": "{0} < {2} AND {1} > {2} AND {1} < {3}",
    "t_startedBy": "{0} = {2} AND {1} > {3}",
    "t_starts": "{0} = {2} AND {1} < {3}",
}


def over_spans(op: str, left: Span, right: Span) -> Expression:
    """How two times lie to each other; NULL where one end is."""
    known = "{0} IS NOT NULL AND {1} IS NOT NULL AND {2} IS NOT NULL AND {3} IS NOT NULL"
    return Sql(f"CASE WHEN {known} THEN {_OVER_SPANS[op]} END", *left, *right)
