"""Policies and incentives (政策)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from investment.catalog.models import Park
from investment.documents.models import Document
from investment.guidance.querysets import PolicyQuerySet
from layers.bilingual import Bilingual, in_chinese, in_english
from layers.catalog.models import slug_rule
from layers.records.publication import Published
from layers.rules import Check, choices_held


@choices_held
class Policy(Published):
    """A policy or incentive: what it gives, to whom, from when until when, by whose word."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")
        COUNTY = "county", _("county level")

    slug = models.SlugField(_("identifier"), max_length=80, unique=True, validators=[slug_rule])
    title_zh = models.CharField(in_chinese(_("title")), max_length=200)
    title_en = models.CharField(in_english(_("title")), max_length=200)
    text_zh = models.TextField(in_chinese(_("text")))
    text_en = models.TextField(in_english(_("text")))
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    issued_by_zh = models.CharField(in_chinese(_("issued by")), max_length=200)
    issued_by_en = models.CharField(in_english(_("issued by")), max_length=200)
    number = models.CharField(_("document number"), max_length=100, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    qualifies_zh = models.TextField(in_chinese(_("who qualifies")), blank=True)
    qualifies_en = models.TextField(in_english(_("who qualifies")), blank=True)
    industries = ArrayField(
        models.CharField(max_length=4),
        verbose_name=_("leading industries"),
        default=list,
        blank=True,
    )
    district = models.ForeignKey(
        "layers.District",
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    document = models.ForeignKey(
        Document, verbose_name=_("document"), null=True, blank=True, on_delete=models.SET_NULL
    )

    title = Bilingual("title")
    text = Bilingual("text")
    issued_by = Bilingual("issued_by")
    qualifies = Bilingual("qualifies")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["-in_force_from", "slug"]
        constraints = [
            *Published.Meta.constraints,
            Check(
                condition=models.Q(in_force_from__isnull=True)
                | models.Q(in_force_until__isnull=True)
                | models.Q(in_force_until__gte=models.F("in_force_from")),
                name="policy_in_force_window",
                at=("in_force_until",),
                says=_("A policy cannot end before it begins."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def standing(self) -> str:
        """`to-come`, `in-force` or `ended`, as of today."""
        today = timezone.localdate()
        if self.in_force_from and self.in_force_from > today:
            return "to-come"
        return "ended" if self.in_force_until and self.in_force_until < today else "in-force"

    def parks(self):
        """The public parks of the county the policy is for; none where it is for all."""
        parks = Park.objects.public().select_related("contact").defer("geom").order_by("name_zh")
        return parks.filter(district=self.district_id) if self.district_id else parks.none()
