"""Files over HTTP: validators and ranges (RFC 9110), so that a broken download goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe

from layers.serving.ranges import Range, Unsatisfiable, parse_range

_BLOCK = 256 * 1024


def _uncounted() -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class ServedFile:
    """A file that never changes under its `etag` (strong, in quotes).

    `modified` is in seconds of the epoch; `open` raises FileNotFoundError where the file is gone;
    `taken` is called as the last byte goes out.
    """

    open: Callable[[], BinaryIO]
    size: int
    etag: str
    modified: int
    media_type: str
    disposition: str
    taken: Callable[[], None] = _uncounted


def file_answer(request: HttpRequest, served: ServedFile) -> HttpResponse:
    """Answer GET or HEAD: 200, 206, 304, 412 or 416; raises FileNotFoundError."""
    conditional = get_conditional_response(request, etag=served.etag, last_modified=served.modified)
    if conditional is not None:
        return _with_validators(conditional, served)
    try:
        wanted = _wanted_range(request, served)
    except Unsatisfiable:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{served.size}"
        return _with_validators(response, served)
    return _with_headers(_body(request, served, wanted), served, wanted)


def _wanted_range(request: HttpRequest, served: ServedFile) -> Range | None:
    header = request.headers.get("Range", "")
    if not header or request.method != "GET" or not _if_range_holds(request, served):
        return None
    return parse_range(header, served.size)


def _if_range_holds(request: HttpRequest, served: ServedFile) -> bool:
    """True when the part the client has is of this very file (RFC 9110 §13.1.5)."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition:
        return True
    if '"' in condition:
        return condition == served.etag
    return parse_http_date_safe(condition) == served.modified


def _body(request: HttpRequest, served: ServedFile, wanted: Range | None) -> HttpResponse:
    file = served.open()
    if request.method == "HEAD":
        file.close()
        return HttpResponse()
    part = wanted or Range(0, served.size - 1, served.size)
    return StreamingHttpResponse(_Blocks(file, part, served.taken), status=206 if wanted else 200)


class _Blocks:
    """The bytes of a range in blocks; closed by the response, also when the client went away.

    A file counts as taken as its last byte goes out: however many parts it took, once.
    """

    def __init__(self, file: BinaryIO, part: Range, taken: Callable[[], None]):
        file.seek(part.start)
        self._file, self._left = file, part.length
        self._taken = taken if part.reaches_the_end else _uncounted
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        while self._left and (block := self._file.read(min(_BLOCK, self._left))):
            self._left -= len(block)
            if not self._left:
                self._taken()
            yield block


def _with_headers(response: HttpResponse, served: ServedFile, wanted: Range | None) -> HttpResponse:
    response["Content-Type"] = served.media_type
    response["Content-Disposition"] = served.disposition
    response["Content-Length"] = str(wanted.length if wanted else served.size)
    if wanted:
        response["Content-Range"] = str(wanted)
    return _with_validators(response, served)


def _with_validators(response: HttpResponse, served: ServedFile) -> HttpResponse:
    response["ETag"] = served.etag
    response["Last-Modified"] = http_date(served.modified)
    response["Accept-Ranges"] = "bytes"
    return response
