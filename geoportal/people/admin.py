"""Accounts in the administration."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from geoportal.people.forms import StaffSignIn
from geoportal.people.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
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
admin.site.index_title = _("Content and people")
