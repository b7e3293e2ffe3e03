"""GeoJSON features as texts, whole, from the database (RFC 7946).

Texts are joined with `||`: on pages of 1,000 this is a sixth faster than json_build_object, which
besides takes 100 arguments at most.
"""

import json

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Case, Expression, F, Func, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, NullIf

from layers.postgis.fields import DEGREE_DIGITS, SRID
from layers.registry import Declaration, Field, FieldType

_NULL = Value("null")


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


class _CounterClockwise(Func):
    """Outer rings counter-clockwise, as RFC 7946 §3.1.6 demands.

    Of areas only: ST_ForcePolygonCCW turns lines round as well.
    """

    template = (
        "CASE WHEN GeometryType(%(expressions)s) IN ('POLYGON', 'MULTIPOLYGON')"
        " THEN ST_ForcePolygonCCW(%(expressions)s) ELSE %(expressions)s END"
    )
    output_field = GeometryField(srid=SRID)


def feature_text(declaration: Declaration, geometry: str = "geom") -> Expression:
    """One Feature: the record's key as id, its public fields by name, codes as they are.

    Rows of stored layers are kept as this text (layers.postgis.triggers.encode_feature); it is made
    here where the data dictionary has changed since, and where another geometry is asked for.
    """
    written = written_text(declaration, geometry)
    if declaration.dictionary is None or geometry != "geom":
        return written
    return Case(When(encoded_for=declaration.dictionary, then=F("encoded")), default=written)


def written_text(declaration: Declaration, geometry: str = "geom") -> Expression:
    """The same, made from the columns whatever is kept."""
    return _Joined(
        Value('{"type":"Feature","id":'),
        _Json(_AsText(F(declaration.key))),
        Value(',"geometry":'),
        Coalesce(_shape(geometry), _NULL),
        Value(',"properties":{'),
        *_members(declaration.public_fields),
        Value("}}"),
    )


def _shape(geometry: str) -> Expression:
    return AsGeoJSON(_CounterClockwise(F(geometry)), precision=DEGREE_DIGITS)


def _members(fields: tuple[Field, ...]) -> list[Expression]:
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
    return _Json(field.expression)


def stored_value(field: Field) -> KeyTransform | None:
    """The field of a stored layer as the JSON value it was written as; None for typed layers."""
    expression = field.expression
    if not isinstance(expression, KeyTextTransform):
        return None
    return KeyTransform(expression.key_name, *expression.get_source_expressions())
