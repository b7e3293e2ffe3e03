"""What every template may show about the site."""

from django.conf import settings
from django.http import HttpRequest

from layers.bilingual import Text


def site(_request: HttpRequest) -> dict:
    """Title of the site and the map approval number (审图号), when there is one."""
    return {
        "site_title": str(Text(**settings.SITE_TITLE)),
        "map_approval_number": settings.MAP_APPROVAL_NUMBER,
    }
