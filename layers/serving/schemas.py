"""The data dictionary of a layer as JSON Schema (OGC API – Features Part 3, queryables; Part 5)."""

from django.utils.translation import gettext as _

from layers.registry import Declaration, Field, FieldType, Geometry
from layers.serving.documents import Books
from layers.serving.links import Addresses
from layers.serving.selection import filterable, geometry_name
from layers.serving.sorting import sortables

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {
    FieldType.TEXT: {"type": "string"},
    FieldType.INTEGER: {"type": "integer"},
    FieldType.NUMBER: {"type": "number"},
    FieldType.YEAR: {"type": "integer"},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.DATETIME: {"type": "string", "format": "date-time"},
    FieldType.CODE: {"type": "string"},
    FieldType.CODES: {"type": "array"},
    FieldType.URL: {"type": "string", "format": "uri-reference"},
}
_GEOMETRY_FORMATS = {
    Geometry.POINT: "geometry-point-or-multipoint",
    Geometry.LINE: "geometry-linestring-or-multilinestring",
    Geometry.POLYGON: "geometry-polygon-or-multipolygon",
    Geometry.ANY: "geometry-any",
}


def value_schema(field: Field, books: Books) -> dict:
    """The bare type of a field: what OpenAPI 3.0 and JSON Schema say alike."""
    schema = dict(_TYPES[field.type])
    codes = list(books.get(field.codes, ())) if field.codes else []
    if field.type is FieldType.CODES:
        schema["items"] = {"type": "string", **({"enum": codes} if codes else {})}
    elif codes:
        schema["enum"] = codes
    if field.is_numeric:
        bounds = {"minimum": field.minimum, "maximum": field.maximum}
        schema |= {name: bound for name, bound in bounds.items() if bound is not None}
    return schema


def queryables_document(declaration: Declaration, books: Books, addresses: Addresses) -> dict:
    """The fields a request may name with the value they must have, and those a filter may name."""
    return {
        "$schema": _DIALECT,
        "$id": addresses.queryables(declaration.slug),
        "type": "object",
        "title": str(declaration.title),
        "properties": {
            **{name: _described(field, books) for name, field in filterable(declaration).items()},
            geometry_name(declaration): {"title": _("Geometry"), **_geometry(declaration)},
        },
        "additionalProperties": False,
    }


def sortables_document(declaration: Declaration, books: Books, addresses: Addresses) -> dict:
    """The fields that records can be sorted by."""
    fields = sortables(filterable(declaration))
    return {
        "$schema": _DIALECT,
        "$id": addresses.sortables(declaration.slug),
        "type": "object",
        "title": str(declaration.title),
        "properties": {name: _described(field, books) for name, field in fields.items()},
        "additionalProperties": False,
    }


def schema_document(declaration: Declaration, books: Books, addresses: Addresses) -> dict:
    """The fields of the records as they are given; what is not known is null in GeoJSON."""
    fields = {field.name: _described(field, books) for field in declaration.public_fields}
    if declaration.key in fields:
        fields[declaration.key]["x-ogc-role"] = "id"
    else:
        identity = next(name for name in ("id", "fid", "_id") if name not in fields)
        fields = {identity: {"type": "string", "x-ogc-role": "id"}, **fields}
    fields[geometry_name(declaration)] = _geometry(declaration)
    return {
        "$schema": _DIALECT,
        "$id": addresses.schema(declaration.slug),
        "type": "object",
        "title": str(declaration.title),
        "description": str(declaration.abstract),
        "properties": fields,
        "required": [field.name for field in declaration.public_fields if field.required],
        "additionalProperties": False,
    }


def _geometry(declaration: Declaration) -> dict:
    return {
        "format": _GEOMETRY_FORMATS[declaration.geometry],
        "x-ogc-role": "primary-geometry",
    }


def _described(field: Field, books: Books) -> dict:
    schema = {"title": str(field.label), **value_schema(field, books)}
    if str(field.unit) and schema["type"] in ("integer", "number"):
        schema |= {"x-ogc-unit": str(field.unit), "x-ogc-unitLang": "text"}
    if codes := books.get(field.codes):
        named = [{"const": value, "title": str(label)} for value, label in codes.items()]
        (schema["items"] if field.type is FieldType.CODES else schema)["oneOf"] = named
    return schema
