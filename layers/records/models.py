"""Records: what every one carries, the districts, and the rows of stored layers."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from layers.bilingual import Bilingual, Text, in_chinese, in_english
from layers.catalog.models import Layer
from layers.postgis import counting, triggers
from layers.postgis.curve import curve_column, level_of
from layers.postgis.fields import SRID, AnyDimensionGeometryField, srid_constraint
from layers.records.publication import Published, State, seen_always
from layers.records.querysets import DistrictQuerySet, RecordQuerySet
from layers.records.search import search_text
from layers.rules import Check, Unique, choices_held, not_ahead, verified_after


class Record(Published):
    """What every record of every layer carries; see docs/architecture.md.

    The district, row version and time of change are kept by the database (layers.postgis.triggers).
    """

    geom = AnyDimensionGeometryField(_("geometry"), null=True, spatial_index=False)
    district = models.ForeignKey(
        "layers.District",
        verbose_name=_("district"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    source_zh = models.CharField(_("source (Chinese)"), max_length=300, blank=True)
    source_en = models.CharField(_("source (English)"), max_length=300, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True, validators=[not_ahead])
    verify_by = models.DateField(_("verify by"), null=True, blank=True)
    search_text = models.TextField(_("search text"), editable=False, blank=True, default="")
    row_version = models.BigIntegerField(_("row version"), default=1, editable=False)
    updated_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)
    curve = curve_column()

    source = Bilingual("source")

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            *Published.Meta.constraints,
            verified_after("%(app_label)s_%(class)s_verified_after_as_of"),
        ]

    def searchable_texts(self) -> list[str]:
        """The texts a visitor may type to find this record; pinyin is added to them."""
        return []

    def save(self, **kwargs):
        self.search_text = search_text(self.searchable_texts())
        super().save(**kwargs)


@choices_held
class District(Record):
    """An administrative division (行政区划, GB/T 2260), boundary included."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("province")
        PREFECTURE = "prefecture", _("prefecture")
        COUNTY = "county", _("county")
        TOWNSHIP = "township", _("township")

    district = None
    code = models.CharField(_("division code"), max_length=12, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=100)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    seat_zh = models.CharField(in_chinese(_("seat of government")), max_length=100, blank=True)
    seat_en = models.CharField(in_english(_("seat of government")), max_length=100, blank=True)
    seat = models.PointField(
        _("seat of government"), srid=SRID, null=True, blank=True, spatial_index=False
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_as_of = models.DateField(
        _("population as of"), null=True, blank=True, validators=[not_ahead]
    )
    area_km2 = models.DecimalField(
        _("area"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    schematic = models.BooleanField(
        _("schematic boundary"),
        default=False,
        help_text=_("The boundary is a sketch, not a survey"),
    )

    name = Bilingual("name")

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["code"]
        indexes = [GistIndex(fields=["geom"], name="district_geom")]
        constraints = [
            *Record.Meta.constraints,
            srid_constraint("district_srid"),
            Check(
                condition=Q(code__regex=r"^\d{6}(\d{3}(\d{3})?)?$"),
                name="district_code_is_gbt2260",
                at=("code",),
                says=_("A division code has 6, 9 or 12 digits (GB/T 2260)."),
            ),
            Check(
                condition=Q(area_km2__isnull=True) | Q(area_km2__gt=0),
                name="district_area_positive",
                at=("area_km2",),
                says=_("The area must be more than zero."),
            ),
        ]
        triggers = [
            triggers.touch_row(),
            *triggers.bump_layers("districts", "district-economy", published=True),
            *triggers.reassign_district(),
        ]

    def __str__(self):
        return self.name

    def searchable_texts(self):
        return [self.name_zh, self.name_en, self.code, self.seat_zh, self.seat_en]


@choices_held
class StoredFeature(Record):
    """One record of a stored layer: geometry and the properties its data dictionary names.

    `key` is the record's stable identity within the layer: the source's own key where it has one.
    `encoded` is the record as it is served, kept by the database, as are its `tile_facts` and
    `tile_texts` (layers.postgis.kept); what is `counted` stands in the counts it keeps
    (layers.postgis.counting).
    """

    layer = models.ForeignKey(
        Layer, verbose_name=_("layer"), on_delete=models.CASCADE, related_name="features"
    )
    key = models.CharField(_("key"), max_length=100)
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    encoded = models.TextField(null=True, editable=False)
    encoded_for = models.BigIntegerField(null=True, editable=False)
    tile_facts = models.BinaryField(null=True, editable=False)
    tile_texts = models.TextField(null=True, editable=False)
    counted = models.GeneratedField(
        expression=Case(When(seen_always(), then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("feature")
        verbose_name_plural = _("features")
        ordering = ["id"]
        indexes = [
            # One index answers "this layer, in this box"; btree_gist makes the pair possible.
            GistIndex(fields=["layer", "geom"], name="feature_layer_geom"),
            # Pages are read in the order of this one, with a box and without.
            models.Index(fields=["layer", "curve", "id"], name="feature_layer_curve"),
            # What is large enough to be seen on a tile, however many small records lie there.
            models.Index(F("layer"), level_of(), F("curve"), name="feature_layer_level_curve"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="feature_search"),
            models.Index(
                fields=["layer", "effective_from"],
                name="feature_from",
                condition=Q(effective_from__isnull=False),
            ),
            models.Index(
                fields=["layer", "effective_until"],
                name="feature_until",
                condition=Q(effective_until__isnull=False),
            ),
            # What comes and goes by the clock is looked at when counts are read.
            models.Index(
                fields=["layer", "curve"],
                name="feature_uncounted",
                condition=Q(state=State.PUBLISHED, counted=False),
            ),
            models.Index(
                fields=["layer", "as_of"], name="feature_as_of", condition=Q(counted=True)
            ),
        ]
        constraints = [
            *Record.Meta.constraints,
            srid_constraint("feature_srid"),
            Unique(
                fields=["layer", "key"],
                name="feature_key_is_unique_in_layer",
                at=("key",),
                says=_("This layer has a record with this key already."),
            ),
        ]
        triggers = [
            triggers.assign_district(),
            triggers.encode_feature(),
            triggers.touch_row("encoded", "encoded_for", "tile_facts", "tile_texts", "counted"),
            *triggers.bump_stored_layers(),
            *counting.count_records(),
            counting.forget_all_counts(),
        ]

    def __str__(self):
        named = (self.properties.get(name) or "" for name in ("name_zh", "name_en"))
        return str(Text(*map(str, named))) or self.key

    def searchable_texts(self):
        named = (self.properties.get(name) for name in self.layer.searched_names)
        return [self.key, *(str(value) for value in named if value)]
