"""How a request wants records written: system, fields, with geometry or not, simplified or not."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.postgis.features import Presentation
from layers.postgis.systems import CRS84_URI, System, systems, systems_for
from layers.registry import Declaration
from layers.serving.parameters import parsed_number, parsed_truth

#: The parameters of one record and of many.
PRESENTATION = ("crs", "properties", "skipGeometry", "max-allowable-offset", "zoom-level")
#: Of Web Mercator, a level beyond which nothing here is drawn.
MAX_ZOOM = 24
_PIXELS = 256


def parsed_presentation(given: Mapping[str, str], declaration: Declaration) -> Presentation:
    """How records are to be written; raises BadParameter."""
    system = parsed_system("crs", given, systems_for(has_z=declaration.has_z))
    geometry = True
    if "skipGeometry" in given:
        geometry = not parsed_truth("skipGeometry", given["skipGeometry"])
    return Presentation(
        system=system,
        fields=_names(given["properties"], declaration) if "properties" in given else None,
        geometry=geometry,
        offset=_offset(given, system),
    )


def parsed_system(
    name: str, given: Mapping[str, str], offered: Mapping[str, System] | None = None
) -> System:
    """The coordinate system a parameter names by its URI, CRS84 where it is left out."""
    known = systems() if offered is None else offered
    uri = given.get(name, CRS84_URI)
    if uri not in known:
        message = _("One of: %(values)s.") % {"values": ", ".join(known)}
        raise BadParameter(name, message)
    return known[uri]


def _names(text: str, declaration: Declaration) -> frozenset[str]:
    names, known = text.split(","), {field.name for field in declaration.public_fields}
    for name in names:
        if name not in known:
            message = _("“%(name)s” is no property of this layer. Known here: %(names)s.")
            shown = {"name": name[:40], "names": ", ".join(sorted(known))}
            raise BadParameter("properties", message % shown)
    return frozenset(names)


def _offset(given: Mapping[str, str], system: System) -> float:
    if "zoom-level" in given and "max-allowable-offset" in given:
        message = _("Give “zoom-level” or “max-allowable-offset”, not both.")
        raise BadParameter("zoom-level", message)
    if "zoom-level" in given:
        # Half a pixel of a map of this zoom is seen by nobody.
        tile = 360 / 2 ** _zoom(given["zoom-level"]) * system.units_per_degree
        return tile / _PIXELS / 2
    return _allowed(given.get("max-allowable-offset", "0"))


def _zoom(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 2 or int(text) > MAX_ZOOM:
        message = _("A whole number from 0 to %(maximum)s.") % {"maximum": MAX_ZOOM}
        raise BadParameter("zoom-level", message)
    return int(text)


def _allowed(text: str) -> float:
    try:
        offset = parsed_number(text)
    except ValueError:
        offset = -1
    if offset < 0:
        raise BadParameter("max-allowable-offset", _("A number from 0 on."))
    return offset
