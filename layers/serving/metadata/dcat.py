"""Metadata as DCAT 3 (W3C Recommendation) in JSON-LD."""

from layers.bilingual import Text
from layers.catalog.models import Cadence, Contact
from layers.serving.metadata.description import Description, Distribution

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_FREQUENCIES = {
    Cadence.WEEKLY: "WEEKLY",
    Cadence.MONTHLY: "MONTHLY",
    Cadence.QUARTERLY: "QUARTERLY",
    Cadence.YEARLY: "ANNUAL",
    Cadence.AS_NEEDED: "IRREG",
}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def dataset_document(layer: Description) -> dict:
    """A layer as a document of its own."""
    return {"@context": _CONTEXT, **_dataset(layer)}


def catalog_document(url: str, title: Text, layers: list[Description]) -> dict:
    """All of the layers given as a catalogue."""
    return {
        "@context": _CONTEXT,
        "@id": url,
        "@type": "dcat:Catalog",
        "dct:title": _texts(title),
        "dcat:dataset": [_dataset(each) for each in layers],
    }


def _dataset(layer: Description) -> dict:
    found = {
        "@id": layer.url,
        "@type": "dcat:Dataset",
        "dct:identifier": layer.id,
        "dct:title": _texts(layer.title),
        "dct:description": _texts(layer.abstract),
        "dcat:keyword": list(layer.keywords),
        "dct:spatial": _spatial(layer.box),
        "dct:temporal": _temporal(layer),
        "dct:modified": _typed(layer.updated, "dateTime"),
        "dct:accrualPeriodicity": {"@id": f"{_FREQUENCY}{_FREQUENCIES[layer.cadence]}"},
        "dct:publisher": _publisher(layer.steward),
        "dcat:contactPoint": _contact(layer.steward),
        "dct:license": _labelled("dct:LicenseDocument", layer.licence),
        "dct:provenance": _labelled("dct:ProvenanceStatement", layer.source),
        "dcat:distribution": [_distribution(each, layer.licence) for each in layer.distributions],
    }
    return {name: value for name, value in found.items() if value}


def _texts(text: Text) -> list[dict]:
    said = (("zh", text.zh), ("en", text.en))
    return [{"@value": value, "@language": code} for code, value in said if value]


def _typed(value, kind: str) -> dict | None:
    return {"@value": value.isoformat(), "@type": f"xsd:{kind}"} if value else None


def _spatial(box: tuple[float, ...] | None) -> dict | None:
    if box is None:
        return None
    west, south, east, north = box
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    shape = {"@value": f"POLYGON(({ring}))", "@type": "geo:wktLiteral"}
    return {"@type": "dct:Location", "dcat:bbox": shape}


def _temporal(layer: Description) -> dict | None:
    if not layer.begin:
        return None
    return {"@type": "dct:PeriodOfTime", "dcat:startDate": _typed(layer.begin, "dateTime")}


def _publisher(steward: Contact | None) -> dict | None:
    if steward is None:
        return None
    name = Text(steward.organisation_zh, steward.organisation_en)
    return {"@type": "foaf:Organization", "foaf:name": _texts(name)}


def _contact(steward: Contact | None) -> dict | None:
    if steward is None:
        return None
    found = {
        "@type": "vcard:Individual",
        "vcard:fn": _texts(Text(steward.person_zh, steward.person_en)),
        "vcard:tel": steward.phone,
        "vcard:hasEmail": {"@id": f"mailto:{steward.email}"} if steward.email else None,
    }
    return {name: value for name, value in found.items() if value}


def _labelled(kind: str, text: Text) -> dict | None:
    return {"@type": kind, "rdfs:label": _texts(text)} if str(text) else None


def _distribution(way: Distribution, licence: Text) -> dict:
    found = {
        "@type": "dcat:Distribution",
        "dct:title": _texts(way.title),
        "dcat:accessURL": {"@id": way.url},
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{way.media_type}"},
        "dct:license": _labelled("dct:LicenseDocument", licence),
    }
    return {name: value for name, value in found.items() if value}
