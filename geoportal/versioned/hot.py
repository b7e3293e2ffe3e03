"""What is asked for again and again, found by the request as it came.

Nothing of the request is read, and nothing of the answer made anew: where a web server gives a file
from its memory, this costs little more.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from geoportal.versioned.kept import Answer
from layers.serving.delivery import is_held

#: What a request is told apart by; the rest of it changes nothing below a version.
_TELLING = (
    "PATH_INFO",
    "QUERY_STRING",
    "REQUEST_METHOD",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "SCRIPT_NAME",
    "wsgi.url_scheme",
)
_MOST = 10_000
#: What a reader is told who holds the answer already (RFC 9110, 15.4.5).
_OF_HELD = {"etag", "cache-control", "vary", "access-control-allow-origin"}
Headers = list[tuple[str, str]]


class Known(NamedTuple):
    """Under which name an answer is kept, and the headers it is given with, whole or not anew."""

    name: str
    version: str
    tag: str
    headers: Headers
    of_held: Headers

    @classmethod
    def of(cls, name: str, version: str, answer: Answer, told: Headers) -> "Known":
        """Of an answer; `told` is what all answers are given with."""
        headers = [*answer.headers, *told]
        of_held = [pair for pair in headers if pair[0].lower() in _OF_HELD]
        return cls(name, version, answer.tag, headers, of_held)

    def give(self, body: bytes, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """The answer, or that the reader holds it."""
        held = environ.get("HTTP_IF_NONE_MATCH")
        if held and (held == self.tag or is_held(held, self.tag)):
            start_response("304 Not Modified", [*self.of_held])
            return []
        # Made anew after it was forgotten, it may have become shorter or longer.
        start_response("200 OK", [*self.headers, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


class Hot:
    """The requests seen last, by what tells them apart."""

    def __init__(self):
        self._known: dict[tuple, Known] = {}

    @staticmethod
    def asked(environ: dict) -> tuple:
        """What tells a request apart."""
        return tuple(map(environ.get, _TELLING))

    def get(self, asked: tuple) -> Known | None:
        """What is known of a request."""
        return self._known.get(asked)

    def put(self, asked: tuple, known: Known) -> None:
        """Know this from now on."""
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[asked] = known
