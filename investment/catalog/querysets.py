"""Reads of parks, sites and projects, named as questions."""

from decimal import Decimal

from django.apps import apps
from django.db.models import (
    Case,
    DecimalField,
    Expression,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from investment.industries import INDUSTRIES
from layers.records.models import District
from layers.records.querysets import RecordQuerySet


def _model(name: str):
    # The models name these querysets as their managers, so they can only be asked for by name.
    return apps.get_model("investment", name)


def _public(name: str) -> QuerySet:
    return _model(name).objects.public()


class OfferQuerySet(RecordQuerySet):
    """Questions that parks, sites and projects all answer."""

    def with_cover(self):
        """With what every card shows: county, contact, pictures; only a public county is named."""
        return self.select_related("contact").prefetch_related("photos", public_district())

    def newest_first(self):
        """The most lately dated records first."""
        return self.order_by(F("as_of").desc(nulls_last=True), "-updated_at", "id")


class ParkQuerySet(OfferQuerySet):
    """Questions about parks."""

    def in_industry(self, code: str):
        """Leading in this GB/T 4754 division, or in any division of this section letter."""
        if len(code) > 1:
            return self.filter(industries__contains=[code])
        divisions = [known for known in INDUSTRIES.codes if known.startswith(code)]
        return self.filter(industries__overlap=divisions)

    def with_headroom(self, kind: str, at_least: Decimal):
        """With so much of this utility free, in the unit of the kind (`headroom_in_park`)."""
        return self.alias(free=headroom_in_park(kind)).filter(free__gte=at_least)

    def headroom(self, kind: str) -> Decimal | None:
        """What these parks have free of one utility together; none where none names it."""
        return self.annotate(free=headroom_in_park(kind)).aggregate(all=Sum("free"))["all"]

    def for_cards(self):
        """With all a card of a park shows."""
        return self.with_cover().defer("geom").prefetch_related(_utilities())

    def for_page(self):
        """With all the page of a park shows."""
        return self.with_cover().prefetch_related(
            _utilities(),
            "tenants",
            Prefetch("documents", _published_documents()),
            Prefetch("sites", _public("Site").for_cards().best_first()),
            Prefetch("projects", _public("Project").for_cards().newest_first()),
        )


class SiteQuerySet(OfferQuerySet):
    """Questions about sites."""

    def with_usable_area(self):
        """With `usable_m2`: floor area of a building, land area of a parcel."""
        return self.annotate(
            usable_m2=Case(When(kind="building", then=F("floor_area_m2")), default=F("area_m2"))
        )

    def with_headroom(self, kind: str, at_least: Decimal):
        """With so much free at the plot; where the plot names no such utility, in its park."""
        return self.alias(free=headroom_at_site(kind)).filter(free__gte=at_least)

    def priced(self, unit: str, at_least: Decimal | None = None, at_most: Decimal | None = None):
        """With a published price in this unit, inside the bounds given."""
        found = self.filter(price_unit=unit, price__isnull=False)
        if at_least is not None:
            found = found.filter(price__gte=at_least)
        return found if at_most is None else found.filter(price__lte=at_most)

    def on_offer(self):
        """Still to be had: free, or under negotiation only."""
        return self.filter(availability__in=("available", "negotiating"))

    def best_first(self):
        """What can be had before what cannot, the readiest first, then the newest."""
        still_free = Case(
            When(availability="available", then=0),
            When(availability="negotiating", then=1),
            When(availability="reserved", then=2),
            default=3,
        )
        return self.order_by(still_free, "-readiness", F("as_of").desc(nulls_last=True), "id")

    def for_cards(self):
        """With all a card of a site shows; a park that is not public is not named."""
        parks = _public("Park").defer("geom").prefetch_related(_utilities())
        return self._with_supply(parks).defer("geom")

    def for_page(self):
        """With all the page of a site shows."""
        return self._with_supply(_public("Park").for_cards().defer(None)).prefetch_related(
            Prefetch("documents", _published_documents()),
            Prefetch("projects", _public("Project").for_cards().newest_first()),
        )

    def _with_supply(self, parks: QuerySet):
        return self.with_cover().prefetch_related(_utilities(), Prefetch("park", parks))


class ProjectQuerySet(OfferQuerySet):
    """Questions about projects."""

    def in_industry(self, code: str):
        """In this GB/T 4754 division, or in any division of this section letter."""
        return self.filter(industry__startswith=code)

    def in_mode(self, modes: list[str]):
        """Open to any of these modes of cooperation."""
        return self.filter(modes__overlap=modes)

    def open_first(self):
        """What seeks investors before what is under way, the newest first."""
        standing = Case(
            When(stage="seeking", then=0),
            When(stage="negotiating", then=1),
            When(stage="planning", then=2),
            default=3,
        )
        return self.order_by(standing, F("as_of").desc(nulls_last=True), "id")

    def for_cards(self):
        """With all a card of a project shows; a park that is not public is not named."""
        parks = _public("Park").defer("geom")
        return self.with_cover().defer("geom").prefetch_related(Prefetch("park", parks))

    def for_page(self):
        """With all the page of a project shows."""
        return self.with_cover().prefetch_related(
            "utility_needs",
            Prefetch("park", _public("Park").for_cards().defer(None)),
            Prefetch("site", _public("Site").for_cards()),
            Prefetch("documents", _published_documents()),
        )


def public_district() -> Prefetch:
    """The county of each record while it is public itself, without its boundary."""
    return Prefetch("district", District.objects.public().defer("geom"))


def headroom_in_park(kind: str) -> Expression:
    """What a park has free of a utility (余量): the sum over its plants and lines.

    Each row of `Utility` is a plant or line of its own with its own headroom, so supplies at two
    voltages add up. `supply.free_of` tells the same of rows already fetched.
    """
    return _free(kind, Q(park=OuterRef("pk")))


def headroom_at_site(kind: str) -> Expression:
    """What is free at the plot; where the plot names no such utility, in its public park."""
    in_park = Q(park=OuterRef("park"), park__in=_public("Park"))
    return Coalesce(_free(kind, Q(site=OuterRef("pk"))), _free(kind, in_park))


def _free(kind: str, of_record: Q) -> Subquery:
    connections = _model("Utility").objects.filter(of_record, kind=kind).order_by().values("kind")
    free = connections.annotate(free=Sum("headroom")).values("free")
    return Subquery(free, output_field=DecimalField(max_digits=14, decimal_places=2))


def land_on_offer(parks: QuerySet) -> dict:
    """Hectares planned and still free in these parks."""
    return parks.aggregate(planned=Sum("area_ha"), free=Sum("area_available_ha"))


def _utilities() -> Prefetch:
    """Utilities in the order investors ask for them, the strongest line first."""
    model = _model("Utility")
    kinds = model._meta.get_field("kind").choices
    place = Case(*(When(kind=kind, then=n) for n, (kind, _label) in enumerate(kinds)))
    return Prefetch("utilities", model.objects.order_by(place, "-voltage_kv", "-headroom", "id"))


def _published_documents() -> QuerySet:
    return _public("Document").with_versions().order_by("kind", "order", "id")
