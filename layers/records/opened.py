"""Two people at one record: who saves second is told, and undoes nothing of the first."""

from datetime import datetime, timedelta

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

#: Between the row and its entry in the log, and between the clocks that date the two.
LOGGED_WITHIN = timedelta(seconds=5)


class AsOpened(forms.ModelForm):
    """A form that is refused once its record has changed since the form was opened.

    The row stays locked from the comparison to the end of the transaction that saves it.
    """

    opened = forms.IntegerField(label="", widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["opened"] = self.instance.row_version

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk is not None:
            rows = type(self.instance)._base_manager.select_for_update()
            row = rows.only("row_version", "updated_at").get(pk=self.instance.pk)
            if row.row_version != self.cleaned_data.get("opened"):
                raise forms.ValidationError(_changed_meanwhile(row), code="changed_meanwhile")
        return cleaned


def _changed_meanwhile(row) -> str:
    told = {
        "who": _editor(row, row.updated_at) or _("Somebody"),
        "when": date_format(timezone.localtime(row.updated_at), "DATETIME_FORMAT"),
    }
    return (
        _(
            "%(who)s changed this record on %(when)s, after you opened it. What you typed is kept "
            "below but not saved: open the record in another window and carry over what holds."
        )
        % told
    )


def _editor(row, changed_at: datetime) -> str:
    """Who made the last change; empty when it was made elsewhere than in a form."""
    entry = (
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(row),
            object_id=quote(row.pk),
            action_time__gte=changed_at - LOGGED_WITHIN,
        )
        .select_related("user")
        .order_by("-action_time")
        .first()
    )
    return str(entry.user) if entry else ""


class OpenedVersion:
    """For model admins whose form is `AsOpened`: the form carries the version it was opened at."""

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        (name, options), *others = fieldsets
        return [(name, {**options, "fields": (*options["fields"], "opened")}), *others]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        linked = {field.name for field in self.opts.many_to_many}
        if linked & {*form.changed_data} or any(formset.has_changed() for formset in formsets):
            # What belongs to the record stands in tables of its own: its row does not change.
            rows = self.model._base_manager.filter(pk=form.instance.pk)
            rows.update(row_version=F("row_version") + 1, updated_at=Now())
