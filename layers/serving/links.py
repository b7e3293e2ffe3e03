"""Links as OGC API documents carry them (RFC 8288), and the addresses they lead to."""

from functools import cache
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import iri_to_uri

from layers.catalog.models import RECORDS
from layers.serving.exports.formats import FORMATS
from layers.serving.negotiation import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Format
from layers.serving.styles.formats import SLD, STYLE

OGC_RELATION = "http://www.opengis.net/def/rel/ogc/1.0"
QUERYABLES = f"{OGC_RELATION}/queryables"
_DESCRIPTIONS = (
    ("json", GEOJSON.media_type),
    ("html", HTML.media_type),
    ("dcat", "application/ld+json"),
    ("iso", "application/xml"),
)


@cache
def _landing_path() -> str:
    # The same as long as the process lives, and asked for with every request.
    return reverse("api:landing")


class Addresses:
    """Absolute addresses below the landing page, as the reader reached it.

    What lies below a version is the same for all readers, and may lie with another host.
    """

    def __init__(self, request: HttpRequest):
        self._request = request
        self.landing = f"{request.scheme}://{request.get_host()}{_landing_path()}"
        self.conformance = f"{self.landing}conformance"
        self.collections = f"{self.landing}collections"
        self.functions = f"{self.landing}functions"
        self.tiles = f"{self.landing}tiles"
        self.style = f"{self.landing}style"
        self.grids = f"{self.landing}tileMatrixSets"
        self.openapi = f"{self.landing}openapi.json"
        self.openapi_page = f"{self.landing}openapi.html"

    @property
    def map(self) -> str:
        """The page of the map, in the reader's language."""
        return self._request.build_absolute_uri(reverse("pages:map"))

    def collection(self, collection: str) -> str:
        return f"{self.collections}/{collection}"

    def items(self, collection: str) -> str:
        return f"{self.collections}/{collection}/items"

    def item(self, collection: str, key: str) -> str:
        return f"{self.collections}/{collection}/items/{quote(key, safe='')}"

    def versioned(self, collection: str, version: str) -> str:
        return f"{self.below(version)}/collections/{collection}"

    def below(self, version: str) -> str:
        """Where nothing changes as long as it is there: on the CDN, if there is one."""
        landing = f"{settings.CDN_URL}{_landing_path()}" if settings.CDN_URL else self.landing
        return f"{landing}v/{version}"

    def export(self, collection: str) -> str:
        return f"{self.collections}/{collection}/export"

    def job(self, job_id) -> str:
        return f"{self.landing}jobs/{job_id}"

    def queryables(self, collection: str) -> str:
        return f"{self.collections}/{collection}/queryables"

    def grid(self, grid: str) -> str:
        return f"{self.grids}/{grid}"

    def sortables(self, collection: str) -> str:
        return f"{self.collections}/{collection}/sortables"

    def schema(self, collection: str) -> str:
        return f"{self.collections}/{collection}/schema"


def link(href: str, rel: str, media_type: str, title: str = "") -> dict:
    """A link object; every one has `rel` and `type`."""
    found = {"href": href, "rel": rel, "type": media_type}
    return {**found, "title": title} if title else found


def with_query(url: str, **changes: str | None) -> str:
    """The address with parameters set or, where None, taken away."""
    path, _, query = url.partition("?")
    kept = [part for part in query.split("&") if part and part.split("=")[0] not in changes]
    new = urlencode({name: value for name, value in changes.items() if value is not None})
    query = "&".join([*kept, *([new] if new else [])])
    return f"{path}?{query}" if query else path


def self_links(request: HttpRequest, given: Format, offered: tuple[Format, ...]) -> list[dict]:
    """This document, and the same in every other format."""
    return links_here(_as_asked(request), given, offered)


def links_here(here: str, given: Format, offered: tuple[Format, ...]) -> list[dict]:
    """The document at an address, and the same in every other format."""
    others = [
        link(with_query(here, f=other.name), "alternate", other.media_type)
        for other in offered
        if other is not given
    ]
    return [link(here, "self", given.media_type), *others]


def _as_asked(request: HttpRequest) -> str:
    """The address of the request. Made anew from its parts: Django's own takes a key such as
    `a/../b` for steps between folders."""
    query = request.META.get("QUERY_STRING", "")
    path = "/".join(quote(part, safe="") for part in _parts(request))
    address = f"{request.scheme}://{request.get_host()}{path}"
    return f"{address}?{iri_to_uri(query)}" if query else address


def _parts(request: HttpRequest) -> list[str]:
    """The path by its slashes, a key that holds some in one piece."""
    key = request.resolver_match.kwargs.get("key", "") if request.resolver_match else ""
    stem = request.path.removesuffix(key) if key else request.path
    return [*stem.split("/")[:-1], key] if key else stem.split("/")


def landing_links(addresses: Addresses) -> list[dict]:
    """What the landing page leads to."""
    return [
        link(addresses.openapi, "service-desc", OPENAPI.media_type),
        link(addresses.openapi_page, "service-doc", HTML.media_type),
        link(addresses.conformance, "conformance", JSON.media_type),
        link(addresses.collections, "data", JSON.media_type),
        link(addresses.functions, f"{OGC_RELATION}/functions", JSON.media_type),
        link(addresses.tiles, f"{OGC_RELATION}/tilesets-vector", JSON.media_type),
        link(addresses.style, "stylesheet", STYLE.media_type),
        link(addresses.grids, f"{OGC_RELATION}/tiling-schemes", JSON.media_type),
        link(addresses.collection(RECORDS), f"{OGC_RELATION}/ogc-catalog", JSON.media_type),
    ]


def collection_links(addresses: Addresses, collection: str) -> list[dict]:
    """What a collection leads to; the same in the list of collections and in its own document."""
    own, items = addresses.collection(collection), addresses.items(collection)
    queryables, schema = addresses.queryables(collection), addresses.schema(collection)
    return [
        link(own, "self", JSON.media_type),
        link(with_query(own, f="html"), "alternate", HTML.media_type),
        link(items, "items", GEOJSON.media_type),
        link(with_query(items, f="html"), "items", HTML.media_type),
        *(
            link(with_query(addresses.export(collection), f=name), "enclosure", each.media_type)
            for name, each in FORMATS.items()
        ),
        link(queryables, QUERYABLES, SCHEMA.media_type),
        link(addresses.sortables(collection), f"{OGC_RELATION}/sortables", SCHEMA.media_type),
        link(schema, f"{OGC_RELATION}/schema", SCHEMA.media_type),
        link(f"{own}/style", "stylesheet", STYLE.media_type),
        link(f"{own}/style?f={SLD.name}", "stylesheet", SLD.media_type),
        link(f"{own}/tiles", f"{OGC_RELATION}/tilesets-vector", JSON.media_type),
        *(
            link(with_query(addresses.item(RECORDS, collection), f=name), "describedby", media_type)
            for name, media_type in _DESCRIPTIONS
        ),
        link(addresses.collections, f"{OGC_RELATION}/data", JSON.media_type),
        link(addresses.landing, "root", JSON.media_type),
        link(with_query(addresses.map, layers=collection), "related", HTML.media_type),
    ]


def catalogue_links(addresses: Addresses) -> list[dict]:
    """What the catalogue of metadata leads to."""
    own, items = addresses.collection(RECORDS), addresses.items(RECORDS)
    return [
        link(own, "self", JSON.media_type),
        link(with_query(own, f="html"), "alternate", HTML.media_type),
        link(items, "items", GEOJSON.media_type),
        link(with_query(items, f="html"), "items", HTML.media_type),
        link(with_query(items, f="dcat"), "items", "application/ld+json"),
        link(addresses.landing, "root", JSON.media_type),
    ]


def link_header(links: list[dict], *relations: str) -> str:
    """The links of these relations as a Link header."""
    return ", ".join(
        f'<{each["href"]}>; rel="{each["rel"]}"; type="{each["type"]}"'
        for each in links
        if each["rel"] in relations
    )
