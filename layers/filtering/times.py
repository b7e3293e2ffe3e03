"""Times of a filter as spans with both ends included.

Dates alone are compared as dates. Beside a time with a clock a date is the whole of that day at the
place the service is set to, as in the parameter `datetime`.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from layers.filtering.errors import BadFilter
from layers.filtering.nodes import Place
from layers.filtering.values import Kind, Value
from layers.postgis import conditions as sql
from layers.postgis.conditions import Span

#: First and last instant; None where the time is open.
Ends = tuple[Value | None, Value | None]


def ends_of(value: Value, at: Place) -> Ends:
    """The ends of an interval; an instant begins and ends in itself."""
    if value.kind is Kind.INTERVAL:
        return value.expression
    if value.kind not in (Kind.DATE, Kind.TIMESTAMP):
        raise BadFilter(_("A date, a time or an interval is needed here."), at)
    return (value, value)


def spans_of(left: Ends, right: Ends) -> tuple[Span, Span]:
    """Two times so that they compare."""
    clocked = any(end and end.kind is Kind.TIMESTAMP for end in (*left, *right))
    span = _clocked if clocked else _daily
    return span(left), span(right)


def _daily(ends: Ends) -> Span:
    start, end = ends
    return Span(
        start.expression if start else sql.given_date("-infinity"),
        end.expression if end else sql.given_date("infinity"),
    )


def _clocked(ends: Ends) -> Span:
    start, end = ends
    return Span(
        _instant(start, first=True) if start else sql.given_moment("-infinity"),
        _instant(end, first=False) if end else sql.given_moment("infinity"),
    )


def _instant(value: Value, *, first: bool):
    if value.kind is Kind.TIMESTAMP:
        return value.expression
    bound = sql.begin_of_day if first else sql.end_of_day
    return bound(value.expression, timezone.get_default_timezone_name())
