"""Pages of one park, site or project."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from investment.catalog import locator, nearby
from investment.catalog.coverage import coverage_of
from investment.catalog.models import Park, Project, Site
from investment.catalog.structured import breadcrumbs, structured_data
from investment.catalog.surroundings import Surroundings


@require_safe
def park_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a park."""
    park = get_object_or_404(Park.objects.public().for_page(), slug=slug)
    return render(request, "investment/park.html", {"park": park, **_frame(request, park)})


@require_safe
def site_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a site."""
    site = get_object_or_404(Site.objects.public().for_page(), slug=slug)
    context = {"site": site, **_frame(request, site, park=site.park)}
    return render(request, "investment/site.html", context)


@require_safe
def project_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a project."""
    project = get_object_or_404(Project.objects.public().for_page(), slug=slug)
    context = {
        "project": project,
        "needs": coverage_of(project),
        **_frame(request, project, park=project.park),
    }
    return render(request, "investment/project.html", context)


def _frame(request: HttpRequest, offer, park: Park | None = None) -> dict:
    """What frames the facts on every page of an offer."""
    context = {
        "offer": offer,
        "park_around": park,
        "layer": f"{offer._meta.model_name}s",
        "address": request.build_absolute_uri(request.path),
        "breadcrumbs": breadcrumbs(offer, park),
    }
    if offer.geom:
        around = Surroundings(locator.LAYERS | nearby.LAYERS)
        context["overview"] = locator.overview(offer.geom, here=offer.district, around=around)
        context["close_up"] = locator.close_up(offer.geom, park=park, around=around)
        context["near"] = nearby.near(offer.geom, around=around)
    context["structured_data"] = structured_data(request, offer, context["breadcrumbs"])
    return context
