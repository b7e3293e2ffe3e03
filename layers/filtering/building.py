"""Nodes made from what was read, text or JSON: names known, arguments counted, literals read.

Limits keep the work that a filter makes within bounds; walks of the tree are recursive.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from layers.filtering.errors import BadFilter
from layers.filtering.nodes import (
    Array,
    Box,
    Call,
    Day,
    Interval,
    Moment,
    Nest,
    Node,
    Number,
    Open,
    Operation,
    Place,
    Text,
)

MAX_LENGTH = 20_000
MAX_DEPTH = 50
MAX_OPERATIONS = 500
#: Decimal places left and right of the point within which numbers are reckoned with.
MAX_DIGITS = 300

COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
ARITHMETIC = ("+", "-", "*", "/", "%", "div", "^")
SPATIAL = (
    "s_contains", "s_crosses", "s_disjoint", "s_equals", "s_intersects", "s_overlaps",
    "s_touches", "s_within",
)  # fmt: skip
TEMPORAL = (
    "t_after", "t_before", "t_contains", "t_disjoint", "t_during", "t_equals", "t_finishedBy",
    "t_finishes", "t_intersects", "t_meets", "t_metBy", "t_overlappedBy", "t_overlaps",
    "t_startedBy", "t_starts",
)  # fmt: skip
ARRAYS = ("a_containedBy", "a_contains", "a_equals", "a_overlaps")
FOLDING = ("casei", "accenti")
#: How many arguments each operation of the standard takes; `and` and `or` take two or more.
ARITY = {
    **dict.fromkeys((*COMPARISONS, *ARITHMETIC, *SPATIAL, *TEMPORAL, *ARRAYS), 2),
    **dict.fromkeys((*FOLDING, "not", "isNull"), 1),
    "like": 2,
    "between": 3,
    "in": 2,
}

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(rf"{_DATE.pattern}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?Z")
#: PostgreSQL keeps no NUL in text, and lone surrogates are no text at all.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def check_length(source: str) -> None:
    """BadFilter for a filter that is longer than is read."""
    if len(source) > MAX_LENGTH:
        message = _("A filter has at most %(most)s characters.") % {"most": MAX_LENGTH}
        raise BadFilter(message, Place(MAX_LENGTH, MAX_LENGTH))


def check_size(root: Node) -> None:
    """BadFilter for a filter of more operations than are answered."""
    waiting, count = [root], 0
    while waiting:
        node = waiting.pop()
        count += isinstance(node, Operation | Call | Interval)
        if count > MAX_OPERATIONS:
            message = _("A filter has at most %(most)s operations.") % {"most": MAX_OPERATIONS}
            raise BadFilter(message, node.at)
        if isinstance(node, Nest):
            waiting += node.parts


def bounded(node: Nest) -> Nest:
    """The node itself; BadFilter where too many lie one in the other."""
    if node.depth > MAX_DEPTH:
        message = _("More than %(most)s operations lie one in the other.") % {"most": MAX_DEPTH}
        raise BadFilter(message, node.at)
    return node


def operation(op: str, args: Sequence[Node], at: Place) -> Node:
    """An operation of the standard."""
    expected = ARITY.get(op)
    if expected is None and len(args) < 2:
        raise BadFilter(_("At least two arguments are needed here."), at)
    if expected is not None and len(args) != expected:
        raise wrong_number(expected, at)
    return bounded(Operation(at, op, tuple(args)))


def wrong_number(expected: int, at: Place) -> BadFilter:
    """What is said when a function has more or fewer arguments than it takes."""
    message = ngettext(
        "This takes %(count)s argument.", "This takes %(count)s arguments.", expected
    )
    return BadFilter(message % {"count": expected}, at)


def call(name: str, args: Sequence[Node], at: Place) -> Node:
    """A function of ours; whether there is such a one is looked at later."""
    return bounded(Call(at, name, tuple(args)))


def array(items: Sequence[Node], at: Place) -> Node:
    """A list of values."""
    return bounded(Array(at, tuple(items)))


def text(value: str, at: Place) -> Text:
    """Characters that a text can have."""
    if _NO_TEXT.search(value):
        raise BadFilter(_("The text holds a character that no text has."), at)
    return Text(at, value)


def number(digits: str, at: Place) -> Number:
    """A number as it is written, no larger, smaller or longer than can be reckoned with."""
    try:
        value = Decimal(digits)
    except InvalidOperation:
        value = Decimal("NaN")
    if value.is_zero():
        return Number(at, Decimal(0))
    within = value.is_finite() and abs(value.adjusted()) < MAX_DIGITS
    if not within or len(value.as_tuple().digits) > MAX_DIGITS:
        raise BadFilter(_("This number has more digits than can be reckoned with."), at)
    return Number(at, value)


def day(written: str, at: Place) -> Day:
    """A date such as 2026-06-30."""
    try:
        if _DATE.fullmatch(written):
            return Day(at, date.fromisoformat(written))
    except ValueError:
        pass
    raise BadFilter(_("A date such as 2026-06-30 is needed here."), at)


def moment(written: str, at: Place) -> Moment:
    """A time in UTC such as 2026-06-30T08:00:00Z; digits beyond a microsecond are dropped."""
    try:
        if _TIMESTAMP.fullmatch(written):
            return Moment(at, datetime.fromisoformat(written).astimezone(UTC))
    except (ValueError, OverflowError):
        pass
    raise BadFilter(_("A time in UTC such as 2026-06-30T08:00:00Z is needed here."), at)


def end_of_interval(written: str, at: Place) -> Node:
    """A date, a time, or `..` for none."""
    if written == "..":
        return Open(at)
    return moment(written, at) if "T" in written else day(written, at)


def interval(start: Node, end: Node, at: Place) -> Node:
    """A time from one instant to another; BadFilter where it ends before it begins."""
    ends = (start, end)
    for kind in (Day, Moment):
        if all(isinstance(each, kind) for each in ends) and start.value > end.value:
            raise BadFilter(_("The interval ends before it begins."), at)
    return bounded(Interval(at, start, end))


def box(numbers: Sequence[Node], at: Place) -> Box:
    """Four numbers, or six with heights."""
    if len(numbers) not in (4, 6) or not all(isinstance(each, Number) for each in numbers):
        raise BadFilter(_("A box has four numbers, or six with heights."), at)
    return Box(at, tuple(float(each.value) for each in numbers))
