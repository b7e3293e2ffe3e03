"""What is asked of the search, read from the query string."""

import math
from dataclasses import dataclass

from django.contrib.gis.geos import Polygon
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.postgis.fields import SRID

NAMES = ("q", "limit", "bbox", "layers", "lang")
LANGUAGES = {"zh": "zh-hans", "en": "en"}
MAX_LIMIT = 50
DEFAULT_LIMIT = 10
MAX_LENGTH = 100
MAX_WORDS = 8


@dataclass(frozen=True, kw_only=True)
class Question:
    """A search: `text` as typed, `words` in lower case, all of which must be found."""

    text: str
    words: tuple[str, ...]
    limit: int
    box: Polygon | None
    layers: frozenset[str] | None
    language: str


def read_question(parameters: QueryDict) -> Question:
    """The question; raises BadParameter for what is unknown, repeated or has a bad value."""
    for name, given in parameters.lists():
        if name not in NAMES:
            raise BadParameter(name, _("This parameter is not known here."))
        if len(given) > 1:
            raise BadParameter(name, _("Give this parameter once."))
    text = _text(parameters.get("q", ""))
    return Question(
        text=text,
        words=tuple(text.lower().split()),
        limit=_limit(parameters.get("limit")),
        box=_box(parameters.get("bbox")),
        layers=_layers(parameters.get("layers")),
        language=_language(parameters.get("lang")),
    )


def _text(value: str) -> str:
    text = " ".join(value.split())
    if not text:
        raise BadParameter("q", _("Say what to search for."))
    if "\0" in text or len(text) > MAX_LENGTH or text.count(" ") >= MAX_WORDS:
        limits = {"letters": MAX_LENGTH, "words": MAX_WORDS}
        raise BadParameter("q", _("At most %(letters)s letters and %(words)s words.") % limits)
    return text


def _limit(value: str | None) -> int:
    if value is None:
        return DEFAULT_LIMIT
    if value.isascii() and value.isdigit() and len(value) < 4 and 1 <= int(value) <= MAX_LIMIT:
        return int(value)
    raise BadParameter("limit", _("A whole number from 1 to %s.") % MAX_LIMIT)


def _box(value: str | None) -> Polygon | None:
    if value is None:
        return None
    try:
        west, south, east, north = numbers = [float(part) for part in value.split(",")]
    except ValueError:
        numbers = []
    if (
        not numbers
        or not all(map(math.isfinite, numbers))
        or not (-180 <= west < east <= 180 and -90 <= south < north <= 90)
    ):
        raise BadParameter("bbox", _("Four numbers in degrees: west,south,east,north."))
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = SRID
    return box


def _layers(value: str | None) -> frozenset[str] | None:
    return None if value is None else frozenset(filter(None, value.split(",")))


def _language(value: str | None) -> str:
    if value is None:
        return get_language() or LANGUAGES["zh"]
    if value not in LANGUAGES:
        raise BadParameter("lang", _("One of: %s.") % ", ".join(LANGUAGES))
    return LANGUAGES[value]
