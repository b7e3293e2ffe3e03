"""The parts every layer shares in the OpenAPI description: parameters, responses, plain schemas."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.filtering import LANGUAGES as FILTER_LANGUAGES
from layers.postgis.systems import systems
from layers.serving.negotiation import LANGUAGES
from layers.serving.parameters import CURSOR_PATTERN, DEFAULT_LIMIT, MAX_LETTERS, MAX_LIMIT
from layers.serving.presentation import MAX_ZOOM, PRESENTATION
from layers.serving.problem import PROBLEM_JSON
from layers.serving.selection import OWN
from layers.serving.sorting import MAX_SORT_KEYS

#: The rest is a layer's own.
ITEMS_PARAMETERS = tuple(name for name in OWN if name not in ("sortby", "properties"))
ITEM_PARAMETERS = tuple(name for name in PRESENTATION if name != "properties")
_TEXT = {"type": "string"}
_HEADER = {"schema": _TEXT}
_BBOX = gettext_lazy(
    "West, south, east, north in degrees (CRS84); west above east spans the antimeridian."
    " With heights: west, south, bottom, east, north, top. Other systems by “bbox-crs”."
)
_DATETIME = gettext_lazy(
    "A date, a date and time with zone, or an interval with “..” for an open end. A record matches"
    " when its time of effect meets it: from the begin of effect, else the as-of date, to the end"
    " of effect."
)
_FILTER = gettext_lazy(
    "A condition on the queryables of the layer in CQL2. What it says of a record must be true;"
    " what is neither true nor false because a value is not known does not match."
)
_WORDS = gettext_lazy(
    "Words to look for in names, codes and their pinyin; all of them must be found in a record."
)
_SORTBY = gettext_lazy(
    "The properties to sort by, the first first; “-” before one turns its order round."
)
ITEM_HEADERS = {"ETag": _HEADER, "Content-Crs": _HEADER}
ITEMS_HEADERS = {**ITEM_HEADERS, "Link": _HEADER}


def ref(kind: str, name: str) -> dict:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def content(media_type: str, schema: dict, html: bool = False) -> dict:
    """The representations of a good answer."""
    found = {media_type: {"schema": schema}}
    return {**found, "text/html": {"schema": _TEXT}} if html else found


def operation(
    operation_id: str,
    summary: str,
    tag: str,
    good: dict,
    *,
    parameters: list[dict],
    refusals: tuple[str, ...] = ("400", "404", "406"),
    headers: dict | None = None,
) -> dict:
    """A GET operation with every status it may answer by."""
    answer = {"description": _("The answer"), "headers": headers or {"ETag": _HEADER}}
    return {
        "operationId": operation_id,
        "summary": summary,
        "tags": [tag],
        "parameters": parameters,
        "responses": {
            "200": {**answer, "content": good},
            "304": {"description": _("The reader holds it already.")},
            **{status: ref("responses", status) for status in refusals},
            "500": ref("responses", "500"),
        },
    }


def query(name: str, description, schema: dict) -> dict:
    """A parameter in the query string, lists by comma."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": str(description),
        "style": "form",
        "explode": False,
        "schema": schema,
    }


def parameters() -> dict:
    """The parameters that do not differ between layers."""
    cursor = {"type": "string", "anyOf": [{"pattern": CURSOR_PATTERN}, {"pattern": "^s\\."}]}
    bbox = {
        "type": "array",
        "items": {"type": "number"},
        "minItems": 4,
        "maxItems": 6,
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    }
    queries = (
        query("bbox", _BBOX, bbox),
        query("datetime", _DATETIME, {"type": "string", "example": "2026-01-01/.."}),
        query("q", _WORDS, {"type": "string", "minLength": 1, "maxLength": MAX_LETTERS}),
        *_filter_parameters(),
        *_presentation_parameters(),
        query(
            "limit",
            _("How many records at most. More than the maximum gives the maximum."),
            {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        ),
        query(
            "after",
            _("Where the page begins; taken from a “next” link. Not together with “before”."),
            cursor,
        ),
        query(
            "before",
            _("Where the page ends; taken from a “prev” link. Not together with “after”."),
            cursor,
        ),
        query(
            "f",
            _("The format; without it the Accept header decides."),
            {"type": "string", "enum": ["json", "html"]},
        ),
        query(
            "lang",
            _("The language; without it the Accept-Language header decides."),
            {"type": "string", "enum": list(LANGUAGES)},
        ),
    )
    feature_id = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": _("The key of the record"),
        "schema": {"type": "string", "minLength": 1},
    }
    return {**{each["name"]: each for each in queries}, "featureId": feature_id}


def _filter_parameters() -> tuple[dict, ...]:
    example = "name_zh LIKE '%' AND S_INTERSECTS(geometry, BBOX(126, 46, 128, 48))"
    return (
        query("filter", _FILTER, {"type": "string", "minLength": 1, "example": example}),
        query(
            "filter-lang",
            _("The language the filter is written in."),
            _one_of(FILTER_LANGUAGES),
        ),
        query(
            "filter-crs",
            _("The coordinate reference system of the geometries in the filter."),
            _system(),
        ),
    )


def _presentation_parameters() -> tuple[dict, ...]:
    return (
        query("bbox-crs", _("The coordinate reference system of the box."), _system()),
        query("crs", _("The coordinate reference system of the answer."), _system()),
        query(
            "skipGeometry",
            _("Whether geometries are left out."),
            {"type": "boolean", "default": False},
        ),
        query(
            "max-allowable-offset",
            _("How far simplified shapes may be off, in units of the system of the answer."),
            {"type": "number", "minimum": 0},
        ),
        query(
            "zoom-level",
            _("Shapes simplified for a map of this zoom (WebMercatorQuad)."),
            {"type": "integer", "minimum": 0, "maximum": MAX_ZOOM},
        ),
    )


def sortby(names: Iterable[str]) -> dict:
    """The order of a layer's records, by the properties it can be sorted by."""
    items = {"type": "string", "enum": [f"{sign}{name}" for name in names for sign in ("", "-")]}
    schema = {"type": "array", "items": items, "minItems": 1, "maxItems": MAX_SORT_KEYS}
    return query("sortby", _SORTBY, schema)


def properties(names: Iterable[str]) -> dict:
    """Which of a layer's properties are given."""
    schema = {"type": "array", "items": {"type": "string", "enum": list(names)}, "minItems": 1}
    return query("properties", _("The properties to give; all without it."), schema)


def _system() -> dict:
    return {**_one_of(systems()), "format": "uri"}


def _one_of(names: Iterable[str]) -> dict:
    return {"type": "string", "enum": list(names), "default": next(iter(names))}


def responses() -> dict:
    """The refusals, all with one body."""
    refused = {
        "400": _("A parameter is unknown or has a bad value."),
        "404": _("There is no such layer or record, or none that is public."),
        "406": _("None of the formats asked for can be given."),
        "429": _("Too much was asked for; “Retry-After” says when to ask again."),
        "500": _("Something went wrong here."),
    }
    body = {PROBLEM_JSON: {"schema": ref("schemas", "problem")}}
    return {
        status: {"description": description, "content": body}
        for status, description in refused.items()
    }


def schemas() -> dict:
    """The schemas of everything but records."""
    texts, links = _list(_TEXT), _list(ref("schemas", "link"))
    return {
        "link": _object(
            dict.fromkeys(("href", "rel", "type", "title", "hreflang"), _TEXT), "href", "rel"
        ),
        "problem": _object(
            {
                "type": _TEXT,
                "status": {"type": "integer"},
                "code": _TEXT,
                "title": _TEXT,
                "detail": _TEXT,
                "parameter": _TEXT,
                "position": {"type": "integer", "minimum": 1},
                "piece": _TEXT,
                "pointer": _TEXT,
            },
            "type", "status", "code", "title",
        ),
        "landing": _object({"title": _TEXT, "description": _TEXT, "links": links}, "links"),
        "conformance": _object({"conformsTo": texts, "links": links}, "conformsTo"),
        "functions": _object({"functions": _list(_function(texts)), "links": links}, "functions"),
        "collections": _object(
            {"links": links, "collections": _list(ref("schemas", "collection"))},
            "links", "collections",
        ),
        "collection": _collection(links, texts),
        "schema": {"type": "object"},
        "geometry": {**_object({"type": _TEXT}, "type"), "nullable": True},
    }  # fmt: skip


def _function(texts: dict) -> dict:
    argument = _object({"title": _TEXT, "description": _TEXT, "type": texts}, "type")
    members = {"name": _TEXT, "description": _TEXT, "args": _list(argument), "returns": texts}
    return _object(members, "name", "returns")


def _collection(links: dict, texts: dict) -> dict:
    return _object(
        {
            "id": _TEXT,
            "title": _TEXT,
            "description": _TEXT,
            "keywords": texts,
            "extent": {"type": "object"},
            "itemType": _TEXT,
            "crs": texts,
            "storageCrs": _TEXT,
            "links": links,
            "geoportal": {"type": "object"},
        },
        "id",
        "links",
    )


def feature(properties: dict) -> dict:
    """A record with these properties."""
    return _object(
        {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": _TEXT,
            "geometry": ref("schemas", "geometry"),
            "properties": {
                "type": "object",
                "properties": properties,
                "additionalProperties": False,
            },
            "links": _list(ref("schemas", "link")),
        },
        "type",
        "id",
        "geometry",
        "properties",
    )


def feature_collection(item: dict) -> dict:
    """A page of records."""
    count = {"type": "integer", "minimum": 0}
    return _object(
        {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": _list(item),
            "numberMatched": count,
            "numberReturned": count,
            "timeStamp": {"type": "string", "format": "date-time"},
            "links": _list(ref("schemas", "link")),
        },
        "type",
        "features",
        "numberReturned",
    )


def _object(properties: dict, *required: str) -> dict:
    return {"type": "object", "required": list(required), "properties": properties}


def _list(items: dict) -> dict:
    return {"type": "array", "items": items}
