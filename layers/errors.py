"""Errors of this floor: each says its status, its stable code and, translated, what is wrong."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class LayersError(Exception):
    """A refusal with words for the person who asked; `extra` is machine-readable detail."""

    status = 400
    code = "bad-request"
    title = _("Bad request")

    def __init__(self, message, **extra):
        super().__init__(message)
        self.extra = extra

    def __str__(self):
        return str(self.args[0])


class BadParameter(LayersError):
    """A query parameter that is unknown or has a bad value."""

    code = "bad-parameter"
    title = _("Bad parameter")

    def __init__(self, name: str, message):
        super().__init__(message, parameter=name)


class UnknownLayer(LayersError):
    """No such layer, or none the public may see."""

    status = 404
    code = "unknown-collection"
    title = _("No such layer")

    def __init__(self, slug: str):
        message = gettext("No public layer has the id “%(id)s”.") % {"id": slug[:100]}
        super().__init__(message)


class UnknownRecord(LayersError):
    """No such record in the layer, or none in effect."""

    status = 404
    code = "unknown-feature"
    title = _("No such record")

    def __init__(self, key: str):
        message = gettext("No public record of this layer has the id “%(id)s”.") % {"id": key[:100]}
        super().__init__(message)


class UnknownAddress(LayersError):
    """Nothing lies at this address."""

    status = 404
    code = "not-found"
    title = _("Not found")

    def __init__(self):
        super().__init__(gettext("Nothing lies at this address."))


class NotAcceptable(LayersError):
    """None of the formats asked for can be given."""

    status = 406
    code = "not-acceptable"
    title = _("No acceptable format")
