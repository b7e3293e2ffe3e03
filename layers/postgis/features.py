"""GeoJSON features as texts, whole, from the database (RFC 7946).

Texts are joined with `||`: on pages of 1,000 this is a sixth faster than json_build_object, which
besides takes 100 arguments at most.
"""

import json
import math
from dataclasses import dataclass

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Case, Expression, F, Func, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, NullIf

from layers.postgis.fields import SRID
from layers.postgis.systems import CRS84, System
from layers.registry import Declaration, Field, FieldType

_NULL = Value("null")
#: How the text of each feature begins.
FEATURE = '{"type":"Feature","id":'


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """How records are written.

    `fields` are the names of those that are given, None: all public ones. `offset` is how far a
    simplified shape may be off the true one, in units of the system. `xy` is the order of axes in
    files, whatever the authority says: longitude or easting first.
    """

    system: System = CRS84
    fields: frozenset[str] | None = None
    geometry: bool = True
    offset: float = 0
    xy: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether records are written as they are kept."""
        changed = self.turned or self.system.srid or self.offset
        return self.geometry and self.fields is None and not changed

    @property
    def turned(self) -> bool:
        """Whether latitude or northing comes first."""
        return self.system.turned and not self.xy

    @property
    def digits(self) -> int:
        """Decimals of coordinates: of simplified shapes no more than the simplification leaves."""
        if not self.offset:
            return self.system.digits
        return min(self.system.digits, max(0, 1 - math.floor(math.log10(self.offset))))


PLAIN = Presentation()


class _Joined(Func):
    """Texts one after the other."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


class _AsText(Func):
    template = "(%(expressions)s)::text"
    output_field = TextField()


class _Json(Func):
    """A value as JSON text; NULL stays NULL."""

    template = "to_json(%(expressions)s)::text"
    output_field = TextField()


class _Fraction(Func):
    """A number as JSON text that shows a fraction, if only of zero.

    QGIS and GDAL take a field for whole numbers where the first records have no fraction, and lose
    those of later ones.
    """

    template = r"regexp_replace(to_json(%(expressions)s)::text, '^-?[0-9]+$', '\&.0')"
    output_field = TextField()


class _CounterClockwise(Func):
    """Outer rings counter-clockwise, as RFC 7946 §3.1.6 demands.

    Of areas only: ST_ForcePolygonCCW turns lines round as well.
    """

    template = (
        "CASE WHEN GeometryType(%(expressions)s) IN ('POLYGON', 'MULTIPOLYGON')"
        " THEN ST_ForcePolygonCCW(%(expressions)s) ELSE %(expressions)s END"
    )
    output_field = GeometryField(srid=SRID)


class _Shape(Func):
    """A PostGIS function that gives a geometry."""

    output_field = GeometryField(srid=SRID)


def feature_text(declaration: Declaration, presentation: Presentation = PLAIN) -> Expression:
    """One Feature: the record's key as id, its public fields by name, codes as they are.

    Rows of stored layers are kept as this text (layers.postgis.triggers.encode_feature); it is made
    here where the data dictionary has changed since, and where it is wanted in another form.
    """
    written = written_text(declaration, presentation)
    if declaration.dictionary is None or not presentation.is_plain:
        return written
    return Case(When(encoded_for=declaration.dictionary, then=F("encoded")), default=written)


def written_text(declaration: Declaration, presentation: Presentation = PLAIN) -> Expression:
    """The same, made from the columns whatever is kept."""
    given = presentation.fields
    fields = [each for each in declaration.public_fields if given is None or each.name in given]
    return _Joined(
        Value(FEATURE),
        _Json(_AsText(F(declaration.key))),
        Value(',"geometry":'),
        Coalesce(_shape(presentation), _NULL) if presentation.geometry else _NULL,
        Value(',"properties":{'),
        *_members(fields),
        Value("}}"),
    )


def _shape(presentation: Presentation) -> Expression:
    """The geometry in the system asked for; rings turn as they do on the map."""
    shape = presented(_CounterClockwise(F("geom")), presentation)
    if presentation.turned:
        shape = _Shape(shape, function="ST_FlipCoordinates")
    return AsGeoJSON(shape, precision=presentation.digits)


def presented(shape: Expression, presentation: Presentation) -> Expression:
    """A geometry in the system asked for, simplified as asked; longitude or easting first."""
    if presentation.system.srid:
        shape = _Shape(shape, Value(presentation.system.srid), function="ST_Transform")
    if presentation.offset:
        # Nothing vanishes: the smallest area keeps its corners.
        offset = Value(presentation.offset)
        shape = _Shape(shape, offset, function="ST_SimplifyPreserveTopology")
    return shape


def _members(fields: list[Field]) -> list[Expression]:
    members: list[Expression] = []
    for field in fields:
        comma = "," if members else ""
        members.append(Value(f"{comma}{json.dumps(field.name)}:"))
        members.append(Coalesce(_value(field), _NULL))
    return members


def _value(field: Field) -> Expression:
    stored = stored_value(field)
    if stored is not None:
        return _AsText(stored)
    if field.type in (FieldType.CODE, FieldType.URL):
        # A code is a text also where the column holds numbers; an empty one is no code.
        return _Json(NullIf(_AsText(field.expression), Value("")))
    if field.type is FieldType.NUMBER:
        return _Fraction(field.expression)
    return _Json(field.expression)


def stored_value(field: Field) -> KeyTransform | None:
    """The field of a stored layer as the JSON value it was written as; None for typed layers."""
    expression = field.expression
    if not isinstance(expression, KeyTextTransform):
        return None
    return KeyTransform(expression.key_name, *expression.get_source_expressions())
