"""Elements of SLD 1.1, Symbology Encoding 1.1 and Filter 1.1."""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from layers.serving.markup import writable

_SPACES = {
    "sld": "http://www.opengis.net/sld",
    "se": "http://www.opengis.net/se",
    "ogc": "http://www.opengis.net/ogc",
}
for _prefix, _uri in _SPACES.items():
    ET.register_namespace(_prefix, _uri)
Parameters = Mapping[str, object]


def element(name: str, /, *inside: ET.Element | str, **attributes: str) -> ET.Element:
    """An element with what is in it: a text, or other elements."""
    prefix, _colon, local = name.partition(":")
    made = ET.Element(f"{{{_SPACES[prefix]}}}{local}", attributes)
    for each in inside:
        if isinstance(each, str):
            made.text = writable(each)
        else:
            made.append(each)
    return made


def parameters(name: str, values: Parameters) -> ET.Element:
    """An element such as `se:Stroke` with its SvgParameters; what is None is left out."""
    told = [
        element("se:SvgParameter", number_text(value), name=key)
        for key, value in values.items()
        if value is not None
    ]
    return element(name, *told)


def number_text(value: object) -> str:
    """A value as XML has it; numbers without the noise of binary fractions."""
    return f"{round(value, 4):.12g}" if isinstance(value, int | float) else str(value)


def described(title: str, *rest: ET.Element) -> list[ET.Element]:
    """What people read of a style or a rule, and what follows it."""
    return [element("se:Description", element("se:Title", title)), *rest]


def xml_bytes(root: ET.Element) -> bytes:
    """The document as it is sent."""
    ET.indent(root)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True)
