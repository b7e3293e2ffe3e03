"""The two acts of publication in the administration, for whatever can be published."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from layers.history import changed_together
from layers.records.publication import State


class PublicationActs:
    """For model admins: publish and withdraw what is chosen in the list."""

    actions = ["publish", "withdraw"]

    def publishable(self, rows):
        """The rows nothing stands against publishing."""
        return rows

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        held_back = queryset.count()
        rows = self.publishable(queryset)
        published = changed_together(request, rows, "state", State.PUBLISHED)
        held_back -= published
        self._report(request, published)
        if held_back:
            message = ngettext(
                "%(count)d record needs a contact first.",
                "%(count)d records need a contact first.",
                held_back,
            )
            self.message_user(request, message % {"count": held_back}, messages.WARNING)

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request, queryset):
        self._report(request, changed_together(request, queryset, "state", State.WITHDRAWN))

    def _report(self, request, count: int) -> None:
        message = ngettext("%(count)d record changed.", "%(count)d records changed.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
