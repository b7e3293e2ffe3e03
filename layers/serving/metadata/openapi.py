"""The catalogue of metadata in the OpenAPI 3.0 document of the service."""

from django.utils.translation import gettext as _

from layers.serving import openapi_parts as parts
from layers.serving.metadata.formats import DCAT, ISO
from layers.serving.metadata.selection import MOST_SKIPPED
from layers.serving.negotiation import GEOJSON, JSON, Format

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
_BASE = "/collections/records"


def metadata_paths() -> dict:
    """The addresses of the catalogue, its records and one of them."""
    key = {"name": "recordId", "in": "path", "required": True, "schema": {**_TEXT, "minLength": 1}}
    records, record = _("Metadata of all layers"), _("Metadata of one layer")
    shared = [parts.ref("parameters", name) for name in ("bbox", "datetime", "limit")]
    return {
        _BASE: _get("catalogue", _("Catalogue of metadata"), {JSON: "collection"}, []),
        f"{_BASE}/items": _get(
            "records", records, {GEOJSON: "records", DCAT: "schema"}, [*_own(), *shared]
        ),
        f"{_BASE}/items/{{recordId}}": _get(
            "record", record, {GEOJSON: "record", DCAT: "schema", ISO: ""}, [key]
        ),
    }


def metadata_schemas() -> dict:
    """A record and a list of them."""
    record = parts.feature({})
    record["properties"]["properties"] = {"type": "object", "required": ["type", "title"]}
    return {
        "record": record,
        "records": parts.feature_collection(parts.ref("schemas", "record")),
    }


def _get(name: str, summary: str, forms: dict[Format, str], parameters: list[dict]) -> dict:
    content = {
        form.media_type: {"schema": parts.ref("schemas", schema) if schema else _TEXT}
        for form, schema in forms.items()
    }
    names = ["json", "html", *(form.name for form in forms if form.name not in ("json", "html"))]
    chosen = parts.query(
        "f",
        _("The format; without it the Accept header decides."),
        {"type": "string", "enum": names},
    )
    asked = [*parameters, chosen, parts.ref("parameters", "lang")]
    good = {**content, "text/html": {"schema": _TEXT}}
    return {"get": parts.operation(name, summary, "api", good, parameters=asked)}


def _own() -> list[dict]:
    offset = {"type": "integer", "minimum": 0, "maximum": MOST_SKIPPED, "default": 0}
    return [
        parts.query("q", _("Words or phrases by comma, one of which the texts hold."), _TEXTS),
        parts.query("type", _("Kinds of resource by comma; layers are “dataset”."), _TEXTS),
        parts.query("ids", _("Ids of records by comma."), _TEXTS),
        parts.query("offset", _("How many records to skip."), offset),
    ]
