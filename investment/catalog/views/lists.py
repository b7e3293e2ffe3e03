"""List pages of parks, sites and projects, and their exports."""

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from investment.catalog.exports import FORMATS, download, refusal
from investment.catalog.filters import ParkFilter, ProjectFilter, SiteFilter
from investment.catalog.listing import Listing, problems, read_list, sort_problems
from investment.catalog.models import Park, Project, Site
from investment.catalog.on_map import map_query
from layers.registry import typed_declarations


def _by(*order):
    return lambda records: records.order_by(*order, "id")


_dearest_last = F("price").asc(nulls_last=True)

LISTINGS = {
    "parks": Listing(
        layer="parks",
        records=Park.objects.public,
        filters=ParkFilter,
        sorts={
            "available": (_("Most land available"), _by("-area_available_ha")),
            "price": (_("Lowest land price"), _by(F("land_price_min").asc(nulls_last=True))),
            "area": (_("Largest"), _by("-area_ha")),
            "newest": (_("Latest data"), lambda records: records.newest_first()),
        },
    ),
    "sites": Listing(
        layer="sites",
        records=Site.objects.public,
        filters=SiteFilter,
        sorts={
            "readiest": (_("Readiest first"), lambda records: records.best_first()),
            "price": (_("Lowest price"), _by("price_unit", _dearest_last)),
            "area": (
                _("Largest"),
                lambda records: records.with_usable_area().order_by("-usable_m2", "id"),
            ),
            "smallest": (
                _("Smallest"),
                lambda records: records.with_usable_area().order_by("usable_m2", "id"),
            ),
            "newest": (_("Latest data"), lambda records: records.newest_first()),
        },
    ),
    "projects": Listing(
        layer="projects",
        records=Project.objects.public,
        filters=ProjectFilter,
        sorts={
            "open": (_("Seeking investors first"), lambda records: records.open_first()),
            "investment": (_("Largest investment"), _by("currency", "-investment_total")),
            "irr": (_("Highest return"), _by(F("irr_percent").desc(nulls_last=True))),
            "newest": (_("Latest data"), lambda records: records.newest_first()),
        },
    ),
}


CARDS = {layer: f"investment/parts/{layer.removesuffix('s')}_card.html" for layer in LISTINGS}


@require_safe
def offer_list(request: HttpRequest, layer: str) -> HttpResponse:
    """The list of parks, sites or projects."""
    shown = read_list(LISTINGS[layer], request.GET)
    context = {
        "list": shown,
        "on_map": map_query(layer, shown.filters),
        "declaration": typed_declarations()[layer],
        "formats": FORMATS.items(),
        "card": CARDS[layer],
        "layer": layer,
    }
    return render(request, f"investment/{layer}.html", context)


@require_safe
def offer_export(request: HttpRequest, layer: str, fmt: str) -> HttpResponse:
    """The same list as a file; a filter that cannot be read is refused, not left out."""
    if fmt not in FORMATS:
        raise Http404
    listing = LISTINGS[layer]
    filters = listing.select(request.GET)
    if found := [*problems(filters, request.GET), *sort_problems(listing, request.GET)]:
        return refusal(request, found)
    return download(request, layer, filters.qs, fmt)
