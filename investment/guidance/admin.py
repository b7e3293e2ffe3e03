"""Policies in the administration."""

from django.contrib import admin

from investment.guidance.models import Policy
from investment.staff import PublishedAdmin


@admin.register(Policy)
class PolicyAdmin(PublishedAdmin):
    """Policies with the time they are in force."""

    list_display = ("title_zh", "level", "number", "in_force_from", "in_force_until", "state")
    list_filter = ("state", "level", "district")
    search_fields = ("title_zh", "title_en", "number", "slug")
    autocomplete_fields = ("district", "document")
