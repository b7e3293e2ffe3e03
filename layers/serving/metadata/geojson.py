"""Metadata as records of OGC API – Records, Part 1: Core (OGC 20-004)."""

from layers.catalog.models import RECORDS, Contact
from layers.serving.links import Addresses, link, with_query
from layers.serving.metadata.description import Description
from layers.serving.metadata.formats import DCAT, ISO
from layers.serving.negotiation import GEOJSON, HTML, JSON

RECORD_CORE = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"


def record_of(layer: Description, addresses: Addresses, own: list[dict]) -> dict:
    """A record; `own` links are those to itself."""
    return {
        "id": layer.id,
        "type": "Feature",
        "conformsTo": [RECORD_CORE],
        "time": _time(layer),
        "geometry": _geometry(layer.box),
        "properties": _properties(layer),
        "links": [*own, *_links(layer, addresses)],
    }


def record_links(layer: Description) -> list[dict]:
    """Links to a record itself where it stands in a list."""
    return [
        link(layer.url, "self", GEOJSON.media_type),
        *(
            link(with_query(layer.url, f=other.name), "alternate", other.media_type)
            for other in (HTML, DCAT, ISO)
        ),
    ]


def _time(layer: Description) -> dict | None:
    return {"interval": [layer.begin.isoformat(), ".."]} if layer.begin else None


def _geometry(box: tuple[float, ...] | None) -> dict | None:
    if box is None:
        return None
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _properties(layer: Description) -> dict:
    found = {
        "type": "dataset",
        "title": str(layer.title),
        "description": str(layer.abstract),
        "keywords": [*layer.keywords, str(layer.group)],
        "languages": [{"code": "zh"}, {"code": "en"}],
        "updated": layer.updated and layer.updated.isoformat(),
        "contacts": [_contact(layer.steward)] if layer.steward else None,
        "formats": [{"mediaType": GEOJSON.media_type}, {"mediaType": HTML.media_type}],
        # The standard's `license` is a code of SPDX or “other”; the words are a member of our own.
        "license": "other" if str(layer.licence) else None,
        "licence": str(layer.licence),
        "source": str(layer.source),
        "cadence": layer.cadence,
        "asOf": layer.as_of and layer.as_of.isoformat(),
    }
    return {name: value for name, value in found.items() if value}


def _contact(steward: Contact) -> dict:
    found = {
        "name": steward.person,
        "position": steward.role,
        "organization": steward.organisation,
        "phones": [{"value": steward.phone}] if steward.phone else None,
        "emails": [{"value": steward.email}] if steward.email else None,
        "hoursOfService": steward.hours,
        "roles": ["pointOfContact"],
    }
    return {name: value for name, value in found.items() if value}


def _links(layer: Description, addresses: Addresses) -> list[dict]:
    return [
        *(
            link(way.url, way.relation, way.media_type, str(way.title))
            for way in layer.distributions
        ),
        link(addresses.collection(RECORDS), "collection", JSON.media_type),
    ]
