"""What the reader wants: the format by `f` or Accept, the language by `lang` or Accept-Language.

Cookies are not looked at: the same address with the same headers gives everybody the same answer.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import BadParameter, NotAcceptable

#: What `lang` may say, and the language of the messages it stands for.
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class Format:
    """A representation: what `f` calls it, its media type, and others a reader may ask it by."""

    name: str
    media_type: str
    also: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type as a header gives it."""
        return f"{self.media_type}; charset=utf-8" if self.name == "html" else self.media_type


JSON = Format("json", "application/json")
GEOJSON = Format("json", "application/geo+json", ("application/json", "application/vnd.geo+json"))
SCHEMA = Format("json", "application/schema+json", ("application/json",))
OPENAPI = Format("json", "application/vnd.oai.openapi+json;version=3.0", ("application/json",))
HTML = Format("html", "text/html")


def chosen_format(request: HttpRequest, offered: tuple[Format, ...]) -> Format:
    """The format to answer in; the first offered where the reader does not mind.

    Raises BadParameter for an `f` that is not offered, NotAcceptable when Accept leaves none.
    """
    if asked := request.GET.get("f"):
        for each in offered:
            if each.name == asked:
                return each
        names = ", ".join(each.name for each in offered)
        raise BadParameter("f", _("Formats here: %(names)s.") % {"names": names})
    if len(offered) == 1:
        # The address names the format, and readers ask for it by all sorts of media types.
        return offered[0]
    best = preferred_format(request, offered)
    if best is None:
        types = ", ".join(each.media_type for each in offered)
        raise NotAcceptable(_("This can be had as: %(types)s.") % {"types": types})
    return best


def preferred_format(request: HttpRequest, offered: tuple[Format, ...]) -> Format | None:
    """The format that Accept likes best, the first of equal ones; None: it takes none."""
    # A reader that sends the header empty minds no more than one that leaves it out.
    header = request.META.get("HTTP_ACCEPT") or "*/*"
    if header == "*/*":
        return offered[0]
    ranges = _media_ranges(header)
    best = max(offered, key=lambda each: _quality(each, ranges))
    return best if _quality(best, ranges) else None


def _media_ranges(header: str) -> list[tuple[str, float]]:
    return [_weighed(part) for part in header.split(",") if part.strip()]


def _weighed(part: str) -> tuple[str, float]:
    name, *parameters = [text.strip().lower() for text in part.split(";")]
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return name, 0.0
    return name, 1.0


def _quality(offered: Format, ranges: list[tuple[str, float]]) -> float:
    return max(_quality_of(name, ranges) for name in (offered.media_type, *offered.also))


def _quality_of(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """What the most telling range says of a media type (RFC 9110 §12.5.1)."""
    plain = media_type.split(";", maxsplit=1)[0]
    said = dict(reversed(ranges))
    for name in (plain, plain.partition("/")[0] + "/*", "*/*"):
        if name in said:
            return said[name]
    return 0.0


def language_of(request: HttpRequest) -> str:
    """`zh` or `en`: what `lang` says, else the one Accept-Language likes better, else Chinese."""
    asked = request.GET.get("lang")
    return asked if asked in LANGUAGES else preferred_language(request)


def preferred_language(request: HttpRequest) -> str:
    """`zh` or `en`, as Accept-Language has it: all that can be looked at in a request refused."""
    best, liking = "zh", 0.0
    for tag, quality in _media_ranges(request.META.get("HTTP_ACCEPT_LANGUAGE", "")):
        primary = tag.split("-")[0]
        if primary in LANGUAGES and quality > liking:
            best, liking = primary, quality
    return best


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the reader accepts a body compressed by gzip."""
    return takes(request.META.get("HTTP_ACCEPT_ENCODING", ""), "gzip")


def takes(accept_encoding: str, coding: str) -> bool:
    """Whether an Accept-Encoding header accepts a coding."""
    if not accept_encoding:
        return False
    said = dict(reversed(_media_ranges(accept_encoding)))
    return said.get(coding, said.get("*", 0.0)) > 0
