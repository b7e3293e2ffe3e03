"""Resources whose answer is a JSON document, and an HTML page of the same."""

import json

from django.http import HttpResponse

from layers.serving.delivery import delivered
from layers.serving.links import self_links
from layers.serving.resource import Resource


class Described(Resource):
    """A resource whose answer is a JSON document, and an HTML page of the same."""

    template = ""

    def links(self) -> list[dict]:
        """This document, and the same in the other formats."""
        return self_links(self.asked, self.format, self.formats)

    def deliver(self, document: dict, **context) -> HttpResponse:
        """The document in the format asked for; `context` is what only the page needs."""
        if self.wants_html:
            links = document.get("links", [])
            return self.page(self.template, {"document": document, "links": links, **context})
        return delivered(self.request, json_bytes(document), self.format.content_type)


def json_bytes(document: dict) -> bytes:
    """A document as it is sent."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
