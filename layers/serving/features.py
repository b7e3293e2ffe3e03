"""Records as GeoJSON: pages and single ones, written by PostGIS and passed on as they are."""

import json
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone

from layers.errors import UnknownRecord
from layers.postgis.encoding import Page, read_page
from layers.postgis.features import feature_text
from layers.serving.links import with_query
from layers.serving.parameters import cursor_text
from layers.serving.published import Collection, published_collection
from layers.serving.selection import Selection, parsed_selection

#: In a layer of so many records the matching ones are counted for every page; in a larger one that
#: would cost more than the page itself.
QUICKLY_COUNTED = 10_000
#: Stands between the features and what is said of them.
_TAIL = '],%s"numberReturned":%d,"timeStamp":"%s","links":%s}'


@dataclass(frozen=True)
class Found:
    """A page of records and the addresses of those before and after it, None at the ends.

    `matched` is how many records there are on all pages; None where counting them would cost more
    than reading the page.
    """

    collection: Collection
    page: Page
    matched: int | None
    previous_url: str | None
    next_url: str | None

    def as_geojson(self, links: list[dict]) -> bytes:
        """A FeatureCollection with these links."""
        told = _TAIL % (
            "" if self.matched is None else f'"numberMatched":{self.matched},',
            self.page.returned,
            timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            json.dumps(links, ensure_ascii=False),
        )
        return f'{{"type":"FeatureCollection","features":[{self.page.features}{told}'.encode()


def find_page(collection: Collection, query: QueryDict, url: str) -> Found:
    """The page of a layer that a query string asks for; raises BadParameter, UnknownLayer."""
    while True:
        selection = parsed_selection(query, collection.declaration)
        page = _read(collection, selection)
        if page.version == collection.layer.version:
            break
        # The layer changed after its declaration was read, and may show other fields by now.
        collection = published_collection(collection.id)
    previous_url = next_url = None
    if page.has_previous:
        previous_url = with_query(url, before=cursor_text(page.first), after=None)
    if page.has_next:
        next_url = with_query(url, after=cursor_text(page.last), before=None)
    matched = _matched(collection, selection, page)
    return Found(collection, page, matched, previous_url, next_url)


def _read(collection: Collection, selection: Selection) -> Page:
    return read_page(
        collection.declaration,
        selection.of(collection.public_records()),
        layer_id=collection.layer.pk,
        source=collection.source,
        cut=selection.cut,
        stretches=selection.stretches(collection.levels),
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


def feature_of(collection: Collection, key: str) -> str:
    """One public record as a GeoJSON Feature; raises UnknownRecord."""
    records = collection.public_records().order_by()
    if "\x00" not in key:
        named = records.filter(**{collection.declaration.key: key})
        for text in named.values_list(feature_text(collection.declaration), flat=True)[:1]:
            return text
    raise UnknownRecord(key)


def linked(feature: str, links: list[dict]) -> bytes:
    """A Feature with links as a member of its own."""
    return f'{feature[:-1]},"links":{json.dumps(links, ensure_ascii=False)}}}'.encode()
