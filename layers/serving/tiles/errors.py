"""Refusals of tiles."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from layers.errors import LayersError


class UnknownTile(LayersError):
    """No such grid, or no such tile in it."""

    status = 404
    code = "unknown-tile"
    title = _("No such tile")

    def __init__(self):
        super().__init__(gettext("The grid has no tile at this address."))


class UnknownGrid(LayersError):
    """No such tile matrix set."""

    status = 404
    code = "unknown-tile-matrix-set"
    title = _("No such tile matrix set")

    def __init__(self, name: str):
        message = gettext("There is no tile matrix set “%(id)s”.") % {"id": name[:100]}
        super().__init__(message)
