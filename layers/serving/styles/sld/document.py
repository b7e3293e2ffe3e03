"""A layer as a StyledLayerDescriptor: its symbols as rules, and how its records are named."""

from xml.etree import ElementTree as ET

from layers.registry import Geometry
from layers.serving.published import Collection
from layers.serving.styles.points import point_of
from layers.serving.styles.rules import Condition, Symbol, symbols
from layers.serving.styles.sld.elements import described, element, xml_bytes
from layers.serving.styles.sld.filters import filter_of
from layers.serving.styles.sld.scales import zooms_of
from layers.serving.styles.sld.symbolizers import symbolizers, text_symbolizer
from layers.serving.styles.sld.titles import Books, title_of


def sld_document(collection: Collection, books: Books, language: str) -> bytes:
    """The look of a layer, rules in the order of our legend."""
    told = list(reversed(symbols(collection.declaration)))
    titled = [(symbol, title_of(symbol, collection, books)) for symbol in told]
    drawn = [_drawn(collection, symbol, title) for symbol, title in titled]
    marked = [_marked(collection, symbol, title) for symbol, title in titled]
    # Names are rules of their own, as their scales are, in a list of their own that lies on top.
    lists = [drawn, [*filter(None, marked)], _named(collection, titled, language)]
    title = str(collection.layer.title)
    style = element(
        "sld:UserStyle",
        *described(title),
        element("sld:IsDefault", "1"),
        *(element("se:FeatureTypeStyle", *rules) for rules in lists if rules),
    )
    layer = element("sld:NamedLayer", element("se:Name", collection.id), *described(title), style)
    return xml_bytes(element("sld:StyledLayerDescriptor", layer, version="1.1.0"))


def _drawn(collection: Collection, symbol: Symbol, title: str) -> ET.Element:
    zooms = zooms_of(collection.layer).within(symbol.look)
    declaration = collection.declaration
    shapes = symbolizers(declaration.geometry, declaration.style, symbol.look, zooms.usual)
    return _rule(title, symbol.matches, [*zooms.scales, *shapes])


def _marked(collection: Collection, symbol: Symbol, title: str) -> ET.Element | None:
    """The mark in the middle of an area where areas are small, as our own map has it."""
    declaration = collection.declaration
    marker = declaration.style.get("marker")
    if declaration.geometry is not Geometry.POLYGON or not marker:
        return None
    zooms = zooms_of(collection.layer).within(symbol.look).within(marker)
    mark = symbolizers(Geometry.POINT, declaration.style, symbol.look, zooms.usual)
    return _rule(title, symbol.matches, [*zooms.scales, *mark])


def _named(
    collection: Collection, titled: list[tuple[Symbol, str]], language: str
) -> list[ET.Element]:
    """How records are named: one rule where all are named alike."""
    names = [_name(collection, symbol, language) for symbol, _title in titled]
    if len({tuple(map(ET.tostring, name)) for name in names}) == 1:
        return [_rule(str(collection.layer.title), None, names[0])] if names[0] else []
    return [
        _rule(title, symbol.matches, name)
        for (symbol, title), name in zip(titled, names, strict=True)
        if name
    ]


def _name(collection: Collection, symbol: Symbol, language: str) -> list[ET.Element]:
    """The scales and the symbolizer of a name; nothing where there is none."""
    if not symbol.label:
        return []
    # What is not drawn is not named.
    zooms = zooms_of(collection.layer).within(symbol.look).within(symbol.label)
    text = text_symbolizer(symbol.label, language, zooms.usual, _clear(collection, symbol))
    return [*zooms.scales, text] if text is not None and zooms.first <= zooms.last else []


def _clear(collection: Collection, symbol: Symbol) -> float:
    """How far off the middle a name has room: there may be a mark."""
    declaration = collection.declaration
    marked = declaration.geometry is Geometry.POINT or declaration.style.get("marker")
    return point_of(declaration.style, symbol.look).size / 2 + 6 if marked else 0


def _rule(title: str, matches: Condition | None, inside: list[ET.Element]) -> ET.Element:
    found = [element("ogc:Filter", filter_of(matches))] if matches else []
    return element("se:Rule", *described(title, *found, *inside))
