"""The addresses of the catalogue of metadata."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from layers.bilingual import Text
from layers.catalog.models import RECORDS
from layers.errors import UnknownLayer, UnknownRecord
from layers.serving.delivery import delivered
from layers.serving.described import json_bytes
from layers.serving.documents import catalogue_document
from layers.serving.links import link, self_links, with_query
from layers.serving.metadata import dcat, geojson, iso
from layers.serving.metadata.description import described, description_of
from layers.serving.metadata.formats import DCAT, ISO
from layers.serving.metadata.selection import Asked, asked
from layers.serving.negotiation import GEOJSON, HTML, JSON
from layers.serving.published import published_collection
from layers.serving.resource import Resource


class Catalogue(Resource):
    """What the catalogue of metadata is."""

    def get(self, request: HttpRequest) -> HttpResponse:
        document = catalogue_document(self.addresses)
        if self.wants_html:
            context = {"document": document, "links": document["links"]}
            return self.page("api/catalogue.html", context)
        return delivered(request, json_bytes(document), self.format.content_type)


class Records(Resource):
    """The metadata records, page by page."""

    formats = (GEOJSON, HTML, DCAT)
    parameters = None

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = asked(request.GET)
        found = [each for each in described(self.addresses) if wanted.matches(each)]
        page = found[wanted.offset : wanted.offset + wanted.limit]
        links = self._links(wanted, len(found))
        if self.wants_html:
            context = {"layers": page, "matched": len(found), "links": links}
            return self.page("api/metadata_list.html", context)
        if self.format is DCAT:
            title = Text(**settings.SITE_TITLE)
            document = dcat.catalog_document(self.addresses.items(RECORDS), title, page)
        else:
            document = self._list(page, len(found), links)
        return delivered(request, json_bytes(document), self.format.content_type)

    def _list(self, page: list, matched: int, links: list[dict]) -> dict:
        return {
            "type": "FeatureCollection",
            "features": [
                geojson.record_of(each, self.addresses, geojson.record_links(each)) for each in page
            ],
            "numberMatched": matched,
            "numberReturned": len(page),
            "links": links,
        }

    def _links(self, wanted: Asked, matched: int) -> list[dict]:
        links = self_links(self.asked, self.format, self.formats)
        links.append(link(self.addresses.collection(RECORDS), "collection", JSON.media_type))
        here, media_type = links[0]["href"], self.format.media_type
        following, before = wanted.offset + wanted.limit, max(wanted.offset - wanted.limit, 0)
        if wanted.offset:
            links.append(link(with_query(here, offset=str(before)), "prev", media_type))
        if following < matched:
            links.append(link(with_query(here, offset=str(following)), "next", media_type))
        return links


class Record(Resource):
    """The metadata of one layer."""

    formats = (GEOJSON, HTML, DCAT, ISO)

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        try:
            found = published_collection(key)
        except UnknownLayer as error:
            raise UnknownRecord(key) from error
        layer = description_of(found, found.state(), self.addresses)
        links = self_links(self.asked, self.format, self.formats)
        record = geojson.record_of(layer, self.addresses, links)
        if self.wants_html:
            context = {"layer": layer, "collection": found, "links": record["links"]}
            return self.page("api/metadata.html", context)
        if self.format is ISO:
            body = iso.metadata_xml(layer)
        else:
            body = json_bytes(dcat.dataset_document(layer) if self.format is DCAT else record)
        return delivered(request, body, self.format.content_type)
