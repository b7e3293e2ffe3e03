"""Investment projects (招商项目)."""

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
from investment.catalog.models.parks import Park
from investment.catalog.models.sites import Site
from investment.catalog.models.utilities import UtilityKind
from investment.catalog.querysets import ProjectQuerySet
from layers.bilingual import Bilingual, in_chinese, in_english
from layers.postgis import triggers
from layers.rules import Check, Unique, choices_held, not_negative


@choices_held
class Project(Offer):
    """A project that seeks an investor.

    Amounts in 万 (ten thousands) of `currency`; IRR after tax in percent, payback in years.
    """

    class Stage(models.TextChoices):
        PLANNING = "planning", _("in planning")
        SEEKING = "seeking", _("seeking investors")
        NEGOTIATING = "negotiating", _("in negotiation")
        SIGNED = "signed", _("signed")
        BUILDING = "building", _("under construction")
        OPERATING = "operating", _("in operation")

    class Currency(models.TextChoices):
        CNY = "CNY", _("CNY")
        USD = "USD", _("USD")

    class Mode(models.TextChoices):
        """Modes of cooperation (合作方式)."""

        SOLE = "sole", _("sole proprietorship")
        JOINT = "joint", _("equity joint venture")
        COOPERATIVE = "cooperative", _("contractual joint venture")
        PPP = "ppp", _("public-private partnership")
        TECHNOLOGY = "technology", _("technology partnership")
        LEASE = "lease", _("lease")

    industry = models.CharField(_("industry"), max_length=4, help_text=_("GB/T 4754 code"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    currency = models.CharField(
        _("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY
    )
    investment_total = models.DecimalField(_("total investment"), max_digits=12, decimal_places=2)
    investment_sought = models.DecimalField(
        _("investment sought"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    modes = ArrayField(
        models.CharField(max_length=12, choices=Mode.choices),
        verbose_name=_("modes of cooperation"),
        default=list,
    )
    background_zh = models.TextField(in_chinese(_("background")), blank=True)
    background_en = models.TextField(in_english(_("background")), blank=True)
    content_zh = models.TextField(in_chinese(_("content")), blank=True)
    content_en = models.TextField(in_english(_("content")), blank=True)
    market_zh = models.TextField(in_chinese(_("market")), blank=True)
    market_en = models.TextField(in_english(_("market")), blank=True)
    irr_percent = models.DecimalField(
        _("internal rate of return"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    payback_years = models.DecimalField(
        _("payback"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    annual_revenue = models.DecimalField(
        _("yearly revenue"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    annual_profit = models.DecimalField(
        _("yearly profit"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    jobs = models.PositiveIntegerField(_("jobs"), null=True, blank=True)
    land_need_m2 = models.DecimalField(
        _("land needed (m²)"), max_digits=12, decimal_places=1, null=True, blank=True
    )
    park = models.ForeignKey(
        Park,
        verbose_name=_("park"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="projects",
    )
    site = models.ForeignKey(
        Site,
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="projects",
    )
    documents = models.ManyToManyField(
        "investment.Document", verbose_name=_("documents"), blank=True, related_name="projects"
    )

    background = Bilingual("background")
    content = Bilingual("content")
    market = Bilingual("market")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["id"]
        indexes = offer_indexes("project")
        triggers = offer_triggers("projects")
        constraints = [
            *offer_constraints("project"),
            *not_negative("project", "investment_sought", "payback_years", "land_need_m2"),
            *not_negative("project", "annual_revenue"),
            Check(
                condition=Q(investment_total__gt=0),
                name="project_total_positive",
                at=("investment_total",),
                says=_("The total investment must be more than zero."),
            ),
            Check(
                condition=Q(investment_sought__isnull=True)
                | Q(investment_sought__lte=F("investment_total")),
                name="project_sought_within_total",
                at=("investment_sought",),
                says=_("The investment sought cannot be more than the total."),
            ),
        ]


@choices_held
class UtilityNeed(models.Model):
    """What a project asks of one utility, in the unit of its kind."""

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="utility_needs"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=UtilityKind.choices)
    demand = models.DecimalField(_("demand"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("utility need")
        verbose_name_plural = _("utility needs")
        ordering = ["project", "kind"]
        triggers = triggers.bump_layers("projects")
        constraints = [
            Unique(
                fields=["project", "kind"],
                name="need_once_a_kind",
                at=("kind",),
                says=_("This project names its need of this utility already."),
            ),
            Check(
                condition=Q(demand__gt=0),
                name="need_is_positive",
                at=("demand",),
                says=_("The need must be more than zero."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.demand} {self.unit}"

    @property
    def unit(self) -> str:
        """The unit demand is given in."""
        return UtilityKind(self.kind).unit
