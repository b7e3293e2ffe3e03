"""Refusals of the static set."""

from django.utils.translation import gettext_lazy as _

from layers.errors import LayersError


class StaticSetRefused(LayersError):
    """The set cannot be written as it is asked for; the sentence says why and what to do."""

    code = "static-set"
    title = _("The static set cannot be written")
