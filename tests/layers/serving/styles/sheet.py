"""Reads an SLD as a desktop program does: rules, what they find, in which order elements stand."""

from fnmatch import fnmatchcase
from typing import NamedTuple

from defusedxml import ElementTree

SPACES = {
    "sld": "http://www.opengis.net/sld",
    "se": "http://www.opengis.net/se",
    "ogc": "http://www.opengis.net/ogc",
}
#: The sequences of the schemas of SLD 1.1 and SE 1.1, of what we write.
ORDER = {
    "StyledLayerDescriptor": ("NamedLayer",),
    "NamedLayer": ("Name", "Description", "UserStyle"),
    "UserStyle": ("Description", "IsDefault", "FeatureTypeStyle"),
    "FeatureTypeStyle": ("Rule",),
    "Rule": (
        *("Description", "Filter", "MinScaleDenominator", "MaxScaleDenominator"),
        *("PolygonSymbolizer", "LineSymbolizer", "PointSymbolizer", "TextSymbolizer"),
    ),
    "PolygonSymbolizer": ("Fill",),
    "LineSymbolizer": ("Stroke",),
    "PointSymbolizer": ("Graphic",),
    "Graphic": ("Mark", "Size"),
    "Mark": ("WellKnownName", "Fill", "Stroke"),
    "TextSymbolizer": ("Label", "Font", "LabelPlacement", "Halo", "Fill"),
    "LabelPlacement": ("PointPlacement", "LinePlacement"),
    "PointPlacement": ("AnchorPoint", "Displacement"),
    "Halo": ("Radius", "Fill"),
}


class Rule(NamedTuple):
    """A rule: its title, filter, scale denominators (None: no limit), symbolizers by name."""

    title: str
    filter: object
    least: float | None
    most: float | None
    drawn: list

    def finds(self, properties: dict) -> bool:
        """Whether a record is drawn by it."""
        return self.filter is None or _truth(self.filter, properties) is True

    def told(self, symbolizer: str, number: int = 0) -> dict[str, str]:
        """The SvgParameters of a symbolizer of the rule."""
        found = [each for each in self.drawn if _name(each) == symbolizer][number]
        return {each.get("name"): each.text for each in found.iter(_full("se:SvgParameter"))}

    @property
    def kinds(self) -> list[str]:
        return [_name(each).removesuffix("Symbolizer") for each in self.drawn]


def read(text: bytes) -> list[list[Rule]]:
    """The rules of each list of a document whose elements stand in the order of the schemas."""
    root = ElementTree.fromstring(text, forbid_dtd=True)
    assert (root.tag, root.get("version")) == (_full("sld:StyledLayerDescriptor"), "1.1.0")
    _assert_in_order(root)
    lists = root.findall("sld:NamedLayer/sld:UserStyle/se:FeatureTypeStyle", SPACES)
    return [[_rule(each) for each in found] for found in lists]


def _assert_in_order(element) -> None:
    names = [_name(each) for each in element]
    places = [ORDER[_name(element)].index(name) for name in names] if _known(element) else []
    assert places == sorted(places), names
    for each in element:
        _assert_in_order(each)


def _known(element) -> bool:
    return _name(element) in ORDER


def _rule(element) -> Rule:
    filters = element.find("ogc:Filter", SPACES)
    limits = (element.findtext(f"se:{each}ScaleDenominator", None, SPACES) for each in _LIMITS)
    least, most = (None if each is None else float(each) for each in limits)
    drawn = [each for each in element if each.tag.endswith("Symbolizer")]
    title = element.findtext("se:Description/se:Title", None, SPACES)
    return Rule(title, None if filters is None else filters[0], least, most, drawn)


_LIMITS = ("Min", "Max")


def _full(name: str) -> str:
    prefix, _colon, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def _name(element) -> str:
    return element.tag.rpartition("}")[2]


def _truth(element, properties: dict) -> bool | None:
    """True, false, or None where a value is not known (ISO 19143, as databases have it)."""
    name = _name(element)
    if name in ("And", "Or"):
        return _joined(name, [_truth(each, properties) for each in element])
    if name == "Not":
        found = _truth(element[0], properties)
        return None if found is None else not found
    value = properties.get(element.findtext("ogc:PropertyName", None, SPACES))
    if name == "PropertyIsNull":
        return value is None
    literal = element.findtext("ogc:Literal", None, SPACES)
    value = ",".join(value) if isinstance(value, list) else value  # as exports have it
    return None if value is None else _COMPARISONS[name](value, literal)


def _joined(how: str, parts: list) -> bool | None:
    decisive = how == "Or"
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


_COMPARISONS = {
    "PropertyIsEqualTo": lambda value, literal: str(value) == literal,
    "PropertyIsGreaterThanOrEqualTo": lambda value, literal: float(value) >= float(literal),
    "PropertyIsLessThan": lambda value, literal: float(value) < float(literal),
    "PropertyIsLike": fnmatchcase,
}
