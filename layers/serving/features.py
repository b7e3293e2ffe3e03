"""Records as GeoJSON: pages and single ones, written by PostGIS and passed on as they are."""

import json
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils import timezone

from layers.errors import UnknownRecord
from layers.postgis.encoding import Page, Place, read_page
from layers.postgis.features import PLAIN, Presentation, feature_text
from layers.postgis.sorting import SortedCut, read_sorted_page
from layers.postgis.systems import System
from layers.postgis.transforming import within_system
from layers.serving.links import with_query
from layers.serving.parameters import cursor_text
from layers.serving.published import Collection, published_collection
from layers.serving.selection import Selection, parsed_selection
from layers.serving.sorting import sorted_cursor

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
    system: System
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


def find_page(collection: Collection, query: QueryDict, url: str, *, plain: bool = False) -> Found:
    """The page of a layer that a query string asks for; raises BadParameter, UnknownLayer.

    A plain one has whole records in degrees, whatever presentation is asked for.
    """
    while True:
        selection = parsed_selection(query, collection.declaration)
        if plain:
            selection = replace(selection, presentation=PLAIN)
        page = _read(collection, selection)
        if page.version == collection.layer.version:
            break
        # The layer changed after its declaration was read, and may show other fields by now.
        collection = published_collection(collection.id)
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


def _read(collection: Collection, selection: Selection) -> Page:
    asked = {
        "layer_id": collection.layer.pk,
        "source": collection.source,
        "cut": selection.cut,
        "presentation": selection.presentation,
    }
    records = selection.of(collection.public_records())
    with within_system(selection.presentation.system):
        if isinstance(selection.cut, SortedCut):
            return read_sorted_page(collection.declaration, records, **asked)
        stretches = selection.stretches(collection.levels)
        return read_page(collection.declaration, records, stretches=stretches, **asked)


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


def feature_of(collection: Collection, key: str, presentation: Presentation = PLAIN) -> str:
    """One public record as a GeoJSON Feature; raises UnknownRecord."""
    records = collection.public_records().order_by()
    if "\x00" not in key:
        named = records.filter(**{collection.declaration.key: key})
        text = feature_text(collection.declaration, presentation)
        with within_system(presentation.system):
            for found in named.values_list(text, flat=True)[:1]:
                return found
    raise UnknownRecord(key)


def linked(feature: str, links: list[dict]) -> bytes:
    """A Feature with links as a member of its own."""
    return f'{feature[:-1]},"links":{json.dumps(links, ensure_ascii=False)}}}'.encode()
