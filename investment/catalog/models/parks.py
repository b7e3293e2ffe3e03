"""Industrial parks (产业园区)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from investment.catalog.models.base import (
    Offer,
    offer_constraints,
    offer_indexes,
    offer_triggers,
)
from investment.catalog.querysets import ParkQuerySet
from layers.bilingual import Bilingual, in_chinese, in_english
from layers.postgis import triggers
from layers.rules import Check, choices_held, not_negative


@choices_held
class Park(Offer):
    """An industrial park with land, prices, utilities and tenants.

    Areas in hectares; land price in CNY/m² (one-off transfer), lease in CNY/m² per month.
    """

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")
        COUNTY = "county", _("county level")

    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    industries = ArrayField(
        models.CharField(max_length=4),
        verbose_name=_("leading industries"),
        default=list,
        help_text=_("GB/T 4754 codes"),
    )
    area_ha = models.DecimalField(_("planned area"), max_digits=10, decimal_places=2)
    area_available_ha = models.DecimalField(_("available area"), max_digits=10, decimal_places=2)
    land_price_min = models.DecimalField(
        _("land price from (CNY/m²)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    land_price_max = models.DecimalField(
        _("land price to (CNY/m²)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    lease_min = models.DecimalField(
        _("rent from (CNY/m² per month)"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    lease_max = models.DecimalField(
        _("rent to (CNY/m² per month)"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    established = models.PositiveSmallIntegerField(_("established"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    documents = models.ManyToManyField(
        "investment.Document", verbose_name=_("documents"), blank=True, related_name="parks"
    )

    objects = ParkQuerySet.as_manager()

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        ordering = ["id"]
        indexes = offer_indexes("park")
        triggers = offer_triggers("parks")
        constraints = [
            *offer_constraints("park"),
            *not_negative("park", "area_available_ha"),
            *not_negative("park", "land_price_min", "land_price_max", "lease_min", "lease_max"),
            Check(
                condition=Q(area_ha__gt=0),
                name="park_area_positive",
                at=("area_ha",),
                says=_("The area must be more than zero."),
            ),
            Check(
                condition=Q(area_available_ha__lte=F("area_ha")),
                name="park_available_within_area",
                at=("area_available_ha",),
                says=_("The available area cannot be more than the planned area."),
            ),
            Check(
                condition=Q(land_price_max__isnull=True)
                | Q(land_price_min__isnull=False, land_price_max__gte=F("land_price_min")),
                name="park_land_prices_are_ordered",
                at=("land_price_max",),
                says=_("The highest land price needs a lowest, which cannot be more."),
            ),
            Check(
                condition=Q(lease_max__isnull=True)
                | Q(lease_min__isnull=False, lease_max__gte=F("lease_min")),
                name="park_leases_are_ordered",
                at=("lease_max",),
                says=_("The highest rent needs a lowest, which cannot be more."),
            ),
        ]


class ParkTenant(models.Model):
    """A company at work in a park (入驻企业)."""

    park = models.ForeignKey(
        Park, verbose_name=_("park"), on_delete=models.CASCADE, related_name="tenants"
    )
    name_zh = models.CharField(in_chinese(_("name")), max_length=200)
    name_en = models.CharField(in_english(_("name")), max_length=200)
    industry = models.CharField(
        _("industry"), max_length=4, blank=True, help_text=_("GB/T 4754 code")
    )
    since = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)

    name = Bilingual("name")

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering = ["park", "-since", "name_zh"]
        triggers = triggers.bump_layers("parks")

    def __str__(self):
        return self.name
