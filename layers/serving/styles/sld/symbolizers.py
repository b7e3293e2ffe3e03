"""Looks (docs/styles.md) as symbolizers of Symbology Encoding; sizes are pixels."""

from collections.abc import Callable, Iterator, Mapping
from xml.etree import ElementTree as ET

from layers.registry import Geometry
from layers.serving.styles.points import PLAIN, Point, point_of
from layers.serving.styles.sld.elements import element, number_text, parameters
from layers.serving.styles.stops import at_zoom

_WHITE = "#ffffff"


def symbolizers(geometry: Geometry, style: Mapping, look: Mapping, zoom: float) -> list[ET.Element]:
    """What draws records of a look, the lowest first; sizes are those at a zoom of ours."""
    return [each for draw in _DRAWN[geometry] for each in draw(style, look, zoom)]


def _area(_style: Mapping, look: Mapping, zoom: float) -> Iterator[ET.Element]:
    opacity = at_zoom(look.get("fillOpacity"), zoom, 1)
    if look.get("fill") and opacity:
        paint = {"fill": look["fill"], "fill-opacity": opacity}
        yield element("se:PolygonSymbolizer", parameters("se:Fill", paint))
    yield from _line(_style, look, zoom)


def _line(_style: Mapping, look: Mapping, zoom: float) -> Iterator[ET.Element]:
    """Band, casing and line."""
    width = at_zoom(look.get("width"), zoom, 1)
    if look.get("halo"):
        wide = at_zoom(look.get("haloWidth"), zoom, 7)
        yield _stroke(look["halo"], wide, look.get("haloOpacity", 0.6))
    if look.get("casing"):
        yield _stroke(look["casing"], at_zoom(look.get("casingWidth"), zoom, width + 2))
    if look.get("color") or not look.get("fill"):
        color = look.get("color") or PLAIN
        yield _stroke(color, width, look.get("opacity", 1), look.get("dash"))


def _stroke(color: str, width: float, opacity: float = 1, dash: list | None = None) -> ET.Element:
    end = "butt" if dash else "round"
    paint = {
        "stroke": color,
        "stroke-opacity": opacity if opacity != 1 else None,
        "stroke-width": width,
        "stroke-linejoin": "round",
        "stroke-linecap": end,
        "stroke-dasharray": " ".join(number_text(each) for each in dash) if dash else None,
    }
    return element("se:LineSymbolizer", parameters("se:Stroke", paint))


def _mark(style: Mapping, look: Mapping, _zoom: float) -> Iterator[ET.Element]:
    point = point_of(style, look)
    fill, stroke, width = _mark_paint(point, look)
    mark = element(
        "se:Mark",
        element("se:WellKnownName", "square" if point.form in ("badge", "tile") else "circle"),
        parameters("se:Fill", {"fill": fill}),
        parameters("se:Stroke", {"stroke": stroke, "stroke-width": width}),
    )
    size = element("se:Size", number_text(round(point.size * 0.8, 1)))
    yield element("se:PointSymbolizer", element("se:Graphic", mark, size))


def _mark_paint(point: Point, look: Mapping) -> tuple[str, str, float]:
    """Fill, stroke and its width. The seat of a government is a ring, other forms have a white rim;
    points without a form are drawn as the look has them."""
    if point.form == "seat":
        return _WHITE, point.color, 2.5
    if point.form and point.form != "dot":
        return point.color, _WHITE, 1.2
    return point.color, look.get("color", _WHITE), at_zoom(look.get("width"), 12, 1.2)


def text_symbolizer(label: Mapping, language: str, zoom: float, clear: float) -> ET.Element | None:
    """Names in the reader's language, so far off the middle; None: nothing is to be named."""
    name = (language == "en" and label.get("field_en")) or label.get("field")
    if not name:
        return None
    return element(
        "se:TextSymbolizer",
        element("se:Label", element("ogc:PropertyName", name)),
        parameters("se:Font", _font(label, zoom)),
        element("se:LabelPlacement", _placement(label, clear)),
        element(
            "se:Halo",
            element("se:Radius", number_text(label.get("haloWidth", 3) / 2)),
            parameters("se:Fill", {"fill": label.get("halo", _WHITE)}),
        ),
        parameters("se:Fill", {"fill": label.get("color", "#333333")}),
    )


def _font(label: Mapping, zoom: float) -> dict:
    return {
        "font-style": "italic" if label.get("italic") else None,
        "font-weight": "bold" if label.get("weight", 400) >= 600 else None,
        "font-size": at_zoom(label.get("size"), zoom, 12),
    }


def _placement(label: Mapping, clear: float) -> ET.Element:
    """Along lines, clear of marks (above by the standard, below in QGIS), else in the middle.

    Never both an anchor and a displacement: QGIS takes the one for the other.
    """
    if label.get("along"):
        return element("se:LinePlacement")
    if clear:
        x, y = element("se:DisplacementX", "0"), element("se:DisplacementY", number_text(clear))
        return element("se:PointPlacement", element("se:Displacement", x, y))
    x, y = element("se:AnchorPointX", "0.5"), element("se:AnchorPointY", "0.5")
    return element("se:PointPlacement", element("se:AnchorPoint", x, y))


_Draw = Callable[[Mapping, Mapping, float], Iterator[ET.Element]]
_DRAWN: dict[Geometry, tuple[_Draw, ...]] = {
    Geometry.POINT: (_mark,),
    Geometry.LINE: (_line,),
    Geometry.POLYGON: (_area,),
    # The program sees which of them fits a record.
    Geometry.ANY: (_area, _mark),
}
