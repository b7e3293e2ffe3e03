"""The server in front of the application that answers `/api/v/{version}/…`.

An address below a version stands for one state of the public data. Its answer is made once by the
application, compressed once, and given out from memory or disk after that, marked as immutable. A
version that is no longer current leads to the one that is. Whether a version is current is asked of
the database once a second at most, so what is withdrawn is gone within a second here too.
"""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from geoportal.versioned.coding import coded
from geoportal.versioned.kept import Answer, Kept
from geoportal.versioned.request import Request
from layers.serving.delivery import is_held
from layers.serving.versions import HEADER

_FOREVER = ("Cache-Control", "public, max-age=31536000, immutable")
#: How long a version counts as current without asking, in seconds.
_BELIEVED = 1.0
_MOST_VERSIONS = 1000
#: What an answer that is kept does not keep.
_DROPPED = {"cache-control", "content-length", "content-encoding", "date", "set-cookie"}


class _Inner(NamedTuple):
    """An answer of the application."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def version(self) -> str | None:
        return next((value for name, value in self.headers if name == HEADER), None)


class Versioned:
    """WSGI middleware; `kept` holds finished answers."""

    def __init__(self, application: Callable, kept: Kept):
        self._application, self._kept = application, kept
        self._seen: dict[str, float] = {}

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        request = Request.of(environ)
        if request is None:
            return self._application(environ, start_response)
        answer = self._current(request)
        if answer is None:
            with self._kept.filling(request.name):
                answer = self._current(request) or self._make(request)
        status, headers, body = _given(answer, request) if isinstance(answer, Answer) else answer
        start_response(status, list(headers))
        return [] if request.is_head else [body]

    def _current(self, request: Request) -> Answer | None:
        """The answer that is kept, if its version is still current."""
        answer = self._kept.get(request.name)
        if answer is None or self._is_current(request, answer):
            return answer
        return None

    def _is_current(self, request: Request, answer: Answer) -> bool:
        if time.monotonic() - self._seen.get(request.version, -_BELIEVED) < _BELIEVED:
            return True
        found = self._ask(request.within(tag=answer.tag))
        if not found.status.startswith("304"):
            return False
        self._see(request.version)
        return True

    def _see(self, version: str) -> None:
        if len(self._seen) > _MOST_VERSIONS:
            self._seen.clear()
        self._seen[version] = time.monotonic()

    def _make(self, request: Request) -> Answer | _Inner:
        found = self._ask(request.within())
        if not found.status.startswith("200") or found.version is None:
            return found
        if found.version != request.version:
            return _Inner("307 Temporary Redirect", _leading(request, found.version), b"")
        headers = [pair for pair in found.headers if pair[0].lower() not in _DROPPED]
        encoding, body = coded(found.body, request.accept_encoding)
        answer = Answer((*headers, *encoding, _FOREVER), body)
        self._see(request.version)
        self._kept.put(request.name, answer)
        return answer

    def _ask(self, environ: dict) -> _Inner:
        told: list[tuple] = []
        parts = self._application(environ, lambda *start: told.append(start[:2]))
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return _Inner(*told[-1], body)


def _leading(request: Request, version: str) -> list[tuple[str, str]]:
    return [
        ("Location", request.below(version)),
        ("Cache-Control", "no-store"),
        ("Access-Control-Allow-Origin", "*"),
        ("Content-Length", "0"),
    ]


def _given(answer: Answer, request: Request) -> _Inner:
    if is_held(request.if_none_match, answer.tag):
        return _Inner("304 Not Modified", list(answer.headers), b"")
    length = ("Content-Length", str(len(answer.body)))
    return _Inner("200 OK", [*answer.headers, length], answer.body)
