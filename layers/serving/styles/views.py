"""The addresses of styles."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from layers.bilingual import Text
from layers.postgis.matrices import WEB_MERCATOR
from layers.serving.delivery import delivered
from layers.serving.described import json_bytes
from layers.serving.published import Collection, published_collection, published_collections
from layers.serving.resource import Resource
from layers.serving.styles.formats import STYLE
from layers.serving.styles.maplibre import hide_at_first, style_document


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

    def get(self, request: HttpRequest, collection: str) -> HttpResponse:
        found = published_collection(collection)
        document = self.document(found.layer.title, [found])
        return delivered(request, json_bytes(document), STYLE.content_type)
