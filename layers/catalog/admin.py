"""The catalogue in the administration: layers, data dictionaries, code lists, contacts."""

from functools import partial

from django.contrib import admin, messages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from layers.catalog.models import Code, CodeList, Contact, Layer, LayerField, LayerGroup
from layers.catalog.staff import CityWide
from layers.catalog.tasks import encode_again
from layers.history import changed_together

#: What code decides for the layers it declares; staff keep the rest.
DECLARED = (
    *("slug", "kind", "group", "title_zh", "title_en", "abstract_zh", "abstract_en"),
    *("geometry_type", "has_z", "label_zh", "label_en", "style"),
    *("min_zoom", "max_zoom", "visible", "order"),
)


class FieldInline(admin.StackedInline):
    """The data dictionary of a stored layer."""

    model = LayerField
    extra = 0
    autocomplete_fields = ("code_list",)
    fields = (
        ("name", "type", "code_list", "order"),
        ("label_zh", "label_en", "unit_zh", "unit_en"),
        ("required", "minimum", "maximum", "public", "filter"),
    )


@admin.register(Layer)
class LayerAdmin(CityWide, admin.ModelAdmin):
    """Layers: stored ones are made here, typed ones only stewarded."""

    list_display = ("title_zh", "slug", "kind", "group", "steward", "verify_by", "published")
    list_filter = ("kind", "group", "published", "cadence")
    search_fields = ("slug", "title_zh", "title_en")
    list_select_related = ("group", "steward")
    readonly_fields = ("kind", "version")
    autocomplete_fields = ("steward",)
    actions = ["publish", "withdraw"]
    fieldsets = (
        (None, {"fields": ("slug", "kind", "group", "title_zh", "title_en", "published")}),
        (_("Description"), {"fields": ("abstract_zh", "abstract_en", "keywords")}),
        (_("Geometry and labels"), {"fields": ("geometry_type", "has_z", "label_zh", "label_en")}),
        (_("On the map"), {"fields": ("style", "min_zoom", "max_zoom", "visible", "order")}),
        (_("Steward"), {"fields": ("steward", "cadence", "as_of", "verify_by")}),
        (_("Source"), {"fields": ("source_zh", "source_en", "licence_zh", "licence_en")}),
        (None, {"fields": ("version",)}),
    )

    def get_readonly_fields(self, request, obj=None):
        if obj is None or obj.kind == Layer.Kind.STORED:
            return self.readonly_fields
        # Pages and lists stand on what code declares: its records are withdrawn, not the layer.
        return (*DECLARED, "published", "version")

    def get_inlines(self, request, obj):
        return [FieldInline] if obj is None or obj.kind == Layer.Kind.STORED else []

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and any(formset.has_changed() for formset in formsets):
            transaction.on_commit(partial(encode_again.enqueue, form.instance.pk))

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        changed_together(request, queryset, "published", True)

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request, queryset):
        stored = queryset.filter(kind=Layer.Kind.STORED)
        changed_together(request, stored, "published", False)
        if queryset.filter(kind=Layer.Kind.TYPED).exists():
            told = _("Layers declared in code stay; withdraw their records instead.")
            self.message_user(request, told, messages.WARNING)


class CodeInline(admin.TabularInline):
    """The values of a code list."""

    model = Code
    extra = 0
    fields = ("value", "label_zh", "label_en", "parent", "order")


@admin.register(CodeList)
class CodeListAdmin(CityWide, admin.ModelAdmin):
    """Code lists with their values."""

    list_display = ("title_zh", "title_en", "slug", "standard")
    search_fields = ("slug", "title_zh", "title_en")
    inlines = [CodeInline]


@admin.register(LayerGroup)
class LayerGroupAdmin(CityWide, admin.ModelAdmin):
    """Branches of the layer tree."""

    list_display = ("title_zh", "title_en", "slug", "order")
    search_fields = ("slug", "title_zh", "title_en")


@admin.register(Contact)
class ContactAdmin(CityWide, admin.ModelAdmin):
    """Units and the named persons who answer."""

    list_display = ("organisation_zh", "person_zh", "role_zh", "phone")
    search_fields = ("organisation_zh", "organisation_en", "person_zh", "person_en", "phone")
