"""Styles in the OpenAPI 3.0 document of the service."""

from django.utils.translation import gettext as _

from layers.registry import Declaration
from layers.serving.openapi_parts import content, operation, ref
from layers.serving.styles.formats import STYLE


def map_paths() -> dict:
    """The address of the style of all layers."""
    return {"/style": _style("style", _("The look of all layers"), "tiles", ("400",))}


def layer_paths(declaration: Declaration) -> dict:
    """The address of the style of a layer."""
    slug = declaration.slug
    summary = _("%(title)s: its look") % {"title": declaration.title}
    return {f"/collections/{slug}/style": _style(f"{slug}.style", summary, slug, ("400", "404"))}


def _style(operation_id: str, summary: str, tag: str, refusals: tuple[str, ...]) -> dict:
    body = content(STYLE.media_type, {"type": "object"})
    parameters = [ref("parameters", "style-f"), ref("parameters", "lang")]
    return {
        "get": operation(operation_id, summary, tag, body, parameters=parameters, refusals=refusals)
    }
