"""Parks, sites and projects in the administration, with what belongs to each."""

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from investment.catalog.forms import OfferForm, PhotoForm
from investment.catalog.models import (
    Park,
    ParkTenant,
    Photo,
    Project,
    Site,
    Utility,
    UtilityNeed,
)
from layers.records.admin import PROVENANCE, PUBLICATION
from layers.records.staff import RecordAdmin


class UtilityInline(admin.StackedInline):
    """Utilities with capacity and headroom."""

    model = Utility
    extra = 0
    fields = (
        ("kind", "voltage_kv", "capacity", "headroom", "distance_m"),
        ("available_from", "as_of", "note_zh", "note_en"),
    )


class TenantInline(admin.TabularInline):
    """Companies at work in a park."""

    model = ParkTenant
    extra = 0


class PhotoInline(admin.StackedInline):
    """Pictures."""

    model = Photo
    form = PhotoForm
    extra = 0
    fields = (("image", "order"), ("caption_zh", "caption_en"), ("credit_zh", "credit_en"))


class NeedInline(admin.TabularInline):
    """What a project asks of the utilities."""

    model = UtilityNeed
    extra = 0


class OfferAdmin(RecordAdmin):
    """What parks, sites and projects have in common."""

    form = OfferForm
    search_fields = ("search_text", "name_zh", "name_en")
    list_select_related = ("district", "contact")
    autocomplete_fields = ("contact", "documents")
    prepopulated_fields = {"slug": ("name_en",)}
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def publishable(self, records):
        return records.filter(contact__isnull=False)


NAMED = (
    None,
    {"fields": ("name_zh", "name_en", "slug", "summary_zh", "summary_en")},
)
PLACED = (
    _("Place"),
    {"fields": ("address_zh", "address_en", "district", "geom")},
)


@admin.register(Park)
class ParkAdmin(OfferAdmin):
    """Parks with utilities, tenants and pictures."""

    list_display = ("name_zh", "name_en", "level", "district", "area_available_ha", "state")
    list_filter = ("state", "level", "district")
    inlines = [UtilityInline, TenantInline, PhotoInline]
    fieldsets = (
        NAMED,
        (_("Facts"), {"fields": ("level", "industries", "established", "website")}),
        (None, {"fields": (("area_ha", "area_available_ha"),)}),
        (
            _("Prices"),
            {"fields": (("land_price_min", "land_price_max"), ("lease_min", "lease_max"))},
        ),
        (_("Contact and documents"), {"fields": ("contact", "documents")}),
        PLACED,
        PUBLICATION,
        PROVENANCE,
    )


@admin.register(Site)
class SiteAdmin(OfferAdmin):
    """Parcels and buildings with their connections and pictures."""

    list_display = ("name_zh", "kind", "park", "area_m2", "readiness", "availability", "state")
    list_filter = ("state", "kind", "availability", "readiness", "district", "park")
    list_select_related = ("park", "district")
    autocomplete_fields = ("contact", "documents", "park")
    inlines = [UtilityInline, PhotoInline]
    fieldsets = (
        NAMED,
        (_("Offer"), {"fields": ("kind", "park", "availability", "available_from")}),
        (None, {"fields": (("tenure", "zoning"), ("price", "price_unit"))}),
        (None, {"fields": (("area_m2", "plot_ratio_max"), ("floor_area_m2", "floors"))}),
        (
            _("Building"),
            {
                "fields": (
                    ("clear_height_m", "floor_load_kn_m2", "column_spacing_m"),
                    ("crane_t", "built_year"),
                )
            },
        ),
        (
            _("Readiness"),
            {"fields": ("readiness", "evidence_zh", "evidence_en", "evidence_date")},
        ),
        (_("Contact and documents"), {"fields": ("contact", "documents")}),
        PLACED,
        PUBLICATION,
        PROVENANCE,
    )


@admin.register(Project)
class ProjectAdmin(OfferAdmin):
    """Projects with their needs and pictures."""

    list_display = ("name_zh", "industry", "stage", "investment_total", "district", "state")
    list_filter = ("state", "stage", "district", "currency")
    autocomplete_fields = ("contact", "documents", "park", "site")
    inlines = [NeedInline, PhotoInline]
    fieldsets = (
        NAMED,
        (_("Facts"), {"fields": ("industry", "stage", "modes", "park", "site")}),
        (
            _("Investment"),
            {"fields": ("currency", ("investment_total", "investment_sought"), "land_need_m2")},
        ),
        (
            _("Benefits"),
            {
                "fields": (
                    ("irr_percent", "payback_years"),
                    ("annual_revenue", "annual_profit", "jobs"),
                )
            },
        ),
        (_("Background and content"), {"fields": ("background_zh", "background_en")}),
        (None, {"fields": ("content_zh", "content_en", "market_zh", "market_en")}),
        (_("Contact and documents"), {"fields": ("contact", "documents")}),
        PLACED,
        PUBLICATION,
        PROVENANCE,
    )
