"""Which answers are compressed on their way out."""

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_TEXT = re.compile(r"text/.+|application/(json|javascript|xml)|.+\+(json|xml)")


class TextGZipMiddleware(GZipMiddleware):
    """Django's compression for texts alone.

    Pictures, workbooks and documents are compressed already; done again, they would lose their
    length, and the ranges and sums of documents would speak of other bytes.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        media_type = response.get("Content-Type", "").partition(";")[0].strip().lower()
        if _TEXT.fullmatch(media_type):
            return super().process_response(request, response)
        return response
