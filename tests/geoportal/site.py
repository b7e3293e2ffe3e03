"""The application behind the server that keeps answers, asked without a network."""

import gzip
import json
import threading
from contextlib import contextmanager

import brotli
import zstandard
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory

from geoportal.versioned.kept import Disk, Kept, Memory, Store
from geoportal.versioned.server import Versioned

MB = 1024 * 1024
_OPENED = {"br": brotli.decompress, "zstd": zstandard.decompress, "gzip": gzip.decompress}


@contextmanager
def connection_kept():
    """The connection of a test is not closed by a request."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


class Response:
    """What came back by WSGI."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes):
        self.status, self.headers, self.body = int(status[:3]), dict(headers), body
        assert len(self.headers) == len(headers), "a header is told twice"

    @property
    def json(self) -> dict:
        return json.loads(_OPENED.get(self.headers.get("Content-Encoding"), bytes)(self.body))


class Site:
    """The application behind its server, and how often it was asked itself."""

    def __init__(self, store: Store, shared_for: int | None = None):
        self._inner = WSGIHandler()
        self.asked: list[str] = []
        self.store, self._shared_for, self._now = store, shared_for, 0.0
        self.restart()

    def restart(self) -> None:
        """As after a restart: nothing is left in memory."""
        kept = Kept(Memory(MB), self.store)
        self._server = Versioned(self._application, kept, self._shared_for, clock=lambda: self._now)

    def a_second_later(self) -> None:
        self._now += 1

    def _application(self, environ, start_response):
        self.asked.append(environ.get("HTTP_IF_NONE_MATCH", "body"))
        return self._inner(environ, start_response)

    def get(self, path: str, method: str = "get", **headers) -> Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        request = getattr(RequestFactory(headers=given), method)(path)
        told = []
        with connection_kept():
            body = b"".join(self._server(request.environ, lambda *start: told.append(start)))
        return Response(*told[0], body)

    def bodies(self) -> int:
        return self.asked.count("body")


def most_at_once(kept: Kept) -> int:
    """How many of some threads were filling the same at once."""
    within, seen, crowded = [], [], threading.Event()

    def fill():
        with kept.filling("a"):
            within.append(1)
            seen.append(len(within))
            if len(within) > 1:
                crowded.set()
            # Long enough for another that is not held back.
            crowded.wait(0.03)
            within.pop()

    threads = [threading.Thread(target=fill) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    return max(seen)


def disk_at(folder) -> Disk:
    """A store on the disk."""
    return Disk(folder, MB)


def below() -> str:
    """The address of the wells below their version, as their document announces it."""
    document = Client().get("/api/collections/wells").json()
    return document["geoportal"]["versioned"].removeprefix("http://testserver")
