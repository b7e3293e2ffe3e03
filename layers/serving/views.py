"""The addresses of OGC API – Features: each parses, asks one thing and delivers it."""

import json
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from layers.catalog.declarations import code_books
from layers.errors import UnknownAddress
from layers.serving import documents, pages, schemas, versions
from layers.serving.delivery import delivered, is_current, not_modified, state_tag
from layers.serving.described import Described, json_bytes
from layers.serving.features import Found, find_feature, find_page
from layers.serving.links import QUERYABLES, link, link_header, links_here, self_links
from layers.serving.negotiation import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from layers.serving.openapi import openapi_document
from layers.serving.published import (
    published_collection,
    published_collections,
    states_of,
)
from layers.serving.resource import Resource
from layers.serving.selection import parsed_selection


class Landing(Described):
    """The landing page."""

    template = "api/landing.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.deliver(documents.landing_document(self.addresses, self.links()))


class Conformance(Described):
    """The conformance classes held."""

    template = "api/conformance.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.deliver(documents.conformance_document(self.links()))


class Functions(Described):
    """The functions that filters may call."""

    template = "api/functions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.deliver(documents.functions_page(self.links()))


class Collections(Described):
    """The list of layers."""

    template = "api/collections.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        collections = published_collections()
        states = states_of(collections)
        document = documents.collections_document(
            [documents.Known.of(each, states[each.id]) for each in collections],
            code_books(),
            self.addresses,
            self.links(),
        )
        return self.deliver(document, groups=pages.grouped(document["collections"]))


class OneCollection(Described):
    """A layer."""

    template = "api/collection.html"

    def get(self, request: HttpRequest, collection: str) -> HttpResponse:
        found = published_collection(collection)
        known = documents.Known.of(found, found.state())
        document = documents.collection_document(known, code_books(), self.addresses)
        return self.deliver(document, **pages.collection_page(found, document, self.addresses))


class Queryables(Described):
    """The fields of a layer that a request may name."""

    formats = (SCHEMA, HTML)
    template = "api/schema.html"
    what = _("Fields to filter by")
    document_of = staticmethod(schemas.queryables_document)

    def get(self, request: HttpRequest, collection: str) -> HttpResponse:
        declaration = published_collection(collection).declaration
        document = self.document_of(declaration, code_books(), self.addresses)
        context = {"collection": declaration.slug, "what": self.what}
        return self.deliver(document, **context, **pages.schema_page(document))


class Sortables(Queryables):
    """The fields of a layer that records can be sorted by."""

    what = _("Fields to sort by")
    document_of = staticmethod(schemas.sortables_document)


class Schema(Queryables):
    """The data dictionary of a layer."""

    what = _("Data dictionary")
    document_of = staticmethod(schemas.schema_document)


class Items(Resource):
    """The records of a layer, page by page."""

    formats = (GEOJSON, HTML)
    parameters = None

    def get(self, request: HttpRequest, collection: str) -> HttpResponse:
        url = self.here
        if "HTTP_IF_NONE_MATCH" in self.asked.META and not self.wants_html:
            found = published_collection(collection)
            parsed_selection(request.GET, found.declaration)
            tag = self._tag(found.state(), url)
            if is_current(request, tag):
                return not_modified(tag)
        page = find_page(collection, request.GET, url, plain=self.wants_html)
        links = self._links(collection, page)
        if self.wants_html:
            context = pages.items_page(page, request.GET, self.addresses)
            return self.page("api/items.html", {**context, "links": links})
        tag = self._tag(page.page.state, url)
        response = delivered(request, page.as_geojson(links), self.format.content_type, tag)
        response["Content-Crs"] = f"<{page.system.uri}>"
        response[versions.HEADER] = versions.version_of(page.page.state)
        response["Link"] = link_header(links, "next", "prev", "collection", QUERYABLES)
        return response

    @staticmethod
    def _tag(state: str, url: str) -> str:
        return state_tag(state, url)

    def _links(self, collection: str, page: Found) -> list[dict]:
        links = links_here(self.here, self.format, self.formats)
        links.append(link(self.addresses.collection(collection), "collection", JSON.media_type))
        links.append(link(self.addresses.queryables(collection), QUERYABLES, SCHEMA.media_type))
        for rel, url in (("prev", page.previous_url), ("next", page.next_url)):
            if url:
                links.append(link(url, rel, self.format.media_type))
        return links


class Item(Resource):
    """One record."""

    formats = (GEOJSON, HTML)
    parameters = None

    def get(self, request: HttpRequest, collection: str, key: str) -> HttpResponse:
        found = find_feature(collection, key, request.GET, plain=self.wants_html)
        links = [
            *self_links(self.asked, self.format, self.formats),
            link(self.addresses.collection(collection), "collection", JSON.media_type),
        ]
        if self.wants_html:
            context = pages.item_page(found.collection, json.loads(found.text))
            return self.page("api/item.html", {**context, "links": links})
        response = delivered(request, found.as_geojson(links), self.format.content_type)
        response["Content-Crs"] = f"<{found.system.uri}>"
        return response


class OpenAPI(Resource):
    """The description for programs, JSON whatever Accept says; `openapi.html` is for people."""

    formats = (OPENAPI,)

    def get(self, request: HttpRequest) -> HttpResponse:
        return delivered(request, json_bytes(self.description()), OPENAPI.content_type)

    def description(self) -> dict:
        collections = published_collections()
        title = documents.landing_document(self.addresses, [])["title"]
        return openapi_document(collections, code_books(), self.addresses, title)


class OpenAPIPage(OpenAPI):
    """The description for people."""

    formats = (HTML,)

    def get(self, request: HttpRequest) -> HttpResponse:
        context = pages.openapi_page(self.description())
        return self.page("api/openapi.html", {**context, "json_url": self.addresses.openapi})


class Unversioned(Resource):
    """What lies below a version, where nothing in front of the application keeps it."""

    def initial(self, request, *args, **kwargs):
        """Whatever is asked for is asked for there."""

    def get(self, request: HttpRequest, version: str, rest: str) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        response = HttpResponse(status=307)
        response["Location"] = f"{reverse('api:landing')}{quote(rest)}{'?' if query else ''}{query}"
        response["Cache-Control"] = "no-store"
        return response


class Nothing(Resource):
    """Every other address below /api/."""

    parameters = None

    def initial(self, request, *args, **kwargs):
        raise UnknownAddress
