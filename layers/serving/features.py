"""Records as GeoJSON: pages and single ones, written by PostGIS and passed on as they are."""

import json
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from layers.errors import UnknownRecord
from layers.postgis.boxes import GivenBox, values_of
from layers.postgis.encoding import (
    Page,
    PageSource,
    Place,
    feature_statement,
    page_statement,
    read_page,
)
from layers.postgis.features import PLAIN, Presentation
from layers.postgis.sorting import SortedCut, read_sorted_page
from layers.postgis.statements import Statement
from layers.postgis.systems import System
from layers.postgis.transforming import within_system
from layers.serving.links import with_query
from layers.serving.parameters import COMMON, cursor_text, known_parameters
from layers.serving.presentation import PRESENTATION, parsed_presentation
from layers.serving.published import Collection, read_up_to_date
from layers.serving.selection import BOX, PAGE, Selection, parsed_selection
from layers.serving.sorting import sorted_cursor

#: In a layer of so many records the matching ones are counted for every page; in a larger one that
#: would cost more than the page itself.
QUICKLY_COUNTED = 10_000
#: What differs from page to page of one question.
_OF_THE_PLACE = (*BOX, *PAGE, *COMMON)
#: Stand before the features and after them.
_HEAD = b'{"type":"FeatureCollection","features":['
_TAIL = '],%s"numberReturned":%d,"timeStamp":"%s","links":%s}'


@dataclass(frozen=True)
class Found:
    """A page of records and the addresses of those before and after it, None at the ends.

    `matched` is how many records there are on all pages; None where counting them would cost more
    than reading the page.
    """

    collection: Collection
    page: Page
    system: System
    matched: int | None
    previous_url: str | None
    next_url: str | None

    @property
    def version(self) -> int | None:
        """The version of the layer that the page is of."""
        return self.page.version

    def as_geojson(self, links: list[dict]) -> bytes:
        """A FeatureCollection with these links."""
        told = _TAIL % (
            "" if self.matched is None else f'"numberMatched":{self.matched},',
            self.page.returned,
            timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            json.dumps(links, ensure_ascii=False),
        )
        return b"".join((_HEAD, self.page.features, told.encode()))


def find_page(slug: str, query: QueryDict, url: str, *, plain: bool = False) -> Found:
    """The page of a layer that a query string asks for; raises BadParameter, UnknownLayer.

    A plain one has whole records in degrees, whatever presentation is asked for.
    """

    def find(collection: Collection) -> Found:
        selection = parsed_selection(query, collection.declaration)
        if plain:
            selection = replace(selection, presentation=PLAIN)
        return _found(collection, selection, _read(collection, selection, query), url)

    return read_up_to_date(slug, find)


def _found(collection: Collection, selection: Selection, page: Page, url: str) -> Found:
    previous_url = next_url = None
    if page.has_previous:
        previous_url = with_query(url, before=_cursor(page.first), after=None)
    if page.has_next:
        next_url = with_query(url, after=_cursor(page.last), before=None)
    matched = _matched(collection, selection, page)
    system = selection.presentation.system
    return Found(collection, page, system, matched, previous_url, next_url)


def _cursor(place: Place | str) -> str:
    return sorted_cursor(place) if isinstance(place, str) else cursor_text(place)


def _read(collection: Collection, selection: Selection, query: QueryDict) -> Page:
    with within_system(selection.presentation.system):
        if isinstance(selection.cut, SortedCut):
            return _read_sorted(collection, selection)
        values: dict[str, Any] = {"at": collection.at}
        if selection.box:
            values |= values_of(selection.box)
        stretches = selection.stretches(collection.levels, collection.density)
        return read_page(_statement(collection, selection, query), selection.cut, values, stretches)


def _statement(collection: Collection, selection: Selection, query: QueryDict) -> Statement:
    """The statement for all pages that differ in the place they show only."""
    box = selection.box and GivenBox.like(selection.box)
    cut = selection.cut
    filters = tuple(sorted(pair for pair in query.items() if pair[0] not in _OF_THE_PLACE))
    asked = (filters, selection.presentation, box, cut.after is None, cut.before is None)
    return collection.statements.get(
        asked,
        lambda: page_statement(_source(collection.at_any_time, replace(selection, box=box)), cut),
    )


def _source(collection: Collection, selection: Selection) -> PageSource:
    return PageSource(
        declaration=collection.declaration,
        records=selection.of(collection.public_records(), by_index=not collection.levels),
        layer_id=collection.layer.pk,
        state=collection.source,
        presentation=selection.presentation,
        is_along=bool(collection.levels),
    )


def _read_sorted(collection: Collection, selection: Selection) -> Page:
    return read_sorted_page(
        collection.declaration,
        selection.of(collection.public_records()),
        layer_id=collection.layer.pk,
        source=collection.source,
        cut=selection.cut,
        presentation=selection.presentation,
    )


def _matched(collection: Collection, selection: Selection, page: Page) -> int | None:
    """A page that holds all is counted already, and a whole layer once for each of its states."""
    if not (page.has_previous or page.has_next):
        return page.returned
    size = collection.summary(page.state).count
    if selection.is_whole:
        return size
    if size <= QUICKLY_COUNTED:
        return selection.of(collection.public_records()).count()
    return None


@dataclass(frozen=True)
class FoundFeature:
    """A record as the text of a Feature, and the version of its layer when it was read."""

    collection: Collection
    text: bytes | None
    version: int | None
    system: System

    def as_geojson(self, links: list[dict]) -> bytes:
        """A Feature with links as a member of its own."""
        told = json.dumps(links, ensure_ascii=False).encode()
        return b'%s,"links":%s}' % (self.text.removesuffix(b"}"), told)


def find_feature(slug: str, key: str, query: QueryDict, *, plain: bool = False) -> FoundFeature:
    """One public record of a layer; raises BadParameter, UnknownLayer, UnknownRecord."""

    def find(collection: Collection) -> FoundFeature:
        given = known_parameters(query, PRESENTATION)
        presentation = parsed_presentation(given, collection.declaration)
        if "\x00" in key:
            # No statement can hold it, and no record has it.
            raise UnknownRecord(key)
        return _feature(collection, key, PLAIN if plain else presentation)

    found = read_up_to_date(slug, find)
    if found.text is None:
        raise UnknownRecord(key)
    return found


def _feature(collection: Collection, key: str, presentation: Presentation) -> FoundFeature:
    statement = collection.statements.get(
        ("feature", presentation),
        lambda: feature_statement(
            collection.declaration,
            collection.at_any_time.public_records(),
            layer_id=collection.layer.pk,
            presentation=presentation,
        ),
    )
    with within_system(presentation.system):
        text, version = statement.first_row({"at": collection.at, "key": key})
    return FoundFeature(collection, text, version, presentation.system)
