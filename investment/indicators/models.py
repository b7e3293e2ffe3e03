"""Indicators (指标) and their figures by district and year."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from investment.indicators.querysets import FigureQuerySet
from layers.bilingual import Bilingual, in_chinese, in_english, is_chinese
from layers.catalog.models import slug_rule
from layers.postgis import triggers
from layers.records.publication import Published
from layers.rules import Check, Unique, choices_held, not_ahead


@choices_held
class Indicator(models.Model):
    """Something counted or priced, with its unit; figures carry source and date."""

    class Topic(models.TextChoices):
        ECONOMY = "economy", _("economy")
        PEOPLE = "people", _("people")
        LABOUR = "labour", _("labour")
        LAND = "land", _("land")
        POWER = "power", _("power")
        WATER = "water", _("water")
        GAS = "gas", _("gas")
        HEAT = "heat", _("heat")
        LOGISTICS = "logistics", _("logistics")
        ENVIRONMENT = "environment", _("investment environment")

    slug = models.SlugField(_("identifier"), max_length=80, unique=True, validators=[slug_rule])
    title_zh = models.CharField(in_chinese(_("title")), max_length=200)
    title_en = models.CharField(in_english(_("title")), max_length=200)
    unit_zh = models.CharField(in_chinese(_("unit of measure")), max_length=50)
    unit_en = models.CharField(in_english(_("unit of measure")), max_length=50)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    factor_en = models.DecimalField(
        _("factor to the English unit"),
        max_digits=16,
        decimal_places=8,
        default=1,
        help_text=_("10000 where the Chinese unit counts in ten thousands, 1 where both agree"),
    )
    order = models.PositiveIntegerField(_("order"), default=0)

    title = Bilingual("title")
    unit = Bilingual("unit")

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["topic", "order", "slug"]
        constraints = [
            Check(
                condition=models.Q(factor_en__gt=0),
                name="indicator_factor_positive",
                at=("factor_en",),
                says=_("The factor must be more than zero."),
            )
        ]

    def __str__(self):
        return self.title

    @property
    def places(self) -> int:
        """Decimals in the reader's unit, so that either language tells as many figures."""
        return self.decimals if is_chinese() else max(0, self.decimals - self.factor_en.adjusted())

    def amount(self, value: Decimal) -> Decimal:
        """A value kept in the Chinese unit, in the reader's."""
        return value if is_chinese() else value * self.factor_en


@choices_held
class Figure(Published):
    """The value of an indicator for a district in a year; shown once it is published.

    `value` is in the indicator's Chinese unit, `amount` in the reader's.
    """

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.CASCADE, related_name="figures"
    )
    district = models.ForeignKey(
        "layers.District",
        verbose_name=_("district"),
        on_delete=models.PROTECT,
        related_name="figures",
    )
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4)
    source_zh = models.CharField(in_chinese(_("source")), max_length=300)
    source_en = models.CharField(in_english(_("source")), max_length=300)
    as_of = models.DateField(_("as of"), validators=[not_ahead])

    source = Bilingual("source")

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["indicator", "district", "-year"]
        triggers = triggers.bump_layers("district-economy", published=True)
        constraints = [
            *Published.Meta.constraints,
            Unique(
                fields=["indicator", "district", "year"],
                name="one_figure_a_year",
                at=("year",),
                says=_("There is a figure of this indicator for this district and year already."),
            ),
        ]

    def __str__(self):
        return f"{self.indicator} {self.year}: {self.value}"

    @property
    def amount(self) -> Decimal:
        """The value in the unit of the reader's language."""
        return self.indicator.amount(self.value)
