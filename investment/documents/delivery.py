"""A version's file over HTTP: validators, ranges, names, counting, hand-off to nginx."""

import logging
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe

from investment.documents.models import DocumentVersion
from investment.documents.ranges import Range, Unsatisfiable, parse_range
from investment.documents.services import download_count
from layers.serving.disposition import attachment

logger = logging.getLogger(__name__)
_BLOCK = 256 * 1024
_CONDITIONS = ("If-None-Match", "If-Modified-Since")


def deliver(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    """Answer GET or HEAD for the file of a version the public may have."""
    if settings.ACCEL_REDIRECT_PREFIX:
        response = _handed_off(request, version)
    else:
        response = _answered(request, version)
    # A document may be withdrawn at any time: caches ask before they give it out again.
    response["Cache-Control"] = "no-cache"
    return response


def _answered(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    modified = int(version.created_at.timestamp())
    conditional = get_conditional_response(request, etag=_etag(version), last_modified=modified)
    if conditional is not None:
        return _with_validators(conditional, version)
    try:
        wanted = _wanted_range(request, version)
    except Unsatisfiable:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{version.size}"
        return _with_validators(response, version)
    return _with_headers(_body(request, version, wanted), version, wanted)


def _etag(version: DocumentVersion) -> str:
    return f'"{version.sha256}"'


def _wanted_range(request: HttpRequest, version: DocumentVersion) -> Range | None:
    header = request.headers.get("Range", "")
    if not header or request.method != "GET" or not _if_range_holds(request, version):
        return None
    return parse_range(header, version.size)


def _if_range_holds(request: HttpRequest, version: DocumentVersion) -> bool:
    """True when the part the client has is of this very file (RFC 9110 §13.1.5)."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition:
        return True
    if '"' in condition:
        return condition == _etag(version)
    return parse_http_date_safe(condition) == int(version.created_at.timestamp())


def _body(request: HttpRequest, version: DocumentVersion, wanted: Range | None) -> HttpResponse:
    try:
        file = version.file.open("rb")
    except FileNotFoundError:
        logger.error("The file of document version %s is missing from the storage", version.pk)
        raise Http404 from None
    if request.method == "HEAD":
        file.close()
        return HttpResponse()
    part = wanted or Range(0, version.size - 1, version.size)
    return StreamingHttpResponse(_Blocks(file, part, version), status=206 if wanted else 200)


class _Blocks:
    """The bytes of a range in blocks; closed by the response, also when the client went away.

    A download counts as the last byte of the file goes out: however many parts it took, once.
    """

    def __init__(self, file: BinaryIO, part: Range, version: DocumentVersion):
        file.seek(part.start)
        self._file, self._left = file, part.length
        self._version = version if part.reaches_the_end else None
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        while self._left and (block := self._file.read(min(_BLOCK, self._left))):
            self._left -= len(block)
            if not self._left and self._version:
                download_count(version=self._version)
            yield block


def _with_headers(
    response: HttpResponse, version: DocumentVersion, wanted: Range | None
) -> HttpResponse:
    response["Content-Type"] = version.media_type
    response["Content-Disposition"] = _disposition(version)
    response["Content-Length"] = str(wanted.length if wanted else version.size)
    if wanted:
        response["Content-Range"] = str(wanted)
    return _with_validators(response, version)


def _with_validators(response: HttpResponse, version: DocumentVersion) -> HttpResponse:
    response["ETag"] = _etag(version)
    response["Last-Modified"] = http_date(int(version.created_at.timestamp()))
    response["Accept-Ranges"] = "bytes"
    return response


def _disposition(version: DocumentVersion) -> str:
    extension = version.filename.rpartition(".")[2]
    plain = f"document-{version.document_id}-v{version.number}.{extension}"
    return attachment(version.filename, plain)


def _handed_off(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    """Let nginx send the file; validators and ranges are then its own (docs/documents.md).

    Whether nginx answers a conditional request with the file cannot be known here, so those are
    not counted.
    """
    if request.method == "GET" and _asks_for_the_end(request, version):
        download_count(version=version)
    response = HttpResponse()
    prefix = settings.ACCEL_REDIRECT_PREFIX.rstrip("/")
    response["X-Accel-Redirect"] = f"{prefix}/{quote(version.file.name)}"
    response["Content-Type"] = version.media_type
    response["Content-Disposition"] = _disposition(version)
    return response


def _asks_for_the_end(request: HttpRequest, version: DocumentVersion) -> bool:
    if any(name in request.headers for name in _CONDITIONS):
        return False
    try:
        wanted = parse_range(request.headers.get("Range", ""), version.size)
    except Unsatisfiable:
        return False
    return wanted is None or wanted.reaches_the_end
