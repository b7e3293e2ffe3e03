"""Which answers are compressed on their way out."""

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from layers.serving.negotiation import takes_gzip

_TEXT = re.compile(r"text/.+|application/(json|javascript|xml|x-ndjson)|.+\+(json|xml)")


class TextGZipMiddleware(GZipMiddleware):
    """Django's compression for texts alone.

    Pictures, workbooks and documents are compressed already; done again, they would lose their
    length, and the ranges and sums of documents would speak of other bytes. Django looks for the
    word gzip only; here `gzip;q=0` is a no (RFC 9110 §12.5.3).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # A part of a file is one of the bytes as they are.
        if response.has_header("Accept-Ranges"):
            return response
        media_type = response.get("Content-Type", "").partition(";")[0].strip().lower()
        if _TEXT.fullmatch(media_type) and takes_gzip(request):
            return super().process_response(request, response)
        return response
