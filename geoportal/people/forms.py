"""How one signs in."""

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class StaffSignIn(AdminAuthenticationForm):
    """The sign-in of the administration: who is known but no staff is told just that.

    Only somebody who gave the right password comes as far as this question.
    """

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "no_staff": _("This account has no access to the administration."),
    }

    def confirm_login_allowed(self, user):
        if user.is_active and not user.is_staff:
            raise ValidationError(self.error_messages["no_staff"], code="no_staff")
        super().confirm_login_allowed(user)
