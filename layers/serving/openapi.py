"""The OpenAPI 3.0 description, made from the declarations: every layer's own paths and parameters.

Paths name each layer instead of a `{collectionId}`, because the parameters and the properties
differ from layer to layer: GDAL and QGIS read from here which fields they may filter by, and a
fuzzer reaches every layer.
"""

from django.utils.translation import gettext as _

from layers.registry import Declaration, Field, FieldType
from layers.serving import openapi_parts as parts
from layers.serving.documents import Books
from layers.serving.exports import openapi as exports
from layers.serving.links import Addresses
from layers.serving.metadata import openapi as metadata
from layers.serving.negotiation import GEOJSON, JSON, OPENAPI, SCHEMA
from layers.serving.published import Collection
from layers.serving.schemas import value_schema
from layers.serving.search import OPENAPI_PATHS
from layers.serving.selection import filterable
from layers.serving.sorting import sortables
from layers.serving.styles import openapi as styles
from layers.serving.tiles import openapi as tiles

_VERSION = "1.0.0"


def openapi_document(
    collections: list[Collection], books: Books, addresses: Addresses, title: str
) -> dict:
    """The whole description in the reader's language."""
    paths = {
        **_fixed_paths(),
        **tiles.map_paths(),
        **styles.map_paths(),
        **metadata.metadata_paths(),
        **exports.job_paths(),
        **OPENAPI_PATHS,
    }
    schemas = parts.schemas() | metadata.metadata_schemas() | exports.job_schemas()
    for collection in collections:
        declaration = collection.declaration
        paths |= _collection_paths(declaration, books)
        paths |= tiles.layer_paths(declaration, _fields_and_values(declaration, books))
        paths |= exports.export_paths(declaration, _own_parameters(declaration, books))
        paths |= styles.layer_paths(declaration)
        schemas |= _feature_schemas(collection.declaration, books)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": title,
            "version": _VERSION,
            "description": _("Map layers by OGC API – Features and OGC API – Tiles."),
        },
        "servers": [{"url": addresses.landing.rstrip("/")}],
        "tags": [
            {"name": "api", "description": _("The service")},
            {"name": "tiles", "description": _("Vector tiles")},
        ]
        + [{"name": each.id, "description": str(each.declaration.title)} for each in collections],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": parts.parameters() | tiles.tile_parameters() | styles.style_parameters(),
            "responses": parts.responses(),
        },
    }


def _fixed_paths() -> dict:
    return {
        "/": _path("landing", _("Landing page"), "api", JSON, "landing"),
        "/conformance": _path("conformance", _("Conformance"), "api", JSON, "conformance"),
        "/collections": _path("collections", _("Layers"), "api", JSON, "collections"),
        "/functions": _path("functions", _("Functions"), "api", JSON, "functions"),
        "/openapi.json": {
            "get": parts.operation(
                "openapi", _("This description"), "api",
                parts.content(OPENAPI.media_type, {"type": "object"}),
                parameters=[parts.ref("parameters", "lang")],
                refusals=("400",),
            )
        },
    }  # fmt: skip


def _collection_paths(declaration: Declaration, books: Books) -> dict:
    slug, title = declaration.slug, str(declaration.title)
    base = f"/collections/{slug}"
    named = {"title": title}
    return {
        base: _path(
            f"{slug}.collection", _("%(title)s: the layer") % named, slug, JSON, "collection"
        ),
        f"{base}/queryables": _path(
            f"{slug}.queryables",
            _("%(title)s: fields to filter by") % named,
            slug,
            SCHEMA,
            "schema",
        ),
        f"{base}/sortables": _path(
            f"{slug}.sortables", _("%(title)s: fields to sort by") % named, slug, SCHEMA, "schema"
        ),
        f"{base}/schema": _path(
            f"{slug}.schema", _("%(title)s: data dictionary") % named, slug, SCHEMA, "schema"
        ),
        f"{base}/items": {
            "get": parts.operation(
                f"{slug}.items",
                _("%(title)s: records") % named,
                slug,
                parts.content(
                    GEOJSON.media_type, parts.ref("schemas", f"{slug}.features"), html=True
                ),
                parameters=[
                    *(parts.ref("parameters", name) for name in parts.ITEMS_PARAMETERS),
                    *_own_parameters(declaration, books),
                    *_common(),
                ],
                headers=parts.ITEMS_HEADERS,
            )
        },
        f"{base}/items/{{featureId}}": {
            "get": parts.operation(
                f"{slug}.item",
                _("%(title)s: one record") % named,
                slug,
                parts.content(
                    GEOJSON.media_type, parts.ref("schemas", f"{slug}.feature"), html=True
                ),
                parameters=[
                    parts.ref("parameters", "featureId"),
                    *(parts.ref("parameters", name) for name in parts.ITEM_PARAMETERS),
                    _properties(declaration),
                    *_common(),
                ],
                headers=parts.ITEM_HEADERS,
            )
        },
    }


def _own_parameters(declaration: Declaration, books: Books) -> list[dict]:
    """What differs between layers: the fields to ask for by their values, and to sort by."""
    sorting = parts.sortby(sortables(filterable(declaration)))
    return [sorting, *_fields_and_values(declaration, books)]


def _fields_and_values(declaration: Declaration, books: Books) -> list[dict]:
    fields = filterable(declaration).values()
    return [_properties(declaration), *(_filter(field, books) for field in fields)]


def _properties(declaration: Declaration) -> dict:
    return parts.properties(field.name for field in declaration.public_fields)


def _path(operation_id: str, summary: str, tag: str, fmt, schema: str) -> dict:
    content = parts.content(fmt.media_type, parts.ref("schemas", schema), html=True)
    return {"get": parts.operation(operation_id, summary, tag, content, parameters=_common())}


def _common() -> list[dict]:
    return [parts.ref("parameters", "f"), parts.ref("parameters", "lang")]


def _filter(field: Field, books: Books) -> dict:
    schema = value_schema(field, books)
    if field.type is FieldType.CODES:
        # One value that must be among the record's.
        schema = schema["items"]
    if field.type in (FieldType.TEXT, FieldType.URL):
        schema = {"type": "string", "minLength": 1}
    # Asking for a value outside the bounds is no error; it finds nothing.
    schema = {name: value for name, value in schema.items() if name not in ("minimum", "maximum")}
    unit = f" ({field.unit})" if str(field.unit) else ""
    return {
        "name": field.name,
        "in": "query",
        "required": False,
        "description": f"{field.label}{unit}",
        "style": "form",
        "explode": False,
        "schema": schema,
    }


def _feature_schemas(declaration: Declaration, books: Books) -> dict:
    slug = declaration.slug
    properties = {
        field.name: {"title": str(field.label), **_nullable(value_schema(field, books))}
        for field in declaration.public_fields
    }
    return {
        f"{slug}.feature": parts.feature(properties),
        f"{slug}.features": parts.feature_collection(parts.ref("schemas", f"{slug}.feature")),
    }


def _nullable(schema: dict) -> dict:
    # In OpenAPI 3.0 `enum` leaves null out unless it names it.
    with_null = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    # Stored values are told as they are, also where they are outside the bounds of the dictionary.
    plain = {name: value for name, value in schema.items() if name not in ("minimum", "maximum")}
    return {**plain, **with_null, "nullable": True}
