"""The catalogue of layers and the data dictionary (数据字典)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from layers.bilingual import Bilingual, in_chinese, in_english
from layers.catalog.wording import GEOMETRIES, VALUES
from layers.postgis import triggers
from layers.registry import Geometry
from layers.rules import Check, Unique, choices_held, not_ahead, verified_after

slug_rule = RegexValidator(r"^[a-z][a-z0-9-]*$", _("Lower-case letters, digits and hyphens."))
#: The collection id of the catalogue of metadata, which lies among the layers.
RECORDS = "records"
#: What records are found by in every layer, beside their key and the layer's own labels.
NAMING = ("name_zh", "name_en", "name", "ref", "code")
name_rule = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Lower-case letters, digits and underscores."))


class Contact(models.Model):
    """A unit and the named person who answers for something (责任单位与联系人; ISO 19115)."""

    organisation_zh = models.CharField(in_chinese(_("unit (organisation)")), max_length=200)
    organisation_en = models.CharField(in_english(_("unit (organisation)")), max_length=200)
    person_zh = models.CharField(in_chinese(_("person")), max_length=100)
    person_en = models.CharField(in_english(_("person")), max_length=100)
    role_zh = models.CharField(in_chinese(_("role")), max_length=100, blank=True)
    role_en = models.CharField(in_english(_("role")), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=50)
    email = models.EmailField(_("email"), blank=True)
    hours_zh = models.CharField(in_chinese(_("hours")), max_length=200, blank=True)
    hours_en = models.CharField(in_english(_("hours")), max_length=200, blank=True)

    organisation = Bilingual("organisation")
    person = Bilingual("person")
    role = Bilingual("role")
    hours = Bilingual("hours")

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            Unique(
                fields=["organisation_zh", "person_zh", "phone"],
                name="contact_is_named_once",
                at=("person_zh",),
                says=_("This person of this organisation is here already, with this telephone."),
            )
        ]
        # Typed records name contacts too, and which do only their own app knows.
        triggers = triggers.bump_described_layers("steward_id = this.id OR kind = 'typed'")

    def __str__(self):
        return f"{self.organisation} · {self.person}"


class CodeList(models.Model):
    """A closed list of values that a field may take (代码表)."""

    slug = models.SlugField(_("identifier"), unique=True, validators=[slug_rule])
    title_zh = models.CharField(in_chinese(_("title")), max_length=200)
    title_en = models.CharField(in_english(_("title")), max_length=200)
    standard = models.CharField(
        _("standard"), max_length=100, blank=True, help_text=_("e.g. GB/T 4754-2017")
    )

    title = Bilingual("title")

    class Meta:
        verbose_name = _("code list")
        verbose_name_plural = _("code lists")
        ordering = ["slug"]

    def __str__(self):
        return self.title


class Code(models.Model):
    """One value of a code list with its labels."""

    code_list = models.ForeignKey(
        CodeList, verbose_name=_("code list"), on_delete=models.CASCADE, related_name="codes"
    )
    value = models.CharField(_("value"), max_length=50)
    label_zh = models.CharField(in_chinese(_("label")), max_length=200)
    label_en = models.CharField(in_english(_("label")), max_length=200)
    parent = models.CharField(_("parent"), max_length=50, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    label = Bilingual("label")

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["code_list", "order", "value"]
        constraints = [
            Unique(
                fields=["code_list", "value"],
                name="code_is_unique_in_list",
                at=("value",),
                says=_("This list has this value already."),
            )
        ]
        triggers = triggers.bump_described_layers(
            "kind = 'typed' OR id IN (SELECT layer_id FROM layers_layerfield"
            " WHERE code_list_id = this.code_list_id)"
        )

    def __str__(self):
        return f"{self.value} {self.label}"


class LayerGroup(models.Model):
    """A branch of the layer tree (图层分组)."""

    slug = models.SlugField(_("identifier"), unique=True, validators=[slug_rule])
    title_zh = models.CharField(in_chinese(_("title")), max_length=100)
    title_en = models.CharField(in_english(_("title")), max_length=100)
    order = models.PositiveIntegerField(_("order"), default=0)

    title = Bilingual("title")

    class Meta:
        verbose_name = _("layer group")
        verbose_name_plural = _("layer groups")
        ordering = ["order", "slug"]
        triggers = triggers.bump_described_layers("group_id = this.id")

    def __str__(self):
        return self.title


class Cadence(models.TextChoices):
    """How often the data is brought up to date (更新周期)."""

    WEEKLY = "weekly", _("weekly")
    MONTHLY = "monthly", _("monthly")
    QUARTERLY = "quarterly", _("quarterly")
    YEARLY = "yearly", _("yearly")
    AS_NEEDED = "as_needed", _("when something changes")


class LayerQuerySet(models.QuerySet):
    """Reads of the catalogue."""

    def public(self):
        """Layers anybody may see."""
        return self.filter(published=True)


@choices_held
class Layer(models.Model):
    """A layer's row in the catalogue; for typed layers the code declares shape and fields.

    `version` is the data version: the database raises it whenever a record, field or this row
    changes, and cache validators are made from it. `dictionary` is raised when a field
    changes, and `levels` tells at which levels of the curve (layers.postgis.curve) a stored layer
    has records; both are kept by the database as well.
    """

    class Kind(models.TextChoices):
        STORED = "stored", _("made by staff")
        TYPED = "typed", _("declared in code")

    slug = models.SlugField(_("identifier"), unique=True, validators=[slug_rule])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.STORED)
    group = models.ForeignKey(
        LayerGroup, verbose_name=_("group"), on_delete=models.PROTECT, related_name="layers"
    )
    title_zh = models.CharField(in_chinese(_("title")), max_length=200)
    title_en = models.CharField(in_english(_("title")), max_length=200)
    abstract_zh = models.TextField(in_chinese(_("abstract")), blank=True)
    abstract_en = models.TextField(in_english(_("abstract")), blank=True)
    geometry_type = models.CharField(
        _("geometry type"),
        max_length=20,
        choices=GEOMETRIES,
        default=Geometry.ANY.value,
    )
    has_z = models.BooleanField(_("has heights or depths"), default=False)
    label_zh = models.CharField(
        in_chinese(_("label")), max_length=50, blank=True, default="name_zh"
    )
    label_en = models.CharField(
        in_english(_("label")), max_length=50, blank=True, default="name_en"
    )
    style = models.JSONField(_("style"), default=dict, blank=True)
    min_zoom = models.PositiveSmallIntegerField(_("shown from zoom"), default=0)
    max_zoom = models.PositiveSmallIntegerField(_("shown up to zoom"), default=22)
    visible = models.BooleanField(
        _("shown when the map opens"), default=False, help_text=_("Shown when the map opens")
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    steward = models.ForeignKey(
        Contact, verbose_name=_("steward"), null=True, blank=True, on_delete=models.PROTECT
    )
    source_zh = models.CharField(in_chinese(_("source")), max_length=300, blank=True)
    source_en = models.CharField(in_english(_("source")), max_length=300, blank=True)
    licence_zh = models.CharField(in_chinese(_("licence")), max_length=300, blank=True)
    licence_en = models.CharField(in_english(_("licence")), max_length=300, blank=True)
    keywords = ArrayField(
        models.CharField(max_length=50), verbose_name=_("keywords"), default=list, blank=True
    )
    cadence = models.CharField(
        _("update cadence"), max_length=20, choices=Cadence.choices, default=Cadence.AS_NEEDED
    )
    as_of = models.DateField(_("as of"), null=True, blank=True, validators=[not_ahead])
    verify_by = models.DateField(_("verify by"), null=True, blank=True)
    published = models.BooleanField(_("published"), default=False)
    version = models.BigIntegerField(_("data version"), default=1, editable=False)
    dictionary = models.BigIntegerField(default=1, editable=False)
    levels = models.BigIntegerField(default=0, editable=False)

    title = Bilingual("title")
    abstract = Bilingual("abstract")
    source = Bilingual("source")
    licence = Bilingual("licence")

    objects = LayerQuerySet.as_manager()

    class Meta:
        verbose_name = _("layer")
        verbose_name_plural = _("layers")
        ordering = ["group__order", "order", "slug"]
        constraints = [
            Check(
                condition=Q(min_zoom__lte=models.F("max_zoom")),
                name="layer_zooms_are_ordered",
                at=("max_zoom",),
                says=_("The last zoom cannot be less than the first."),
            ),
            Check(
                condition=~Q(slug=RECORDS),
                name="layer_slug_is_not_reserved",
                at=("slug",),
                says=_("The catalogue of metadata has this identifier; choose another."),
            ),
            verified_after("layer_verified_after_as_of"),
        ]
        triggers = [triggers.count_own_versions()]

    def __str__(self):
        return self.title

    def save(self, **kwargs):
        with self.search_kept_in_step():
            super().save(**kwargs)

    @cached_property
    def searched_names(self) -> list[str]:
        """The fields by whose values a record is found: names, and only what anybody may read."""
        naming = {*NAMING, self.label_zh, self.label_en}
        return [field.name for field in self.fields.all() if field.public and field.name in naming]

    @contextmanager
    def search_kept_in_step(self) -> Iterator[None]:
        """Around a change of the row or its dictionary: records are found by what holds after."""
        with transaction.atomic():
            before = self._searched_now()
            yield
            self.__dict__.pop("searched_names", None)
            if before is not None and before != self._searched_now():
                self.features.index_again()

    def _searched_now(self) -> list[str] | None:
        kept = Layer.objects.filter(pk=self.pk).first()
        return kept and kept.searched_names


@choices_held
class LayerField(models.Model):
    """One field of a stored layer's data dictionary."""

    layer = models.ForeignKey(
        Layer, verbose_name=_("layer"), on_delete=models.CASCADE, related_name="fields"
    )
    name = models.CharField(_("name"), max_length=50, validators=[name_rule])
    label_zh = models.CharField(in_chinese(_("label")), max_length=100)
    label_en = models.CharField(in_english(_("label")), max_length=100)
    type = models.CharField(_("type"), max_length=10, choices=VALUES)
    unit_zh = models.CharField(in_chinese(_("unit of measure")), max_length=30, blank=True)
    unit_en = models.CharField(in_english(_("unit of measure")), max_length=30, blank=True)
    code_list = models.ForeignKey(
        CodeList, verbose_name=_("code list"), null=True, blank=True, on_delete=models.PROTECT
    )
    required = models.BooleanField(_("required"), default=False)
    minimum = models.FloatField(_("minimum"), null=True, blank=True)
    maximum = models.FloatField(_("maximum"), null=True, blank=True)
    public = models.BooleanField(_("public"), default=True)
    filter = models.BooleanField(_("can be filtered by"), default=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    label = Bilingual("label")

    class Meta:
        verbose_name = _("layer field")
        verbose_name_plural = _("layer fields")
        ordering = ["layer", "order", "name"]
        constraints = [
            Unique(
                fields=["layer", "name"],
                name="field_is_unique_in_layer",
                at=("name",),
                says=_("This layer has a field of this name already."),
            ),
            Check(
                condition=~Q(type__in=["code", "codes"]) | Q(code_list__isnull=False),
                name="coded_field_has_code_list",
                at=("code_list",),
                says=_("A field of codes needs a code list."),
            ),
            Check(
                condition=Q(minimum__isnull=True)
                | Q(maximum__isnull=True)
                | Q(minimum__lte=models.F("maximum")),
                name="field_bounds_are_ordered",
                at=("maximum",),
                says=_("The most cannot be less than the least."),
            ),
        ]
        triggers = triggers.bump_dictionary()

    def __str__(self):
        return f"{self.layer_id}.{self.name}"

    def save(self, **kwargs):
        with self.layer.search_kept_in_step():
            super().save(**kwargs)

    def delete(self, **kwargs):
        with self.layer.search_kept_in_step():
            return super().delete(**kwargs)
