"""Pages of policies, and the one page that says why to invest here."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from investment.catalog.listing import Listing, read_list, steward_of
from investment.documents.forms import procedure_labels
from investment.guidance.case import the_case
from investment.guidance.filters import PolicyFilter
from investment.guidance.models import Policy

POLICIES = Listing(
    layer="projects",
    records=Policy.objects.public,
    filters=PolicyFilter,
    sorts={
        "newest": (
            _("Newest first"),
            lambda records: records.order_by(F("in_force_from").desc(nulls_last=True), "id"),
        ),
        "title": (_("By title"), lambda records: records.order_by("title_zh", "id")),
    },
)


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The list of policies."""
    context = {
        "list": read_list(POLICIES, request.GET),
        "card": "investment/parts/policy_card.html",
    }
    return render(request, "investment/policies.html", context)


@require_safe
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a policy."""
    found = get_object_or_404(Policy.objects.public().for_cards(), slug=slug)
    parks = list(found.parks())
    context = {
        "policy": found,
        "address": request.build_absolute_uri(request.path),
        "parks": parks,
        "contact": parks[0].contact if parks else steward_of(POLICIES.layer),
        "procedure": found.document and procedure_labels().get(found.document.procedure),
    }
    return render(request, "investment/policy.html", context)


@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """Why here: the case for the place in one screen."""
    return render(request, "investment/why.html", {"case": the_case()})
