"""Coordinates brought into another system while records are read."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InternalError, transaction
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.postgis.systems import System


@contextmanager
def within_system(system: System) -> Iterator[None]:
    """Say clearly that a record which is read lies where the system has no coordinates.

    A projection of a zone ends some eighty degrees from it; PostGIS stops the statement there.
    """
    if system.srid is None:
        yield
        return
    try:
        with transaction.atomic():
            yield
    except InternalError as error:
        message = _("Some of these records lie outside of %(name)s; ask for those in a box.")
        raise BadParameter("crs", message % {"name": system.name}) from error
