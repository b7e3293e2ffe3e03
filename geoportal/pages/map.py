"""The map page (地图首页): a shell, the page's data, and the modules that draw the map."""

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from geoportal.pages import base_maps, modules, offline
from investment.catalog.views import compare
from investment.models import Park, Project, Site
from layers.bilingual import Text, is_chinese
from layers.models import District


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The map; its state is in the address and read by the browser (docs/map.md)."""
    offered = base_maps.configured()
    context = {
        "page_data": page_data(offered),
        "import_map": modules.import_map(),
        "preloads": modules.preloads("js/main.js"),
    }
    response = render(request, "map/map.html", context)
    origins = sorted(set().union(*(base_map.origins for base_map in offered)))
    if origins:
        response._csp_update = {"img-src": origins}
    return response


def page_data(offered: list[base_maps.BaseMap]) -> dict:
    """What the map needs before its first request; addresses with {placeholders} are templates."""
    city = District.objects.public().filter(code=settings.CITY_CODE).defer("geom").first()
    return {
        "language": "zh" if is_chinese() else "en",
        "title": str(Text(**settings.SITE_TITLE)),
        "city": city.name if city else "",
        "extent": _extent(),
        "approvalNumber": settings.MAP_APPROVAL_NUMBER,
        "baseMaps": [base_map.as_page_data() for base_map in offered],
        "welcome": {"url": _address("investment:why"), "figures": headline_figures(city)},
        "compare": {"sites": {"url": reverse("investment:compare"), "atMost": compare.AT_MOST}},
        # The origin that addresses below a version may have besides our own.
        "cdn": settings.CDN_URL or None,
        "urls": {
            "collections": "/api/collections",
            "items": "/api/collections/{id}/items",
            "item": "/api/collections/{id}/items/{item}",
            "search": "/api/search",
            "icons": static("img/icons.svg"),
            "tileWorker": static("js/map/tiles/worker.js"),
            "offline": offline.address(),
        },
    }


def headline_figures(city: District | None) -> list[dict]:
    """The three or four figures an investor sees first; what is not known is left out."""
    parks = Park.objects.public()
    available_ha = parks.aggregate(total=Sum("area_available_ha"))["total"]
    figures = [
        (_("Industrial land available"), available_ha and round(available_ha), _("ha")),
        (_("Parcels and buildings on offer"), Site.objects.public().on_offer().count(), ""),
        (_("Projects seeking investors"), _open_projects(), ""),
        (_("People"), city and city.population, ""),
    ]
    return [
        {"label": label, "value": int(value), "unit": unit}
        for label, value, unit in figures
        if value
    ]


def _open_projects() -> int:
    return Project.objects.public().filter(stage=Project.Stage.SEEKING).count()


def _extent() -> list[float] | None:
    """West, south, east, north in degrees of what the city covers, None without boundaries."""
    districts = District.objects.public()
    box = districts.filter(code=settings.CITY_CODE).aggregate(box=Extent("geom"))["box"]
    box = box or districts.aggregate(box=Extent("geom"))["box"]
    return [round(degree, 5) for degree in box] if box else None


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
