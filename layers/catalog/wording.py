"""What staff see types of geometry and of values called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layers.registry import FieldType, Geometry

GEOMETRIES = (
    (Geometry.POINT.value, _("points")),
    (Geometry.LINE.value, _("lines")),
    (Geometry.POLYGON.value, _("areas")),
    (Geometry.ANY.value, _("geometry of any type")),
)
VALUES = (
    (FieldType.TEXT.value, pgettext_lazy("type of a field", "text")),
    (FieldType.INTEGER.value, pgettext_lazy("type of a field", "whole number")),
    (FieldType.NUMBER.value, pgettext_lazy("type of a field", "number")),
    (FieldType.YEAR.value, pgettext_lazy("type of a field", "year")),
    (FieldType.BOOLEAN.value, pgettext_lazy("type of a field", "yes or no")),
    (FieldType.DATE.value, pgettext_lazy("type of a field", "date")),
    (FieldType.DATETIME.value, pgettext_lazy("type of a field", "date and time")),
    (FieldType.CODE.value, pgettext_lazy("type of a field", "code")),
    (FieldType.CODES.value, pgettext_lazy("type of a field", "codes")),
    (FieldType.URL.value, pgettext_lazy("type of a field", "web address")),
)
