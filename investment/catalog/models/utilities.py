"""Utilities at a park or plot, with capacity and headroom (公用工程能力与余量)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from investment.catalog.models.parks import Park
from investment.catalog.models.sites import Site
from layers.bilingual import Bilingual, in_chinese, in_english
from layers.postgis import triggers
from layers.rules import Check, choices_held, not_ahead, not_negative


class UtilityKind(models.TextChoices):
    """Kinds of utility, each with its unit."""

    POWER = "power", _("power")
    WATER = "water", _("water supply")
    SEWAGE = "sewage", _("sewage treatment")
    GAS = "gas", _("natural gas")
    STEAM = "steam", _("steam")

    @property
    def unit(self) -> str:
        """The unit of capacity, headroom and demand."""
        return {
            "power": "MVA",
            "water": "m³/d",
            "sewage": "m³/d",
            "gas": "Nm³/h",
            "steam": "t/h",
        }[self.value]


@choices_held
class Utility(models.Model):
    """One plant or line of a park or of a site: two voltages are two lines, and add up.

    `capacity` is what the plant or line can give, `headroom` what is still free of it, both in the
    unit of the kind; `distance_m` from the plot's edge to the connection.
    """

    park = models.ForeignKey(
        Park,
        verbose_name=_("park"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="utilities",
    )
    site = models.ForeignKey(
        Site,
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="utilities",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=UtilityKind.choices)
    capacity = models.DecimalField(_("capacity"), max_digits=12, decimal_places=2)
    headroom = models.DecimalField(_("headroom"), max_digits=12, decimal_places=2)
    voltage_kv = models.DecimalField(
        _("voltage"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    distance_m = models.PositiveIntegerField(_("distance"), null=True, blank=True)
    available_from = models.DateField(_("available from"), null=True, blank=True)
    as_of = models.DateField(_("as of"), validators=[not_ahead])
    note_zh = models.CharField(in_chinese(_("note")), max_length=300, blank=True)
    note_en = models.CharField(in_english(_("note")), max_length=300, blank=True)

    note = Bilingual("note")

    class Meta:
        verbose_name = _("utility")
        verbose_name_plural = _("utilities")
        ordering = ["kind", "-voltage_kv"]
        triggers = triggers.bump_layers("parks", "sites")
        constraints = [
            *not_negative("utility", "capacity", "headroom", "voltage_kv"),
            Check(
                condition=Q(park__isnull=False, site__isnull=True)
                | Q(park__isnull=True, site__isnull=False),
                name="utility_has_one_owner",
                at=("park", "site"),
                says=_("A utility belongs to one park or to one site."),
            ),
            Check(
                condition=Q(headroom__lte=F("capacity")),
                name="utility_headroom_within_capacity",
                at=("headroom",),
                says=_("The headroom cannot be more than the capacity."),
            ),
            Check(
                condition=~Q(kind="power") | Q(voltage_kv__isnull=False),
                name="power_has_voltage",
                at=("voltage_kv",),
                says=_("Power needs a voltage."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.headroom} / {self.capacity} {self.unit}"

    @property
    def unit(self) -> str:
        """The unit of capacity and headroom."""
        return UtilityKind(self.kind).unit
