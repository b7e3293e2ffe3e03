"""The server in front of the application that answers `/api/v/{version}/…`.

An address below a version stands for one state of the public data. Its answer is made once by the
application, compressed once, and given out from memory or from a store after that, marked as
immutable. A version that is no longer current leads to the one that is. Whether a version is
current is asked of the database once a second at most, so what is withdrawn is gone within a second
here too; caches of others, such as a CDN, are told how long they may go without asking.
"""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from geoportal.versioned.coding import coded
from geoportal.versioned.hot import Hot, Known
from geoportal.versioned.kept import Answer, Kept
from geoportal.versioned.request import PREFIX, Request
from geoportal.versioned.turns import Believed
from layers.serving.versions import HEADER

_FOREVER = "public, max-age=31536000, immutable"
#: What is told of every answer here, or is of no meaning for it.
_DROPPED = {
    "cache-control", "content-length", "content-encoding", "date", "set-cookie", "vary",
    "referrer-policy", "cross-origin-opener-policy",
}  # fmt: skip


class _Inner(NamedTuple):
    """An answer of the application."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def version(self) -> str | None:
        return next((value for name, value in self.headers if name == HEADER), None)


class Versioned:
    """WSGI middleware; `kept` holds finished answers.

    `shared_for`: seconds for which a cache of many readers need not ask; None: as long as others.
    """

    def __init__(
        self,
        application: Callable,
        kept: Kept,
        shared_for: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._application, self._kept = application, kept
        bound = "" if shared_for is None else f", s-maxage={shared_for}"
        # Only the address counts here: a cache need not tell readers apart by what they would like.
        self._told = [("Cache-Control", _FOREVER + bound), ("Vary", "Accept-Encoding")]
        self._hot = Hot()
        self._current: Believed[bool] = Believed(clock)
        #: Which version requests lead to, by their names.
        self._outdated: Believed[str] = Believed(clock)

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._application(environ, start_response)
        asked = self._hot.asked(environ)
        known = self._hot.get(asked)
        if known and self._current.get(known.version) and (answer := self._kept.get(known.name)):
            return known.give(answer.body, environ, start_response)
        return self._find(asked, environ, start_response)

    def _find(self, asked: tuple, environ: dict, start_response: Callable) -> Iterable[bytes]:
        request = Request.of(environ)
        if request is None:
            return self._application(environ, start_response)
        found = self._found(request)
        if found is None:
            with self._kept.filling(request.name):
                found = self._found(request) or self._make(request)
        if isinstance(found, Answer):
            known = Known.of(request.name, request.version, found, self._told)
            self._hot.put(asked, known)
            return known.give(found.body, environ, start_response)
        start_response(found.status, list(found.headers))
        return [] if request.is_head else [found.body]

    def _found(self, request: Request) -> Answer | _Inner | None:
        """What is there without making it: an answer that is current, or where it is now."""
        answer = self._kept.get(request.name)
        if answer and self._is_current(request, answer):
            return answer
        version = self._outdated.get(request.name)
        return _leading(request, version) if version else None

    def _is_current(self, request: Request, answer: Answer) -> bool:
        def ask() -> bool:
            return self._ask(request.within(tag=answer.tag)).status.startswith("304")

        return self._current.learn(request.version, ask)

    def _make(self, request: Request) -> Answer | _Inner:
        made = self._ask(request.within())
        if not made.status.startswith("200") or made.version is None:
            return made
        # Also where another version was asked for: its reader will ask for this one next.
        answer = self._keep(request.at(made.version), made)
        if made.version == request.version:
            return answer
        self._outdated.set(request.name, made.version)
        return _leading(request, made.version)

    def _keep(self, request: Request, made: _Inner) -> Answer:
        headers = [pair for pair in made.headers if pair[0].lower() not in _DROPPED]
        encoding, body = coded(made.body, request.accept_encoding)
        answer = Answer((*headers, *encoding), body)
        self._current.set(request.version, True)
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


def _leading(request: Request, version: str) -> _Inner:
    # Relative, so that a reader stays with the host it came by.
    headers = [
        ("Location", request.below(version)),
        ("Cache-Control", "no-store"),
        ("Access-Control-Allow-Origin", "*"),
        ("Content-Length", "0"),
    ]
    return _Inner("307 Temporary Redirect", headers, b"")
