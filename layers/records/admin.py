"""Districts and the records of stored layers in the administration."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from layers.catalog.declarations import code_labels, declaration_for
from layers.catalog.staff import CityWide
from layers.records.models import District, StoredFeature
from layers.records.opened import AsOpened
from layers.records.staff import RecordAdmin, WithinArea
from layers.registry.values import Reader

PUBLICATION = (
    _("Publication"),
    {"fields": ("state", "effective_from", "effective_until")},
)
PROVENANCE = (
    _("Source and dates"),
    {"fields": ("source_zh", "source_en", "as_of", "verify_by", "row_version", "updated_at")},
)


@admin.register(District)
class DistrictAdmin(CityWide, RecordAdmin):
    """Divisions with their boundaries; the code is their identity.

    Boundaries decide what belongs to whom: staff of one county may only look at their own.
    """

    list_display = ("code", "name_zh", "name_en", "level", "population", "schematic", "state")
    list_filter = ("level", "schematic", "state")
    search_fields = ("code", "name_zh", "name_en", "search_text")
    form = AsOpened
    autocomplete_fields = ("parent",)
    readonly_fields = ("row_version", "updated_at")
    fieldsets = (
        (None, {"fields": ("code", "name_zh", "name_en", "level", "parent")}),
        (_("Seat and people"), {"fields": ("seat_zh", "seat_en", "seat")}),
        (None, {"fields": ("population", "population_as_of", "area_km2")}),
        (_("Boundary"), {"fields": ("schematic", "geom")}),
        PUBLICATION,
        PROVENANCE,
    )

    def get_queryset(self, request):
        # A district is not inside a district: an area narrows the list to itself.
        records = admin.ModelAdmin.get_queryset(self, request)
        area = request.user.area
        return records.filter(pk=area.pk) if area else records


class FeatureForm(WithinArea):
    """A record whose geometry and properties must be what its layer declares."""

    def clean(self):
        cleaned = super().clean()
        layer, geom = cleaned.get("layer"), cleaned.get("geom")
        properties = cleaned.get("properties")
        if layer is None:
            return cleaned
        declared = layer.geometry_type
        if geom and declared != "Geometry" and geom.geom_type.removeprefix("Multi") != declared:
            self.add_error("geom", _("This layer holds geometry of type %s.") % declared)
        if isinstance(properties, dict):
            cleaned["properties"] = self._as_kept(layer, properties)
        elif properties is not None:
            self.add_error("properties", _("Give an object with one value for each field."))
        return cleaned

    def _as_kept(self, layer, properties: dict) -> dict:
        """The properties as an import would keep them; what it would refuse is an error here."""
        kept = {}
        fields = {field.name: field for field in declaration_for(layer).fields}
        if unknown := sorted(set(properties) - set(fields)):
            names = ", ".join(unknown)
            self.add_error("properties", _("Not in the data dictionary: %s") % names)
        for name, field in fields.items():
            reader = Reader(field, code_labels(field.codes) if field.codes else {})
            value, fault = reader.read(properties.get(name))
            if fault:
                self.add_error("properties", f"{field.label} ({name}): {fault.message}")
            elif value is not None:
                kept[name] = value
        return kept


@admin.register(StoredFeature)
class StoredFeatureAdmin(RecordAdmin):
    """Records of stored layers; found by name, key or pinyin."""

    form = FeatureForm
    list_display = ("__str__", "layer", "key", "district", "state", "as_of", "verify_by")
    list_filter = ("layer", "state", "district")
    search_fields = ("search_text",)
    list_select_related = ("layer", "district")
    show_full_result_count = False
    autocomplete_fields = ("layer",)
    fieldsets = (
        (None, {"fields": ("layer", "key", "district", "properties", "geom")}),
        PUBLICATION,
        PROVENANCE,
    )
