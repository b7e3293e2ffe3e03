"""The search in the OpenAPI 3.0 document of the service."""

from layers.serving.negotiation import LANGUAGES
from layers.serving.parameters import MAX_LETTERS
from layers.serving.problem import PROBLEM_JSON
from layers.serving.search.question import DEFAULT_LIMIT, MAX_LIMIT


def _query(name: str, description: str, schema: dict, **more) -> dict:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


_PARAMETERS = [
    _query(
        "q",
        "Words in Chinese, pinyin (whole or initials) or English, codes, or coordinates; "
        "a record is found when all words are.",
        {"type": "string", "minLength": 1, "maxLength": MAX_LETTERS},
        required=True,
    ),
    _query(
        "limit",
        "At most so many hits.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    _query(
        "bbox",
        "Only records in this box: west, south, east, north in degrees (CRS84).",
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
        style="form",
        explode=False,
    ),
    _query(
        "layers",
        "Only these collections.",
        {"type": "array", "items": {"type": "string"}},
        style="form",
        explode=False,
    ),
    _query(
        "f",
        "There is one format here.",
        {"type": "string", "enum": ["json"]},
    ),
    _query(
        "lang",
        "Language of titles; without it Accept-Language decides.",
        {"type": "string", "enum": list(LANGUAGES)},
    ),
]
_TEXT = {"type": "string"}
_BOX = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}
_HIT = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": _TEXT,
        "geometry": {
            "type": "object",
            "required": ["type", "coordinates"],
            "properties": {
                "type": {"type": "string", "enum": ["Point"]},
                "coordinates": {**_BOX, "minItems": 2, "maxItems": 2},
            },
        },
        "properties": {
            "type": "object",
            "required": ["id", "layer", "layerTitle", "title", "subtitle", "url", "bbox"],
            "properties": {
                **dict.fromkeys(("id", "layer", "layerTitle", "title", "subtitle", "url"), _TEXT),
                "bbox": _BOX,
            },
        },
    },
}
_FOUND = {
    "type": "object",
    "required": ["type", "features", "numberReturned", "exact"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": _HIT},
        "numberReturned": {"type": "integer", "minimum": 0},
        "exact": {
            "type": "boolean",
            "description": "False where no record holds all words, and these come nearest.",
        },
    },
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "status", "code", "title"],
    "properties": {
        "type": _TEXT,
        "status": {"type": "integer"},
        "code": _TEXT,
        "title": _TEXT,
        "detail": _TEXT,
        "parameter": _TEXT,
    },
}


def _answer(description: str, media_type: str, schema: dict) -> dict:
    return {"description": description, "content": {media_type: {"schema": schema}}}


#: Paths relative to the API's root, to be put into its document.
OPENAPI_PATHS = {
    "/search": {
        "get": {
            "operationId": "search",
            "summary": "Find records by name, code, industry, place or coordinates",
            "tags": ["Search"],
            "parameters": _PARAMETERS,
            "responses": {
                "200": _answer("The hits, best first", "application/geo+json", _FOUND),
                "400": _answer("A bad parameter", PROBLEM_JSON, _PROBLEM),
                "406": _answer("No acceptable format", PROBLEM_JSON, _PROBLEM),
            },
        }
    }
}
