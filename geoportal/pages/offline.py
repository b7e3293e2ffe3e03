"""The service worker (离线可用): keeps the last good view of the map for times without the service.

It is given out at the root, because a worker may answer for addresses below its own only.
"""

import json

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

#: In the order in which they build on each other.
WORKER = tuple(
    f"js/offline/{name}.js" for name in ("rules", "ledger", "answers", "pages", "worker")
)
FAREWELL = ("js/offline/farewell.js",)


def is_offered() -> bool:
    """Whether anything is kept; without hashed names (development) no file could be told from an
    older one."""
    return settings.OFFLINE and not settings.DEBUG


def address() -> str | None:
    """Where pages find the worker, None where there is none."""
    return reverse("service-worker") if is_offered() else None


_REACHED = [SELF, *([settings.CDN_URL] if settings.CDN_URL else [])]


@require_safe
@csp({"default-src": [NONE], "script-src": [SELF], "connect-src": _REACHED})
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The worker, or the one that takes it away again; asked for anew each time."""
    response = HttpResponse(_source(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _source() -> str:
    scripts = [static(path) for path in (WORKER if is_offered() else FAREWELL)]
    lines = [
        f"const PAGES = {json.dumps(_map_pages())};",
        f"const FILES = {json.dumps(settings.STATIC_URL)};",
        f"const CDN = {json.dumps(settings.CDN_URL or None)};",
        f"importScripts({', '.join(map(json.dumps, scripts))});",
    ]
    return "\n".join(lines) + "\n"


def _map_pages() -> list[str]:
    """The addresses of the map in all languages."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(reverse("pages:map"))
    return found
