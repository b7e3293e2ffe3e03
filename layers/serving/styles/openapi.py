"""Styles in the OpenAPI 3.0 document of the service."""

from django.utils.translation import gettext as _

from layers.registry import Declaration
from layers.serving.openapi_parts import content, operation, query, ref
from layers.serving.styles.formats import SLD, STYLE

_MAPLIBRE = content(STYLE.media_type, {"type": "object"})
_EITHER = _MAPLIBRE | content(SLD.media_type, {"type": "string"})


def style_parameters() -> dict:
    """The formats of styles, of the map and of a layer."""
    one = query("f", _("There is one format here."), _one_of(STYLE.name))
    told = _("A style for MapLibre, or an SLD for desktop programs.")
    either = query("f", told, _one_of(STYLE.name, SLD.name))
    return {"style-f": one, "layer-style-f": either}


def _one_of(*names: str) -> dict:
    return {"type": "string", "enum": list(names)}


def map_paths() -> dict:
    """The address of the style of all layers."""
    parameters = [ref("parameters", "style-f"), ref("parameters", "lang")]
    summary = _("The look of all layers")
    got = operation("style", summary, "tiles", _MAPLIBRE, parameters=parameters, refusals=("400",))
    return {"/style": {"get": got}}


def layer_paths(declaration: Declaration) -> dict:
    """The address of the style of a layer."""
    slug = declaration.slug
    summary = _("%(title)s: its look") % {"title": declaration.title}
    parameters = [ref("parameters", "layer-style-f"), ref("parameters", "lang")]
    got = operation(f"{slug}.style", summary, slug, _EITHER, parameters=parameters)
    return {f"/collections/{slug}/style": {"get": got}}
