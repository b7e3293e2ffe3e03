"""Bodies on their way out: validators, 304, compression, headers for caches.

Everything is made anew for a new state and revalidated in between (`no-cache`). Bodies are
compressed here, once and at the fastest level, instead of by Django's middleware: of a page of
1,000 records that one takes as long as the database does to write it.
"""

import gzip
import re
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from layers.serving.negotiation import takes_gzip

#: Part of every validator made from a state: raise it when the same records are written otherwise.
_ENCODING = "2"
_LEAST_TO_COMPRESS = 1000
_ENTITY_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def state_tag(*parts: str) -> str:
    """A weak validator from the state of a layer and what was asked.

    Weak, because two answers in one state differ in their `timeStamp`.
    """
    return f'W/"{_digest(chr(0).join((_ENCODING, *parts)).encode())}"'


def body_tag(body: bytes) -> str:
    """A strong validator: the same for the same bytes only."""
    return f'"{_digest(body)}"'


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=12).hexdigest()


def is_current(request: HttpRequest, tag: str) -> bool:
    """Whether the reader holds this already (If-None-Match, by weak comparison)."""
    held = request.META.get("HTTP_IF_NONE_MATCH")
    return held is not None and is_held(held, tag)


def is_held(if_none_match: str, tag: str) -> bool:
    """Whether an If-None-Match header names a validator, by weak comparison."""
    if if_none_match.strip() == "*":
        return True
    held = {found.removesuffix("-gzip") for found in _ENTITY_TAG.findall(if_none_match)}
    return _ENTITY_TAG.fullmatch(tag)[1] in held


def not_modified(tag: str) -> HttpResponse:
    """The answer to a reader who holds it already."""
    return _validated(HttpResponseNotModified(), tag)


def delivered(
    request: HttpRequest, body: bytes, content_type: str, tag: str | None = None
) -> HttpResponse:
    """The body, or 304; compressed where the reader takes it. `tag` is strong unless given."""
    tag = tag or body_tag(body)
    if is_current(request, tag):
        return not_modified(tag)
    if len(body) < _LEAST_TO_COMPRESS or not takes_gzip(request):
        return _validated(HttpResponse(body, content_type=content_type), tag)
    response = HttpResponse(
        gzip.compress(body, compresslevel=1, mtime=0), content_type=content_type
    )
    response["Content-Encoding"] = "gzip"
    # Other bytes, so another strong validator.
    return _validated(response, tag if tag.startswith("W/") else f'{tag[:-1]}-gzip"')


def _validated(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = "public, no-cache"
    return response
