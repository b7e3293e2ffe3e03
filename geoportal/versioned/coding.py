"""Compression of answers that are kept: done once, so done well."""

import gzip

import brotli
import zstandard

from layers.serving.negotiation import takes

#: By the names of HTTP, the better first.
_CODINGS = {
    "br": lambda body: brotli.compress(body, quality=6),
    "zstd": lambda body: zstandard.compress(body, level=12),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
_LEAST = 500


def accepted(header: str) -> str:
    """The best coding that an Accept-Encoding header takes; empty: none."""
    return next((name for name in _CODINGS if takes(header, name)), "")


def coded(body: bytes, coding: str) -> tuple[list[tuple[str, str]], bytes]:
    """The headers that tell of a coding, and the body in it; what is small stays as it is."""
    if not coding or len(body) < _LEAST:
        return [], body
    return [("Content-Encoding", coding)], _CODINGS[coding](body)
