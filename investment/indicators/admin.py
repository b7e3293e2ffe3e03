"""Indicators and figures in the administration."""

from django.contrib import admin

from investment.indicators.models import Figure, Indicator
from investment.staff import PublishedAdmin
from layers.catalog.staff import CityWide


@admin.register(Indicator)
class IndicatorAdmin(CityWide, admin.ModelAdmin):
    """What is counted or priced."""

    list_display = ("title_zh", "title_en", "unit_zh", "topic", "slug")
    list_filter = ("topic",)
    search_fields = ("slug", "title_zh", "title_en")


@admin.register(Figure)
class FigureAdmin(PublishedAdmin):
    """Values by district and year, each with its source."""

    list_display = ("indicator", "district", "year", "value", "as_of", "state")
    list_filter = ("state", "year", "district", "indicator__topic")
    search_fields = ("indicator__title_zh", "indicator__title_en", "indicator__slug")
    autocomplete_fields = ("indicator", "district")
    list_select_related = ("indicator", "district")
