"""Policies in the administration."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from investment.guidance.models import Policy
from layers.catalog.wording import Labelled
from layers.records.models import State


@admin.register(Policy)
class PolicyAdmin(Labelled, admin.ModelAdmin):
    """Policies with the time they are in force."""

    list_display = ("title_zh", "level", "number", "in_force_from", "in_force_until", "state")
    list_filter = ("state", "level", "district")
    search_fields = ("title_zh", "title_en", "number", "slug")
    autocomplete_fields = ("district", "document")
    actions = ["publish", "withdraw"]

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        queryset.update(state=State.PUBLISHED)

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request, queryset):
        queryset.update(state=State.WITHDRAWN)
