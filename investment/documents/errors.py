"""Refusals of this room."""

from django.utils.translation import gettext_lazy as _

from layers.errors import LayersError


class UploadRefused(LayersError):
    """A file that may not be offered for download; says why to the person who brought it."""

    status = 422
    code = "upload-refused"
    title = _("The file was refused")
