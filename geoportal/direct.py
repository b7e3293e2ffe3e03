"""Records and tiles are given to programs without the framework's way to a view.

The way through handler, middleware and routes takes longer than reading a tile does. What maps
and programs ask for most is therefore routed here and answered by the same views. Only good answers
come from here: whatever is refused or goes wrong is asked of the framework again, which says so.
"""

import re
from collections.abc import Callable, Iterable

from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from geoportal.replicas import ReplicaReads
from geoportal.time_limit import was_cut_off
from layers.catalog.models import RECORDS
from layers.serving.resource import FAULT, Resource
from layers.serving.tiles.views import LayerTile
from layers.serving.views import Item, Items

_COLLECTION = rf"/api/collections/(?!{RECORDS}/)(?P<collection>[^/]+)"
#: A key that holds a slash needs more thought.
_ROUTES: tuple[tuple[re.Pattern, type[Resource]], ...] = (
    (
        re.compile(
            rf"{_COLLECTION}/tiles/(?P<grid>[^/]+)/(?P<level>[^/]+)/(?P<row>[^/]+)/(?P<column>[^/]+)"
        ),
        LayerTile,
    ),
    (re.compile(rf"{_COLLECTION}/items"), Items),
    (re.compile(rf"{_COLLECTION}/items/(?P<key>[^/]+)"), Item),
)


class DirectReads:
    """WSGI application: records and tiles at once, all else by the framework."""

    def __init__(self, framework: Callable):
        self._framework = framework
        self._secured = SecurityMiddleware(lambda request: None).process_response
        try:
            self._read: Callable[[HttpRequest], HttpResponse] = ReplicaReads(_answer)
        except MiddlewareNotUsed:
            self._read = _answer

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        response = self._given(environ) if _is_plain(environ) else None
        if response is None:
            return self._framework(environ, start_response)
        start_response(f"{response.status_code} {response.reason_phrase}", [*response.items()])
        return [response.content]

    def _given(self, environ: dict) -> HttpResponse | None:
        request = WSGIRequest(environ)
        close_old_connections()
        try:
            response = self._secured(request, self._read(request))
        except Exception as error:  # whatever it is, the framework has the words for it
            if isinstance(error, DatabaseError) and was_cut_off(error):
                # It would be cut off again, after as long.
                environ[FAULT] = error
            return None
        if response.status_code not in (200, 304):
            return None
        if response.status_code == 200:
            response["Content-Length"] = str(len(response.content))
        return response


def _is_plain(environ: dict) -> bool:
    """Whether it is a reading request whose path is as it was written."""
    path = environ["PATH_INFO"]
    is_whole = not environ.get("SCRIPT_NAME") and path.isascii()
    return environ["REQUEST_METHOD"] == "GET" and is_whole and _route(path) is not None


def _route(path: str) -> tuple[re.Match, type[Resource]] | None:
    for pattern, view in _ROUTES:
        if found := pattern.fullmatch(path):
            return found, view
    return None


def _answer(request: HttpRequest) -> HttpResponse:
    found, view = _route(request.path_info)
    return view.answer(request, **found.groupdict())
