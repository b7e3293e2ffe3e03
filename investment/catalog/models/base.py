"""What parks, sites and projects have in common."""

from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from layers.bilingual import Bilingual
from layers.catalog.models import Contact, slug_rule
from layers.postgis import triggers
from layers.postgis.fields import srid_constraint
from layers.records.models import Record
from layers.rules import Check


class Offer(Record):
    """A record an investor can open a page on: named, described, with a contact."""

    slug = models.SlugField(_("identifier"), max_length=80, unique=True, validators=[slug_rule])
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200)
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)
    address_zh = models.CharField(_("address (Chinese)"), max_length=300, blank=True)
    address_en = models.CharField(_("address (English)"), max_length=300, blank=True)
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    name = Bilingual("name")
    summary = Bilingual("summary")
    address = Bilingual("address")

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    def searchable_texts(self):
        # The words of the slug, too: people type "beilin edz".
        slug = (self.slug, self.slug.replace("-", " "))
        return [self.name_zh, self.name_en, *slug, self.address_zh, self.address_en]


def offer_indexes(kind: str) -> list:
    """The indexes each table of offers needs: the box and the words."""
    return [
        GistIndex(fields=["geom"], name=f"{kind}_geom"),
        GinIndex(OpClass("search_text", "gin_trgm_ops"), name=f"{kind}_search"),
    ]


def offer_constraints(kind: str) -> list:
    """The constraints each table of offers holds."""
    return [
        *Record.Meta.constraints,
        srid_constraint(f"{kind}_srid"),
        Check(
            condition=~Q(state="published") | Q(contact__isnull=False),
            name=f"{kind}_published_has_contact",
            at=("contact",),
            says=_("A published record needs a contact."),
        ),
    ]


def offer_triggers(*layers: str) -> list:
    """What the database keeps by itself on each table of offers."""
    bump = triggers.bump_layers(*layers, published=True)
    return [triggers.assign_district(), triggers.touch_row(), *bump]
