"""Refusals of exports."""

from django.utils.translation import gettext_lazy as _

from layers.errors import LayersError


class ExportTooLarge(LayersError):
    """More records than the format can hold."""

    code = "export-too-large"
    title = _("Too many records for this format")


class UnfitForFormat(LayersError):
    """Records that the format has no place for."""

    code = "unfit-for-format"
    title = _("The format cannot hold these records")
