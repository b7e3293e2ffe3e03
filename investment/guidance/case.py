"""The case for the place (招商优势): what is on offer, what it costs, who is here, whom to ask.

All of it is read from published records and figures, so that it can never be older than they are.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Sum

from investment.catalog import locator
from investment.catalog.models import Park, Project, Site, UtilityKind
from investment.catalog.querysets import land_on_offer
from investment.indicators.models import Figure, Indicator
from layers.catalog.models import Contact, Layer
from layers.models import District

#: Costs first: they are what an investor compares. One figure from each of these topics.
COST_TOPICS = ("labour", "land", "power", "water", "gas", "heat")
PLACE_TOPICS = ("economy", "people", "environment", "logistics")
_INDUSTRIES = 8


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the page shows."""

    city: District | None
    counties: list[District]
    land: dict
    sites: dict
    lowest_price: Decimal | None
    power_mva: Decimal | None
    projects: dict
    figures: list[Figure]
    costs: list[Figure]
    industries: list[tuple[str, int]]
    best_sites: list[Site]
    open_projects: list[Project]
    overview: locator.Drawing | None
    contact: Contact | None


def the_case() -> Case:
    """The case for the city the service is set up for."""
    city = District.objects.public().filter(code=settings.CITY_CODE).defer("geom").first()
    counties = District.objects.public().filter(level=District.Level.COUNTY).defer("geom")
    return Case(
        city=city,
        counties=list(counties),
        land={"parks": Park.objects.public().count(), **land_on_offer(Park.objects.public())},
        sites=_sites(),
        lowest_price=_lowest_price(),
        power_mva=Park.objects.public().headroom(UtilityKind.POWER),
        projects=_projects(),
        figures=_leading(PLACE_TOPICS, city, each=2),
        costs=_leading(COST_TOPICS, city, each=1),
        industries=_leading_industries(),
        best_sites=list(Site.objects.public().on_offer().for_cards().best_first()[:3]),
        open_projects=list(Project.objects.public().for_cards().open_first()[:3]),
        overview=locator.overview(),
        contact=_contact(),
    )


def _sites() -> dict:
    land = Q(kind="parcel")
    return (
        Site.objects.public()
        .on_offer()
        .aggregate(
            count=Count("pk"),
            ready=Count("pk", filter=Q(readiness__gte=Site.Readiness.SERVICED)),
            land_m2=Sum("area_m2", filter=land),
            as_of=Max("as_of"),
        )
    )


def _lowest_price() -> Decimal | None:
    """The least that land is sold for, in CNY/m²: by any park, or as a parcel on offer."""
    parcels = Site.objects.public().on_offer().filter(kind=Site.Kind.PARCEL)
    asked = (
        Park.objects.public().aggregate(least=Min("land_price_min"))["least"],
        parcels.filter(price_unit=Site.PriceUnit.SALE).aggregate(least=Min("price"))["least"],
    )
    return min((price for price in asked if price is not None), default=None)


def _projects() -> dict:
    under_way = Q(stage__in=("signed", "building", "operating"))
    return Project.objects.public().aggregate(
        count=Count("pk"),
        seeking=Count("pk", filter=Q(stage=Project.Stage.SEEKING)),
        under_way=Count("pk", filter=under_way),
    )


def _leading(topics, city: District | None, *, each: int) -> list[Figure]:
    if city is None:
        return []
    figures = Figure.objects.public().filter(district=city)
    known = Indicator.objects.filter(topic__in=topics, figures__in=figures).distinct()
    slugs: list[str] = []
    for topic in topics:
        slugs += [i.slug for i in known if i.topic == topic][:each]
    found = {f.indicator.slug: f for f in Figure.objects.latest_of(slugs, city)}
    return [found[slug] for slug in slugs]


def _leading_industries() -> list[tuple[str, int]]:
    named = Park.objects.public().values_list("industries", flat=True)
    return Counter(code for codes in named for code in codes).most_common(_INDUSTRIES)


def _contact() -> Contact | None:
    layer = Layer.objects.select_related("steward").filter(slug="projects").first()
    return layer and layer.steward
