"""A request below a version, as the application is asked for it."""

import re
from typing import NamedTuple
from urllib.parse import quote

from geoportal.versioned.coding import accepted
from layers.serving.versions import PATTERN

PREFIX = "/api/v/"
#: Exports are too large to be kept.
_ADDRESS = re.compile(rf"{PREFIX}({PATTERN})/((?:collections/(?![^/]+/export$).+|tiles)/.+)")
#: What an answer below a version does not depend on.
_IGNORED = ("HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")


class Request(NamedTuple):
    """A good request for something below a version."""

    environ: dict
    version: str
    rest: str

    @classmethod
    def of(cls, environ: dict) -> "Request | None":
        """The request, or None where it is for something else."""
        asked = _ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        if not asked or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        return cls(environ, *asked.groups())

    @property
    def name(self) -> str:
        """What its answer is kept under: addresses in it are those that the reader sees."""
        given = self.environ
        parts = (given.get("wsgi.url_scheme"), given.get("HTTP_X_FORWARDED_PROTO"))
        parts += (given.get("HTTP_HOST"), given.get("SCRIPT_NAME"), self.version, self.rest)
        return "\n".join(map(str, (*parts, given.get("QUERY_STRING"), self.accept_encoding)))

    @property
    def accept_encoding(self) -> str:
        """How the answer is to be compressed."""
        return accepted(self.environ.get("HTTP_ACCEPT_ENCODING", ""))

    @property
    def is_head(self) -> bool:
        """Whether only the headers are wanted."""
        return self.environ["REQUEST_METHOD"] == "HEAD"

    def within(self, tag: str = "") -> dict:
        """The request for the same without a version, plain: the address alone decides.

        With `tag` it asks whether that is current.
        """
        environ = {name: value for name, value in self.environ.items() if name not in _IGNORED}
        environ |= {"PATH_INFO": f"/api/{self.rest}", "REQUEST_METHOD": "GET"}
        environ |= {"HTTP_ACCEPT": "*/*", "HTTP_ACCEPT_LANGUAGE": "zh"}
        environ["HTTP_ACCEPT_ENCODING"] = "identity"
        return {**environ, "HTTP_IF_NONE_MATCH": tag} if tag else environ

    def at(self, version: str) -> "Request":
        """The request for the same below another version."""
        return self._replace(version=version)

    def below(self, version: str) -> str:
        """The address of the same below another version."""
        query = self.environ.get("QUERY_STRING", "")
        # WSGI gives the bytes of a path as characters of Latin-1.
        path = quote(self.rest.encode("latin-1"), safe="/~:@!$&'()*+,;=")
        prefix = self.environ.get("SCRIPT_NAME", "")
        return f"{prefix}/api/v/{version}/{path}{'?' if query else ''}{query}"
