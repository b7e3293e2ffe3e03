"""What metadata says of one layer, whichever standard it is then written by."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db.models import Max

from layers.bilingual import Text
from layers.catalog.models import RECORDS, Contact
from layers.registry.groups import topic_of
from layers.serving.documents import extent_of
from layers.serving.exports.formats import FORMATS
from layers.serving.links import Addresses, with_query
from layers.serving.negotiation import GEOJSON, HTML, JSON
from layers.serving.published import Collection, published_collections, states_of


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """One way to have the data: where, as what, and what it is called.

    `relation` is that of a link from the record (RFC 8288).
    """

    relation: str
    url: str
    title: Text
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Description:
    """A layer in words (ISO 19115); `box` is west, south, east, north in degrees.

    `updated` is when the newest of its public records was written.
    """

    id: str
    url: str
    title: Text
    abstract: Text
    group: Text
    topic: str
    keywords: tuple[str, ...]
    box: tuple[float, ...] | None
    begin: datetime | None
    updated: datetime | None
    as_of: date | None
    steward: Contact | None
    source: Text
    licence: Text
    cadence: str
    distributions: tuple[Distribution, ...]


def described(addresses: Addresses) -> list[Description]:
    """Every public layer, in the order of the layer tree."""
    collections = published_collections()
    states = states_of(collections)
    return [description_of(each, states[each.id], addresses) for each in collections]


def description_of(collection: Collection, state: str, addresses: Addresses) -> Description:
    """A public layer in this state."""
    layer, extent = collection.layer, extent_of(collection.summary(state))
    return Description(
        id=collection.id,
        url=addresses.item(RECORDS, collection.id),
        title=Text(layer.title_zh, layer.title_en),
        abstract=Text(layer.abstract_zh, layer.abstract_en),
        group=Text(layer.group.title_zh, layer.group.title_en),
        topic=topic_of(layer.group.slug),
        keywords=tuple(layer.keywords),
        box=tuple(extent["spatial"]["bbox"][0]) if "spatial" in extent else None,
        begin=collection.summary(state).begin,
        updated=_updated(collection, state),
        as_of=layer.as_of,
        steward=layer.steward,
        source=Text(layer.source_zh, layer.source_en),
        licence=Text(layer.licence_zh, layer.licence_en),
        cadence=layer.cadence,
        distributions=_distributions(collection.id, addresses),
    )


def _updated(collection: Collection, state: str) -> datetime | None:
    name = f"layer-updated:{collection.layer.pk}:{state}"
    newest = Max("updated_at")
    return cache.get_or_set(
        name,
        lambda: collection.public_records().order_by().aggregate(newest=newest)["newest"],
        timeout=None,
    )


def _distributions(collection: str, addresses: Addresses) -> tuple[Distribution, ...]:
    items, export = addresses.items(collection), addresses.export(collection)
    table, shown = with_query(items, f="html"), with_query(addresses.map, layers=collection)
    ways = [
        ("related", addresses.collection(collection), Text("图层说明", "About the layer"), JSON),
        ("item", items, Text("要素（GeoJSON）", "Records as GeoJSON"), GEOJSON),
        ("item", table, Text("要素（网页表格）", "Records as a table"), HTML),
        ("related", shown, Text("在地图上查看", "On the map"), HTML),
    ]
    ways += [
        ("enclosure", with_query(export, f=name), each.title, each)
        for name, each in FORMATS.items()
    ]
    return tuple(
        Distribution(relation=relation, url=url, title=title, media_type=form.media_type)
        for relation, url, title, form in ways
    )
