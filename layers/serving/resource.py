"""What every address below /api/ has in common."""

from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from rest_framework.views import APIView

from layers.serving.links import Addresses, with_query
from layers.serving.negotiation import HTML, JSON, LANGUAGES, Format, chosen_format, language_of
from layers.serving.parameters import known_parameters

_EXPOSED = (
    "Accept-Ranges, Content-Crs, Content-Disposition, Content-Language, Content-Range, ETag,"
    " Geoportal-Tile, Geoportal-Version, Link, Location, Preference-Applied, Retry-After"
)
#: In the environment of a request: what went wrong when it was answered without the framework,
#: which is to say so.
FAULT = "layers.fault"
_ASKABLE = "Accept, Accept-Language, If-None-Match, If-Range, Prefer, Range"


class Resource(APIView):
    """A read-only resource: language, format and strict parameters settled, open to every origin.

    `parameters` are those it knows besides `f` and `lang`; None leaves the check to the handler.
    """

    http_method_names = ["get", "head", "options"]
    formats: tuple[Format, ...] = (JSON, HTML)
    parameters: tuple[str, ...] | None = ()

    @classmethod
    def answer(cls, request: HttpRequest, **kwargs) -> HttpResponse:
        """What `get` gives, without the framework around it; raises what would be refused."""
        view = cls()
        view.setup(request, **kwargs)
        with override(LANGUAGES[view.language]):
            view.settle()
            return view.opened(view.get(request, **kwargs))

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        """Note the request as Django has it, which the framework wraps for the handlers."""
        super().setup(request, *args, **kwargs)
        self.asked, self.language = request, language_of(request)

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with override(LANGUAGES[self.language]):
            return super().dispatch(request, *args, **kwargs)

    def perform_content_negotiation(self, request, force=False):
        # Answers are finished bytes; no renderer of the framework takes part.
        return None, ""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if fault := request.META.get(FAULT):
            raise fault
        if request.method != "OPTIONS":
            self.settle()

    def settle(self) -> None:
        """Choose the format, and refuse parameters that are not known."""
        self.format = chosen_format(self.asked, self.formats)
        self.addresses = Addresses(self.asked)
        if self.parameters is not None:
            known_parameters(self.asked.GET, self.parameters)

    def options(self, request, *args, **kwargs) -> HttpResponse:
        """What may be asked here, also for the preflight of other origins."""
        response = HttpResponse(status=204)
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = _ASKABLE
        response["Access-Control-Max-Age"] = "86400"
        return response

    def finalize_response(self, request, response, *args, **kwargs) -> HttpResponse:
        return self.opened(super().finalize_response(request, response, *args, **kwargs))

    def opened(self, response: HttpResponse) -> HttpResponse:
        """The answer with what every origin and every cache is to know of it."""
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = _EXPOSED
        response["Content-Language"] = "zh-Hans" if self.language == "zh" else "en"
        response["Vary"] = "Accept, Accept-Language, Accept-Encoding"
        return response

    @cached_property
    def here(self) -> str:
        """The address of this answer, as the reader asked for it."""
        return f"{self.asked.scheme}://{self.asked.get_host()}{self.asked.get_full_path()}"

    @property
    def wants_html(self) -> bool:
        """Whether the reader is a person with a browser."""
        return self.format is HTML

    def page(self, template: str, context: dict) -> HttpResponse:
        """An HTML page; it is made for this reader and its moment, so it is not kept."""
        here = self.request.get_full_path()
        languages = [
            {"code": code, "name": name, "url": with_query(here, lang=code), "current": is_current}
            for code, name, is_current in (
                ("zh", "简体中文", self.language == "zh"),
                ("en", "English", self.language == "en"),
            )
        ]
        context = {
            "addresses": self.addresses,
            "json_url": with_query(here, f="json"),
            "page_language": self.language,
            "page_languages": languages,
            "keep_language": f"?lang={self.language}" if "lang" in self.request.GET else "",
            **context,
        }
        response = render(self.asked, template, context)
        response["Cache-Control"] = "no-cache"
        return response
