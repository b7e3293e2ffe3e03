"""GeoJSON features as texts, whole, from the database (RFC 7946)."""

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Expression, F, Func, JSONField, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce

from layers.registry import Declaration, Field

#: PostgreSQL functions take 100 arguments; a name and a value are two.
_MEMBERS_AT_ONCE = 50
_DEGREE_DIGITS = 7


class _Joined(Func):
    """Texts one after the other."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


class _Members(Func):
    function = "jsonb_build_object"
    output_field = JSONField()


class _AsText(Func):
    template = "(%(expressions)s)::text"
    output_field = TextField()


def feature_text(declaration: Declaration, geometry: str = "geom") -> Expression:
    """One Feature: the record's key as id, its public fields by name, codes as they are."""
    shape = Coalesce(AsGeoJSON(F(geometry), precision=_DEGREE_DIGITS), Value("null"))
    return _Joined(
        Value('{"type": "Feature", "id": '),
        _AsText(Func(_AsText(F(declaration.key)), function="to_json", output_field=TextField())),
        Value(', "geometry": '),
        shape,
        Value(', "properties": '),
        _AsText(_properties(declaration)),
        Value("}"),
    )


def _properties(declaration: Declaration) -> Expression:
    fields = declaration.public_fields
    parts = []
    for start in range(0, len(fields) or 1, _MEMBERS_AT_ONCE):
        members: list[Expression] = []
        for field in fields[start : start + _MEMBERS_AT_ONCE]:
            members += [_AsText(Value(field.name)), _value(field)]
        parts.append(_Members(*members))
    return (
        parts[0] if len(parts) == 1 else Func(*parts, template="(%(expressions)s)", arg_joiner="||")
    )


def _value(field: Field) -> Expression:
    """Stored properties keep the JSON type they were written with."""
    expression = field.expression
    if isinstance(expression, KeyTextTransform):
        return KeyTransform(expression.key_name, *expression.get_source_expressions())
    return expression
