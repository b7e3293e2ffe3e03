"""Up to four sites side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from investment.catalog.exports import FORMATS, download
from investment.catalog.models import Site, UtilityKind
from investment.catalog.supply import supply_of
from layers.catalog.models import slug_rule

AT_MOST = 4
#: What the comparison may be taken home as, asked for with `f`.
FILES = ("xlsx", "csv")


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The sites named by `ids` (slugs, repeated or with commas), in that order."""
    asked = [slug for part in request.GET.getlist("ids") for slug in part.split(",") if slug]
    asked = list(dict.fromkeys(asked))
    # What cannot be an address is no site's, and PostgreSQL would not take every text of it.
    possible = [slug for slug in asked[:AT_MOST] if slug_rule.regex.search(slug)]
    found = {s.slug: s for s in Site.objects.public().for_cards().filter(slug__in=possible)}
    sites = [found[slug] for slug in asked if slug in found]
    if (fmt := request.GET.get("f")) in FILES:
        return download(request, "sites", Site.objects.filter(slug__in=found), fmt)
    context = {
        "sites": sites,
        "files": [(fmt, FORMATS[fmt]) for fmt in FILES],
        "utility_rows": _utility_rows(sites),
        "notices": _notices(asked, found),
    }
    return render(request, "investment/compare.html", context)


def _utility_rows(sites: list[Site]) -> list[tuple]:
    """Kind, its name, and what each site would get of it; kinds that none has are left out."""
    supplies = [supply_of(site) for site in sites]
    rows = ((kind, kind.label, [s.get(kind.value) for s in supplies]) for kind in UtilityKind)
    return [row for row in rows if any(row[2])]


def _notices(asked: list[str], found: dict) -> list[str]:
    notices = []
    if len(asked) > AT_MOST:
        notices.append(_("Only the first %(number)d sites are compared.") % {"number": AT_MOST})
    if any(slug not in found for slug in asked[:AT_MOST]):
        notices.append(_("A site you chose is no longer published and was left out."))
    return notices
