"""Pictures of parks, sites and projects."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from investment.catalog.models.parks import Park
from investment.catalog.models.projects import Project
from investment.catalog.models.sites import Site
from layers.bilingual import Bilingual, in_chinese, in_english
from layers.postgis import triggers
from layers.rules import Check


class Photo(models.Model):
    """A picture of one park, site or project; shown only while its owner is public."""

    park = models.ForeignKey(
        Park,
        verbose_name=_("park"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="photos",
    )
    site = models.ForeignKey(
        Site,
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="photos",
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="photos",
    )
    image = models.ImageField(
        _("picture"), upload_to="photos/%Y/", width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(_("width"), editable=False, default=0)
    height = models.PositiveIntegerField(_("height"), editable=False, default=0)
    caption_zh = models.CharField(in_chinese(_("caption")), max_length=200)
    caption_en = models.CharField(in_english(_("caption")), max_length=200)
    credit_zh = models.CharField(in_chinese(_("picture credit")), max_length=200, blank=True)
    credit_en = models.CharField(in_english(_("picture credit")), max_length=200, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    caption = Bilingual("caption")
    credit = Bilingual("credit")

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["order", "id"]
        constraints = [
            Check(
                condition=Q(park__isnull=False, site__isnull=True, project__isnull=True)
                | Q(park__isnull=True, site__isnull=False, project__isnull=True)
                | Q(park__isnull=True, site__isnull=True, project__isnull=False),
                name="photo_has_one_owner",
                at=("park", "site", "project"),
                says=_("A picture belongs to one park, one site or one project."),
            )
        ]
        triggers = triggers.bump_layers("parks", "sites", "projects")

    def __str__(self):
        return self.caption

    @property
    def owner(self):
        """The park, site or project shown."""
        return self.park or self.site or self.project
