"""Exports and their jobs in the OpenAPI 3.0 document of the service."""

from django.utils.translation import gettext as _

from layers.registry import Declaration
from layers.serving import openapi_parts as parts
from layers.serving.exports.asked import PARAMETERS
from layers.serving.exports.formats import FORMATS
from layers.serving.negotiation import JSON

_TEXT = {"type": "string"}
_BINARY = {"type": "string", "format": "binary"}
_HEADER = {"schema": _TEXT}
_SHARED = tuple(name for name in PARAMETERS if name not in ("sortby", "properties"))


def export_paths(declaration: Declaration, own_parameters: list[dict]) -> dict:
    """The export of a layer; `own_parameters` are those that differ between layers."""
    slug = declaration.slug
    operation = parts.operation(
        f"{slug}.export",
        _("%(title)s: all records that match, as a file") % {"title": declaration.title},
        slug,
        {media_type: {"schema": schema} for media_type, schema in _schemas().items()},
        parameters=[
            *(parts.ref("parameters", name) for name in _SHARED),
            *own_parameters,
            _format(),
            parts.ref("parameters", "lang"),
            _prefer(),
        ],
        headers=dict.fromkeys(("ETag", "Content-Crs", "Content-Disposition"), _HEADER),
    )
    job = {JSON.media_type: {"schema": parts.ref("schemas", "job")}}
    operation["responses"] |= {
        "202": {
            "description": _("A job makes the file; its address is in Location."),
            "headers": {"Location": _HEADER, "Preference-Applied": _HEADER},
            "content": job,
        },
        "303": {"description": _("A job makes the file; people are led to its page.")},
        "429": parts.ref("responses", "429"),
    }
    return {f"/collections/{slug}/export": {"get": operation}}


def _schemas() -> dict:
    """Texts that are no JSON are described as texts, all others as bytes."""
    return {
        each.media_type: {"type": "object"} if each.media_type.endswith("geo+json") else _BINARY
        for each in FORMATS.values()
    }


def _format() -> dict:
    known = {"type": "string", "enum": list(FORMATS), "default": next(iter(FORMATS))}
    return parts.query("f", _("The format; without it the Accept header decides."), known)


def _prefer() -> dict:
    return {
        "name": "Prefer",
        "in": "header",
        "required": False,
        "description": _("“respond-async” has a job make the file, however small (RFC 7240)."),
        "schema": {"type": "string", "enum": ["respond-async"]},
    }


def job_paths() -> dict:
    """How far an export is, and its file."""
    key = {"name": "jobId", "in": "path", "required": True}
    key["schema"] = {"type": "string", "format": "uuid"}
    lang = parts.ref("parameters", "lang")
    state = parts.operation(
        "job",
        _("How far an export is"),
        "api",
        parts.content(JSON.media_type, parts.ref("schemas", "job"), html=True),
        parameters=[key, parts.ref("parameters", "f"), lang],
    )
    return {
        "/jobs/{jobId}": {"get": state},
        "/jobs/{jobId}/results": {"get": _results([key, lang])},
    }


def _results(parameters: list[dict]) -> dict:
    file = {media_type: {"schema": _BINARY} for media_type in _schemas()}
    operation = parts.operation(
        "job-results",
        _("The file of an export, whole or in parts"),
        "api",
        file,
        parameters=parameters,
        refusals=("400", "404"),
        headers=dict.fromkeys(("ETag", "Accept-Ranges", "Content-Disposition"), _HEADER),
    )
    operation["responses"] |= {
        "206": {
            "description": _("The part that was asked for by Range."),
            "headers": {"Content-Range": _HEADER},
            "content": file,
        },
        "416": {"description": _("The part lies behind the end of the file.")},
    }
    return operation


def job_schemas() -> dict:
    """What is told of a job."""
    whole = {"type": "integer", "minimum": 0}
    time = {"type": "string", "format": "date-time"}
    statuses = ["accepted", "running", "successful", "failed"]
    texts = dict.fromkeys(("jobID", "type", "processID", "message", "collection", "format"), _TEXT)
    properties = {
        **texts,
        **dict.fromkeys(("created", "started", "finished", "expires"), time),
        **dict.fromkeys(("records", "bytes"), whole),
        "status": {"type": "string", "enum": statuses},
        "progress": {**whole, "maximum": 100},
        "links": {"type": "array", "items": parts.ref("schemas", "link")},
    }
    required = ["jobID", "type", "status", "progress", "links"]
    return {"job": {"type": "object", "required": required, "properties": properties}}
