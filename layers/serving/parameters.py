"""Query parameters read strictly: unknown ones, repeated ones and bad values are refused."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import isfinite

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.postgis.boxes import Box, box_in
from layers.postgis.curve import END, NOWHERE
from layers.postgis.encoding import Place
from layers.postgis.systems import CRS84, OffTheSystem, System
from layers.serving.negotiation import LANGUAGES

#: A page that a person can look at and that is quickly there; the standard's own default of 10
#: makes programs that follow `next` ask ten times as often.
DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
#: What is looked for in texts.
MAX_LETTERS = 100
MAX_WORDS = 8
#: Those every resource knows.
COMMON = ("f", "lang")

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    rf"{_DATE.pattern}[Tt][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?([Zz]|[+-][0-9]{{2}}:[0-9]{{2}})"
)
_DAY = timedelta(days=1) - timedelta(microseconds=1)
MAX_KEY = 2**63 - 1


def known_parameters(query: QueryDict, known: Iterable[str]) -> dict[str, str]:
    """The parameters as plain texts; BadParameter for one that is unknown, repeated or empty."""
    known = (*known, *COMMON)
    for name, values in query.lists():
        if name not in known:
            names = ", ".join(known)
            raise BadParameter(
                name, _("Unknown parameter. Known here: %(names)s.") % {"names": names}
            )
        if len(values) > 1:
            raise BadParameter(name, _("Give this parameter once."))
        if not values[0]:
            raise BadParameter(name, _("Give this parameter a value or leave it out."))
        if "\x00" in values[0]:
            raise BadParameter(name, _("The value holds a character that no text has (NUL)."))
    if query.get("lang", "zh") not in LANGUAGES:
        raise BadParameter(
            "lang", _("Languages here: %(names)s.") % {"names": ", ".join(LANGUAGES)}
        )
    return query.dict()


def parsed_limit(text: str | None, usual: int = DEFAULT_LIMIT, most: int = MAX_LIMIT) -> int:
    """How many at most; above the maximum the maximum (OGC 17-069, fc-limit-response-1 C)."""
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        message = _("A whole number from 1 to %(maximum)s.") % {"maximum": most}
        raise BadParameter("limit", message)
    return most if len(text) > 9 else min(int(text), most)


def parsed_bbox(text: str, system: System = CRS84) -> Box:
    """Two corners of two numbers, or of three with heights, in the axes of the system."""
    numbers = [_coordinate(part) for part in text.split(",")]
    if len(numbers) not in (4, 6):
        raise BadParameter("bbox", _("Four numbers, or six with heights, separated by commas."))
    try:
        return box_in(system, numbers)
    except OffTheSystem as error:
        raise BadParameter("bbox", _outside(system)) from error
    except ValueError as error:
        message = _("The lower corner comes first: south before north, bottom before top.")
        raise BadParameter("bbox", message) from error


def _outside(system: System) -> str:
    if system.in_degrees:
        return _("Longitude lies between -180 and 180, latitude between -90 and 90.")
    return _("The box lies outside of the coordinate system %(name)s.") % {"name": system.name}


def _coordinate(text: str) -> float:
    try:
        return parsed_number(text)
    except ValueError as error:
        message = _("“%(text)s” is not a number.") % {"text": text[:40]}
        raise BadParameter("bbox", message) from error


def parsed_truth(name: str, text: str) -> bool:
    """`true` or `false`."""
    if text not in ("true", "false"):
        raise BadParameter(name, _("“true” or “false”."))
    return text == "true"


def parsed_number(text: str) -> float:
    """A finite number in plain digits; raises ValueError."""
    if not _NUMBER.fullmatch(text) or not isfinite(float(text)):
        raise ValueError(text)
    return float(text)


def parsed_date(text: str) -> date:
    """A date such as 2026-06-30; raises ValueError."""
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def parsed_moment(text: str) -> datetime:
    """A date and time with zone (RFC 3339); raises ValueError, OverflowError."""
    if not _DATE_TIME.fullmatch(text):
        raise ValueError(text)
    # A leap second, which RFC 3339 allows and clocks here do not know, is taken for the one before.
    moment = datetime.fromisoformat(re.sub(r"(T\d\d:\d\d):60", r"\1:59", text.upper()))
    timezone.localtime(moment)  # the last hours of year 9999 are beyond what can be reckoned with
    return moment


def parsed_words(text: str) -> str:
    """What to look for in texts, without needless space."""
    found = " ".join(text.split())
    if not found:
        raise BadParameter("q", _("Say what to search for."))
    if len(found) > MAX_LETTERS or found.count(" ") >= MAX_WORDS:
        limits = {"letters": MAX_LETTERS, "words": MAX_WORDS}
        raise BadParameter("q", _("At most %(letters)s letters and %(words)s words.") % limits)
    return found


@dataclass(frozen=True)
class Period:
    """A time or an interval, both ends included; None is open."""

    start: datetime | None
    end: datetime | None


def parsed_datetime(text: str) -> Period:
    """An instant, a day, or an interval with one end open at most (RFC 3339; OGC 17-069 §7.15.4).

    A day is one of the place the service is set to.
    """
    first, slash, second = text.partition("/")
    if not slash:
        moment = _span(text)
        return Period(moment.start, moment.end)
    start = None if first in ("", "..") else _span(first).start
    end = None if second in ("", "..") else _span(second).end
    if start is None and end is None:
        raise _bad_datetime()
    if start and end and start > end:
        raise BadParameter("datetime", _("The interval ends before it begins."))
    return Period(start, end)


def _span(text: str) -> Period:
    # The year 0, which RFC 3339 allows, QGIS begins with where nothing is before, and clocks here
    # do not know, is taken for the one after.
    text = re.sub(r"^0000-", "0001-", text)
    try:
        if "T" in text.upper():
            moment = parsed_moment(text)
            return Period(moment, moment)
        midnight = timezone.make_aware(datetime.combine(parsed_date(text), time()))
        return Period(midnight, midnight + _DAY)
    except (ValueError, OverflowError) as error:
        raise _bad_datetime() from error


def _bad_datetime() -> BadParameter:
    example = "2026-06-30T00:00:00Z, 2026-01-01/2026-06-30, ../2026-06-30"
    message = _("A date, a date and time with zone, or an interval, such as: %(example)s.")
    return BadParameter("datetime", message % {"example": example})


CURSOR_PATTERN = "^[0-9a-f]{1,16}-[0-9a-f]{1,16}$"


def cursor_text(place: Place) -> str:
    """The place after (or before) a record, as links carry it; its form may change."""
    return f"{place.number - NOWHERE:x}-{place.pk:x}"


def parsed_cursor(name: str, text: str | None) -> Place | None:
    """The place in a cursor made by `cursor_text`."""
    if text is None:
        return None
    if not re.fullmatch(CURSOR_PATTERN, text):
        raise bad_cursor(name)
    number, pk = (int(part, 16) for part in text.split("-"))
    return Place(min(number + NOWHERE, END), min(pk, MAX_KEY))


def bad_cursor(name: str) -> BadParameter:
    """A place that no link has given."""
    return BadParameter(name, _("Follow the links “next” and “prev” instead of making this up."))
