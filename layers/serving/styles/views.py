"""The addresses of styles."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from layers.bilingual import Text
from layers.catalog.declarations import code_books
from layers.postgis.matrices import WEB_MERCATOR
from layers.serving.delivery import delivered
from layers.serving.described import json_bytes
from layers.serving.disposition import attachment
from layers.serving.published import Collection, published_collection, published_collections
from layers.serving.resource import Resource
from layers.serving.styles.formats import SLD, STYLE
from layers.serving.styles.maplibre import hide_at_first, style_document
from layers.serving.styles.sld.document import sld_document


class MapStyle(Resource):
    """The look of all layers; those not shown at first are there and not visible."""

    formats = (STYLE,)

    def get(self, request: HttpRequest) -> HttpResponse:
        collections = published_collections()
        document = self.document(str(Text(**settings.SITE_TITLE)), collections)
        hide_at_first(document, collections)
        return delivered(request, json_bytes(document), STYLE.content_type)

    def document(self, name: str, collections: list[Collection]) -> dict:
        """Layers as one style in the reader's language."""
        return style_document(name, collections, self.language, self._tilejson)

    def _tilejson(self, collection: str) -> str:
        tileset = f"{self.addresses.collection(collection)}/tiles/{WEB_MERCATOR.id}"
        return f"{tileset}?f=tilejson&lang={self.language}"


class LayerStyle(MapStyle):
    """The look of one layer."""

    formats = (STYLE, SLD)

    def get(self, request: HttpRequest, collection: str) -> HttpResponse:
        found = published_collection(collection)
        if self.format is SLD:
            return self._as_file(request, found)
        document = self.document(found.layer.title, [found])
        return delivered(request, json_bytes(document), STYLE.content_type)

    def _as_file(self, request: HttpRequest, found: Collection) -> HttpResponse:
        """The style as desktop programs read it: from a file that people have saved."""
        body = sld_document(found, code_books(), self.language)
        response = delivered(request, body, SLD.content_type)
        response["Content-Disposition"] = attachment(f"{found.id}.sld", "style.sld")
        return response
