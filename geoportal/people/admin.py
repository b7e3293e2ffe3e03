"""Accounts in the administration."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from geoportal.people.forms import StaffSignIn
from geoportal.people.models import User
from geoportal.people.wording import ScriptWords

ACTS = {"add": _("add"), "change": _("change"), "delete": _("delete"), "view": _("view")}


def named(permission: Permission) -> str:
    """A permission in the reader's language; its own name is kept in English."""
    act = permission.codename.partition("_")[0]
    return f"{permission.content_type} | {ACTS.get(act, permission.name)}"


class PermissionsNamed:
    """For model admins that give permissions."""

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        field = super().formfield_for_manytomany(db_field, request=request, **kwargs)
        if field and db_field.related_model is Permission:
            field.label_from_instance = named
            kept_here = {model._meta.app_label for model in self.admin_site._registry}
            field.queryset = field.queryset.filter(content_type__app_label__in=kept_here)
        return field


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(PermissionsNamed, DjangoGroupAdmin):
    """Roles: permissions that are given together."""


@admin.register(User)
class UserAdmin(PermissionsNamed, DjangoUserAdmin):
    """People with the area they are responsible for."""

    list_display = ("username", "name", "area", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "area")
    search_fields = ("username", "name", "email")
    autocomplete_fields = ("area",)
    fieldsets = (
        *DjangoUserAdmin.fieldsets[:1],
        (_("Person"), {"fields": ("name", "email", "area")}),
        *DjangoUserAdmin.fieldsets[2:],
    )


admin.site.site_header = admin.site.site_title = _("Map administration")
admin.site.login_form = StaffSignIn
admin.site.i18n_javascript = ScriptWords.as_view()
admin.site.site_url = reverse_lazy("pages:map")
# Tasks are for operators, who read them in English in the log.
admin.site.unregister(DBTaskResult)
admin.site.index_title = _("Content and people")
