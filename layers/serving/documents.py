"""The JSON documents of the API: landing page, conformance, collections."""

from collections.abc import Mapping
from math import ceil, floor
from typing import NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.bilingual import Text
from layers.catalog.models import Contact
from layers.filtering import functions_document
from layers.postgis.fields import DEGREE_DIGITS
from layers.postgis.matrices import WEB_MERCATOR
from layers.postgis.systems import CRS84_URI, STORAGE_URI, systems_for
from layers.records.querysets import Summary
from layers.registry import Field
from layers.serving.conformance import CONFORMANCE
from layers.serving.links import (
    RECORDS,
    Addresses,
    catalogue_links,
    collection_links,
    landing_links,
)
from layers.serving.published import Collection
from layers.serving.versions import version_of

_GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
#: Stands for a record's key while an address is made, and is a key that every pattern of one takes.
_ANY_KEY = "0any0"
#: Layers of more records are drawn from tiles: whole, they would keep a browser busy for seconds.
WHOLE_AT_MOST = 5_000
Books = Mapping[str, Mapping[str, Text]]


def landing_document(addresses: Addresses, self_links: list[dict]) -> dict:
    """The landing page: what this is and where everything lies."""
    return {
        "title": str(Text(**settings.SITE_TITLE)),
        "description": _(
            "Map layers of the city and its investment offers, open for any program that reads"
            " OGC API – Features."
        ),
        "links": [*self_links, *landing_links(addresses)],
    }


def conformance_document(self_links: list[dict]) -> dict:
    """The conformance classes that are held."""
    return {"conformsTo": list(CONFORMANCE), "links": self_links}


def functions_page(self_links: list[dict]) -> dict:
    """The functions that filters may call besides those of the standard."""
    return {"functions": functions_document(), "links": self_links}


class Known(NamedTuple):
    """A layer with what is known of it in a state."""

    collection: Collection
    summary: Summary
    version: str

    @classmethod
    def of(cls, collection: Collection, state: str) -> "Known":
        """What is known of a layer in a state."""
        return cls(collection, collection.summary(state), version_of(state))


def collections_document(
    collections: list[Known],
    books: Books,
    addresses: Addresses,
    self_links: list[dict],
) -> dict:
    """The list of layers, each as its own document has it."""
    return {
        "links": self_links,
        "collections": [collection_document(known, books, addresses) for known in collections],
    }


def catalogue_document(addresses: Addresses) -> dict:
    """The catalogue of metadata, itself a collection whose items are records (OGC 20-004)."""
    return {
        "id": RECORDS,
        "type": "Collection",
        "title": _("Catalogue of metadata"),
        "description": _("Each layer described by OGC API – Records, DCAT and ISO 19139."),
        "itemType": "record",
        "crs": [CRS84_URI],
        "links": catalogue_links(addresses),
    }


def collection_document(known: Known, books: Books, addresses: Addresses) -> dict:
    """A layer: what the standard asks for, and what our map needs under `geoportal`."""
    collection, extent = known.collection, extent_of(known.summary)
    return {
        "id": collection.id,
        "title": collection.layer.title,
        "description": collection.layer.abstract,
        **({"keywords": collection.layer.keywords} if collection.layer.keywords else {}),
        **({"extent": extent} if extent else {}),
        "itemType": "feature",
        "crs": list(systems_for(has_z=collection.declaration.has_z)),
        "storageCrs": STORAGE_URI,
        "links": collection_links(addresses, collection.id),
        "geoportal": {
            **layer_members(collection, known.summary, books),
            **_drawing(known.summary, addresses.versioned(collection.id, known.version)),
        },
    }


def _drawing(summary: Summary, versioned: str) -> dict:
    """From what the map draws a layer, and where that lies."""
    if summary.count <= WHOLE_AT_MOST:
        return {"versioned": versioned, "drawnFrom": "items"}
    tiles = f"{versioned}/tiles/{WEB_MERCATOR.id}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    return {"versioned": versioned, "drawnFrom": "tiles", "tiles": tiles}


def extent_of(summary: Summary) -> dict:
    """Where and when the public records lie, as documents say it; empty where there are none."""
    extent = {}
    if summary.box:
        extent["spatial"] = {"bbox": [_outward(summary.box)], "crs": CRS84_URI}
    if summary.begin:
        extent["temporal"] = {"interval": [[summary.begin.isoformat(), None]], "trs": _GREGORIAN}
    return extent


def _outward(box: tuple[float, float, float, float]) -> list[float]:
    """Rounded so that coordinates rounded in the records still lie inside."""
    scale = 10**DEGREE_DIGITS
    west, south, east, north = (degree * scale for degree in box)
    return [floor(west) / scale, floor(south) / scale, ceil(east) / scale, ceil(north) / scale]


def layer_members(collection: Collection, summary: Summary, books: Books) -> dict:
    """What a map of ours needs to know of a layer."""
    layer, declaration = collection.layer, collection.declaration
    group = layer.group
    return {
        "group": {"id": group.slug, "title": group.title, "order": group.order},
        "order": layer.order,
        "visible": layer.visible,
        "minZoom": layer.min_zoom,
        "maxZoom": layer.max_zoom,
        "geometryType": layer.geometry_type,
        "hasZ": layer.has_z,
        "style": layer.style,
        "label": {"zh": layer.label_zh, "en": layer.label_en},
        "key": declaration.key,
        "fields": [_field(field, books) for field in declaration.public_fields],
        "page": page_template(declaration.page),
        "steward": _steward(layer.steward),
        "source": layer.source,
        "licence": layer.licence,
        "cadence": {"value": layer.cadence, "label": layer.get_cadence_display()},
        "asOf": layer.as_of and layer.as_of.isoformat(),
        "verifyBy": layer.verify_by and layer.verify_by.isoformat(),
        "overdue": bool(layer.verify_by and layer.verify_by < timezone.localdate()),
        "version": layer.version,
        "count": summary.count,
    }


def _field(field: Field, books: Books) -> dict:
    found = {"name": field.name, "label": str(field.label), "type": field.type.value}
    if str(field.unit):
        found["unit"] = str(field.unit)
    if field.codes:
        codes = books.get(field.codes, {})
        found["codes"] = [{"value": value, "label": str(label)} for value, label in codes.items()]
    return found


def page_template(name: str) -> str | None:
    """The address of a record's page with `{id}` for its key, in the reader's language."""
    if not name:
        return None
    try:
        return reverse(name, args=[_ANY_KEY]).replace(_ANY_KEY, "{id}")
    except NoReverseMatch:
        return None


def _steward(contact: Contact | None) -> dict | None:
    if contact is None:
        return None
    return {
        "organisation": contact.organisation,
        "person": contact.person,
        "role": contact.role,
        "phone": contact.phone,
        "email": contact.email,
    }
