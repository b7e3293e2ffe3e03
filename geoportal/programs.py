"""Programs are answered apart from people.

What a page needs around it (sessions, sign-in, messages, protection of forms, policies) takes as
long as reading a record does, and nothing of it is for programs: the API looks at no cookie.
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

_API = "/api/"


class ProgramsApart:
    """WSGI application: the API for programs by a short way, all else by the one of pages."""

    def __init__(self, pages: Callable, programs: Callable):
        self._pages, self._programs = pages, programs

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        way = self._programs if is_for_program(environ) else self._pages
        return way(environ, start_response)


def is_for_program(environ: dict) -> bool:
    """Whether a request of the API cannot be for a page: nothing in it speaks of HTML.

    Where in doubt it is taken for one, which changes nothing but the time it takes.
    """
    path = environ.get("PATH_INFO", "")
    if not path.startswith(_API) or "html" in path:
        return False
    return "html" not in environ.get("QUERY_STRING", "") and "text/" not in environ.get(
        "HTTP_ACCEPT", ""
    )


class ProgramsHandler(WSGIHandler):
    """Django's handler with the middleware that the API for programs needs."""

    def load_middleware(self, is_async: bool = False) -> None:
        # Django knows one list only, and reads it here, once, before the first request.
        of_pages = settings.MIDDLEWARE
        settings.MIDDLEWARE = settings.MIDDLEWARE_FOR_PROGRAMS
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = of_pages
