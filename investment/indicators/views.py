"""Pages of the economy, the investment environment and costs, by city and county."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from investment.indicators.board import boards
from investment.indicators.models import Indicator
from investment.indicators.thematic import themes
from layers.models import District

Topic = Indicator.Topic

#: What each page is about, in order.
TOPICS = {
    "environment": (Topic.ECONOMY, Topic.PEOPLE, Topic.ENVIRONMENT, Topic.LOGISTICS),
    "costs": (Topic.LABOUR, Topic.LAND, Topic.POWER, Topic.WATER, Topic.GAS, Topic.HEAT),
}


@require_safe
def figures(request: HttpRequest, page: str, code: str = "") -> HttpResponse:
    """The figures of a page's topics for the city, or for the county with this code."""
    districts = _districts()
    if asked := request.GET.get("district"):
        if asked in districts:
            return redirect(f"investment:{page}-of", code=asked)
        notice = _("There is no district “%(code)s”; this is the whole city.")
        notices = [notice % {"code": asked[:20]}]
    else:
        notices = []
    district = districts.get(code or settings.CITY_CODE)
    if code and not district:
        raise Http404
    counties = [d for d in districts.values() if d.level == District.Level.COUNTY]
    context = {
        "page": page,
        "code": code,
        "district": district,
        "districts": districts.values(),
        "topics": _topics(page, district, counties),
        "themes": themes() if page == "environment" else [],
        "notices": notices,
    }
    return render(request, f"investment/{page}.html", context)


def _districts() -> dict[str, District]:
    """The city and its counties by code, the city first."""
    levels = (District.Level.PREFECTURE, District.Level.COUNTY)
    known = District.objects.public().within(settings.CITY_CODE).filter(level__in=levels)
    return {district.code: district for district in known.defer("geom").order_by("code")}


def _topics(page: str, district: District | None, counties: list[District]) -> list:
    if district is None:
        return []
    found = boards(TOPICS[page], district, counties)
    return [(Topic(topic), shown) for topic, shown in found.items()]
