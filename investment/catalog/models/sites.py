"""Sites on offer (地块与厂房): parcels of land and buildings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from investment.catalog.models.base import (
    Offer,
    offer_constraints,
    offer_indexes,
    offer_triggers,
)
from investment.catalog.models.parks import Park
from investment.catalog.querysets import SiteQuerySet
from layers.bilingual import Bilingual
from layers.rules import Check, choices_held, not_negative

#: What only buildings have.
OF_BUILDINGS = (
    *("floor_area_m2", "floors", "floor_load_kn_m2", "clear_height_m"),
    *("column_spacing_m", "crane_t", "built_year"),
)


@choices_held
class Site(Offer):
    """A parcel or building on offer.

    Areas in m²; price in CNY/m² (parcel: transfer; building: sale) or CNY/m² per month (lease);
    floor load in kN/m², clear height and column spacing in m, crane in t.
    """

    class Kind(models.TextChoices):
        PARCEL = "parcel", _("land parcel")
        BUILDING = "building", _("building")

    class Tenure(models.TextChoices):
        TRANSFER = "transfer", _("state land, transfer")
        LEASE = "lease", _("state land, lease")
        TRANSFER_OR_LEASE = "transfer_or_lease", _("transfer or lease")
        SUBLEASE = "sublease", _("lease from the park company")
        SALE = "sale", _("sale")

    class Zoning(models.TextChoices):
        """Land-use classes (GB 50137 用地分类)."""

        M1 = "M1", _("M1 industrial, class 1")
        M2 = "M2", _("M2 industrial, class 2")
        M3 = "M3", _("M3 industrial, class 3")
        W1 = "W1", _("W1 logistics, class 1")
        B1 = "B1", _("B1 commercial")
        B2 = "B2", _("B2 business offices")
        A3 = "A3", _("A3 education and research")

    class Readiness(models.IntegerChoices):
        """How far from a start on site, from evidence (可开工程度)."""

        PLANNED = 1, _("1 planned")
        ASSEMBLED = 2, _("2 land assembled")
        SERVICED = 3, _("3 serviced")
        READY = 4, _("4 ready to build")

    class Availability(models.TextChoices):
        AVAILABLE = "available", _("available")
        NEGOTIATING = "negotiating", _("under negotiation")
        RESERVED = "reserved", _("reserved")
        TAKEN = "taken", _("taken")

    class PriceUnit(models.TextChoices):
        SALE = "cny_m2", _("CNY/m²")
        RENT = "cny_m2_month", _("CNY/m² per month")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    park = models.ForeignKey(
        Park,
        verbose_name=_("park"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="sites",
    )
    area_m2 = models.DecimalField(_("land area"), max_digits=12, decimal_places=1)
    floor_area_m2 = models.DecimalField(
        _("floor area"), max_digits=12, decimal_places=1, null=True, blank=True
    )
    tenure = models.CharField(_("tenure"), max_length=20, choices=Tenure.choices)
    zoning = models.CharField(_("zoning"), max_length=4, choices=Zoning.choices)
    plot_ratio_max = models.DecimalField(
        _("plot ratio up to"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2, null=True, blank=True)
    price_unit = models.CharField(
        _("unit of price"), max_length=12, choices=PriceUnit.choices, blank=True
    )
    floors = models.PositiveSmallIntegerField(_("floors"), null=True, blank=True)
    floor_load_kn_m2 = models.DecimalField(
        _("floor load (kN/m²)"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    clear_height_m = models.DecimalField(
        _("clear height (m)"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    column_spacing_m = models.DecimalField(
        _("column spacing (m)"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    crane_t = models.DecimalField(
        _("crane (t)"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    built_year = models.PositiveSmallIntegerField(_("built"), null=True, blank=True)
    readiness = models.PositiveSmallIntegerField(_("readiness"), choices=Readiness.choices)
    evidence_zh = models.TextField(_("evidence (Chinese)"), blank=True)
    evidence_en = models.TextField(_("evidence (English)"), blank=True)
    evidence_date = models.DateField(_("date of evidence"), null=True, blank=True)
    availability = models.CharField(_("availability"), max_length=12, choices=Availability.choices)
    available_from = models.DateField(_("available from"), null=True, blank=True)
    documents = models.ManyToManyField(
        "investment.Document", verbose_name=_("documents"), blank=True, related_name="sites"
    )

    evidence = Bilingual("evidence")

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["id"]
        indexes = offer_indexes("site")
        triggers = offer_triggers("sites")
        constraints = [
            *offer_constraints("site"),
            *not_negative("site", "price", "plot_ratio_max", "floor_load_kn_m2"),
            *not_negative("site", "clear_height_m", "column_spacing_m", "crane_t"),
            Check(
                condition=Q(area_m2__gt=0),
                name="site_area_positive",
                at=("area_m2",),
                says=_("The area must be more than zero."),
            ),
            Check(
                # Asked for outright: a comparison with NULL is unknown, which a check lets pass.
                condition=Q(kind="parcel") | Q(floor_area_m2__isnull=False, floor_area_m2__gt=0),
                name="building_has_floor_area",
                at=("floor_area_m2",),
                says=_("A building has a floor area, more than zero."),
            ),
            Check(
                condition=~Q(kind="parcel")
                | Q(**{f"{name}__isnull": True for name in OF_BUILDINGS}),
                name="parcel_has_nothing_of_buildings",
                at=OF_BUILDINGS,
                says=_("Only buildings have this; leave it empty for a land parcel."),
            ),
            Check(
                condition=Q(price__isnull=True) | ~Q(price_unit=""),
                name="site_price_has_unit",
                at=("price_unit",),
                says=_("A price needs its unit."),
            ),
            Check(
                condition=Q(readiness__lt=3) | ~Q(evidence_zh=""),
                name="serviced_site_has_evidence",
                at=("evidence_zh",),
                says=_("From readiness 3 on, say by what evidence."),
            ),
        ]
