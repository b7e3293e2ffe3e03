"""Which metadata records a request asks for (OGC 20-004, core query parameters)."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.postgis.boxes import Box
from layers.serving.metadata.description import Description
from layers.serving.parameters import (
    Period,
    known_parameters,
    parsed_bbox,
    parsed_datetime,
    parsed_limit,
)

PARAMETERS = ("q", "bbox", "datetime", "type", "ids", "limit", "offset")
MOST_SKIPPED = 10_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for; None: anything."""

    phrases: tuple[str, ...] | None
    box: Box | None
    period: Period | None
    types: tuple[str, ...] | None
    ids: tuple[str, ...] | None
    limit: int
    offset: int

    def matches(self, layer: Description) -> bool:
        """Whether a layer is among what is asked for; what is not known of it matches."""
        return (
            (self.types is None or "dataset" in self.types)
            and (self.ids is None or layer.id in self.ids)
            and (self.phrases is None or _says_one(layer, self.phrases))
            and (self.box is None or layer.box is None or _meet(self.box, layer.box))
            and (self.period is None or _began(layer, self.period))
        )


def asked(query: QueryDict) -> Asked:
    """What a query string asks for; raises BadParameter."""
    given = known_parameters(query, PARAMETERS)
    phrases = _list(given.get("q"))
    return Asked(
        phrases=phrases and tuple(" ".join(each.casefold().split()) for each in phrases),
        box=parsed_bbox(given["bbox"]) if "bbox" in given else None,
        period=parsed_datetime(given["datetime"]) if "datetime" in given else None,
        types=_list(given.get("type")),
        ids=_list(given.get("ids")),
        limit=parsed_limit(given.get("limit")),
        offset=_offset(given.get("offset", "0")),
    )


def _list(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(part.strip() for part in text.split(","))


def _offset(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > MOST_SKIPPED:
        message = _("A whole number from 0 to %(maximum)s.") % {"maximum": MOST_SKIPPED}
        raise BadParameter("offset", message)
    return int(text)


def _says_one(layer: Description, phrases: tuple[str, ...]) -> bool:
    """One of the phrases stands in the texts, whatever its case (requirement q-response)."""
    texts = (*layer.title, *layer.abstract, *layer.keywords, *layer.group)
    said = [" ".join(text.casefold().split()) for text in texts]
    return any(phrase in text for phrase in phrases if phrase for text in said)


def _meet(asked_for: Box, box: tuple[float, ...]) -> bool:
    west, south, east, north = box
    if asked_for.north < south or asked_for.south > north:
        return False
    if asked_for.west > asked_for.east:  # spans the antimeridian
        return east >= asked_for.west or west <= asked_for.east
    return asked_for.west <= east and asked_for.east >= west


def _began(layer: Description, period: Period) -> bool:
    return layer.begin is None or period.end is None or layer.begin <= period.end
