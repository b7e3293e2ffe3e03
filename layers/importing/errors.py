"""Refusals of the import: of the call, or of the whole file."""

from django.utils.translation import gettext_lazy as _

from layers.errors import LayersError


class CallRefused(LayersError):
    """The call itself cannot be carried out: no such layer, unknown option value."""

    code = "import-call"
    title = _("The import cannot be started")


class FileRefused(LayersError):
    """The file cannot be read as it is; the sentence says why and, where one can, what to do.

    `code` is stable and names the fault (`zip-unsafe-name`, `crs-unknown`, …).
    """

    status = 422
    title = _("The file cannot be imported")

    def __init__(self, code: str, message, **extra):
        super().__init__(message, **extra)
        self.code = code
