"""The site map for people, and what crawlers ask for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from investment.catalog.querysets import public_district
from investment.models import Park, Policy
from layers.catalog.models import Layer
from layers.models import District


@require_safe
def sitemap_page(request: HttpRequest) -> HttpResponse:
    """Every page by column, for people (网站地图)."""
    counties = District.objects.public().filter(level=District.Level.COUNTY).defer("geom")
    parks = Park.objects.public().prefetch_related(public_district())
    context = {
        "parks": parks.defer("geom").order_by("district__code", "id"),
        "counties": counties,
        "policies": Policy.objects.public(),
        "layers": Layer.objects.public().select_related("group"),
    }
    return render(request, "pages/sitemap.html", context)


def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers may read pages; filtered lists and exports would only lead them in circles."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /en/admin/",
        "Disallow: /*/export.",
        "Disallow: /*?",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap-xml'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
