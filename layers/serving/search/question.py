"""What is asked of the search, read from the query string."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.postgis.boxes import Box
from layers.records.search import words_of
from layers.serving.parameters import known_parameters, parsed_bbox, parsed_limit, parsed_words

#: The parameters besides those that every address of the API takes.
NAMES = ("q", "limit", "bbox", "layers")
MAX_LIMIT = 50
DEFAULT_LIMIT = 10


@dataclass(frozen=True, kw_only=True)
class Question:
    """A search: `text` as typed, `words` in lower case, all of which must be found.

    Marks that stand alone are no words, so there may be none: then nothing is found.
    """

    text: str
    words: tuple[str, ...]
    limit: int
    box: Box | None
    layers: frozenset[str] | None


def read_question(query: QueryDict) -> Question:
    """The question; raises BadParameter for what is unknown, repeated or has a bad value."""
    given = known_parameters(query, NAMES)
    text = parsed_words(given.get("q", ""))
    return Question(
        text=text,
        words=words_of(text),
        limit=parsed_limit(given.get("limit"), usual=DEFAULT_LIMIT, most=MAX_LIMIT),
        box=parsed_bbox(given["bbox"]) if "bbox" in given else None,
        layers=_layers(given["layers"]) if "layers" in given else None,
    )


def _layers(value: str) -> frozenset[str]:
    names = value.split(",")
    if not all(names):
        raise BadParameter("layers", _("Give this parameter a value or leave it out."))
    return frozenset(names)
