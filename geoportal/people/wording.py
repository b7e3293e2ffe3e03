"""Words of Django's administration that its own Chinese catalogue lacks; ours fills them in."""

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_noop as _
from django.views.i18n import JavaScriptCatalog

#: Templates and forms find these in our catalogue by themselves.
LACKING = (
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("Error:"),
    _("Forgotten your login credentials?"),
    _("In case you’ve forgotten, you are:"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "count",
    ),
)
LACKING_IN_SCRIPTS = (
    _('Choose %s by selecting them and then select the "Choose" arrow button.'),
    _('Remove %s by selecting them and then select the "Remove" arrow button.'),
    _("Choose all %s"),
    _("Choose selected %s"),
    _("Remove all %s"),
    _("Remove selected %s"),
    _("(click to clear)"),
)


class ScriptWords(JavaScriptCatalog):
    """What the scripts of the administration say, with what is lacking from our catalogue."""

    packages = ("django.contrib.admin",)

    def get_catalog(self):
        ours = {word: gettext(word) for word in LACKING_IN_SCRIPTS}
        return {**super().get_catalog(), **ours}
