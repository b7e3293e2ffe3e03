"""Records as GeoJSON: pages and single ones, written by PostGIS and passed on as they are."""

import json
from dataclasses import dataclass

from django.utils import timezone

from layers.errors import UnknownRecord
from layers.postgis.encoding import KnownCount, Page, read_page
from layers.postgis.features import feature_text
from layers.serving.links import with_query
from layers.serving.parameters import cursor_text
from layers.serving.published import Collection
from layers.serving.selection import Selection

#: Stands between the features and what is said of them.
_TAIL = '],"numberMatched":%d,"numberReturned":%d,"timeStamp":"%s","links":%s}'


@dataclass(frozen=True)
class Found:
    """A page of records and the addresses of those before and after it, None at the ends."""

    page: Page
    previous_url: str | None
    next_url: str | None

    def as_geojson(self, links: list[dict]) -> bytes:
        """A FeatureCollection with these links."""
        told = _TAIL % (
            self.page.matched,
            self.page.returned,
            timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            json.dumps(links, ensure_ascii=False),
        )
        return f'{{"type":"FeatureCollection","features":[{self.page.features}{told}'.encode()


def find_page(
    collection: Collection, selection: Selection, url: str, state: str | None = None
) -> Found:
    """The page that `url` asks for. A whole layer is counted once for each state it is in."""
    known = None
    if selection.is_whole:
        state = state or collection.state()
        known = KnownCount(state=state, count=collection.summary(state).count)
    page = read_page(
        collection.declaration,
        selection.of(collection.public_records()),
        source=collection.source,
        cut=selection.cut,
        known=known,
    )
    previous_url = next_url = None
    if page.has_previous:
        previous_url = with_query(url, before=cursor_text(page.first), after=None)
    if page.has_next:
        next_url = with_query(url, after=cursor_text(page.last), before=None)
    return Found(page, previous_url, next_url)


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
