"""What every template may show about the site: title, navigation, the other language."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from layers.bilingual import Text

#: The columns of the site in order: address name and title.
NAVIGATION = (
    ("pages:map", _("Map")),
    ("investment:why", _("Why here")),
    ("investment:parks", _("Parks")),
    ("investment:sites", _("Sites")),
    ("investment:projects", _("Projects")),
    ("investment:environment", _("Environment and costs")),
    ("investment:policies", _("Policies")),
    ("investment:documents", _("Documents")),
)

#: Pages that stand under a column at an address of their own.
ALSO_UNDER = {"investment:environment": ("investment:costs",)}


def site(request: HttpRequest) -> dict:
    """Title, navigation with the current column marked, and this page in each language."""
    return {
        "site_title": str(Text(**settings.SITE_TITLE)),
        "map_approval_number": settings.MAP_APPROVAL_NUMBER,
        "map_url": reverse("pages:map"),
        "navigation": [_column(request.path, name, title) for name, title in NAVIGATION],
        "page_languages": [_language(request, code, name) for code, name in settings.LANGUAGES],
    }


def _column(path: str, name: str, title) -> dict:
    url = reverse(name)
    under = tuple(reverse(page) for page in ALSO_UNDER.get(name, ()))
    is_map = name == "pages:map"
    return {
        "url": url,
        "title": title,
        "current": path == url if is_map else path.startswith((url, *under)),
    }


def _language(request: HttpRequest, code: str, name: str) -> dict:
    return {
        "code": code,
        "name": name,
        "url": translate_url(request.get_full_path(), code),
        "current": code == get_language(),
    }
