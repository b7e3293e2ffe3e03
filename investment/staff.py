"""What the administration of figures and policies has in common with that of records."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from layers.catalog.wording import Labelled
from layers.models import District
from layers.records.publication import State


class PublishedAdmin(Labelled, admin.ModelAdmin):
    """The two acts of publication; staff with an area see, change and add in their area only."""

    actions = ["publish", "withdraw"]

    def get_queryset(self, request):
        records = super().get_queryset(request)
        area = request.user.area
        return records.filter(district__in=District.objects.within(area.code)) if area else records

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        area = request.user.area
        if db_field.name != "district" or not area:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        field = super().formfield_for_foreignkey(
            db_field, request, **{**kwargs, "queryset": District.objects.within(area.code)}
        )
        # Without a district it would hold beyond the area, for all.
        field.required = True
        return field

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        self._report(request, queryset.update(state=State.PUBLISHED))

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request, queryset):
        self._report(request, queryset.update(state=State.WITHDRAWN))

    def _report(self, request, count: int) -> None:
        message = ngettext("%(count)d record changed.", "%(count)d records changed.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
