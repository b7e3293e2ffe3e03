"""Styles for MapLibre (its style specification, version 8), from those of our own map.

A map of MapLibre at zoom z is as large as ours at z + 1, whose tiles are half as wide: every zoom
is one less here. No glyphs are named: MapLibre GL JS from 5.11 on takes the fonts of the machine,
so that a map in an intranet needs no server of fonts. Signs within markers and road plates are left
to our own map.
"""

from collections.abc import Callable, Iterator, Mapping

from layers.postgis.tiles import COUNT
from layers.serving.published import Collection
from layers.serving.styles.maplibre_filters import filter_of
from layers.serving.styles.points import PLAIN, point_of
from layers.serving.styles.rules import Symbol, symbols
from layers.serving.styles.stops import at_zoom, by_zoom, our_zoom

_PAPER = "#e9ebe4"
_FONTS = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"]
#: The order of drawing of docs/styles.md; bands and casings of a layer lie under all its lines.
_FLOORS = ("ground", "theme", "fill", "line", "point", "label")
_IS_POINT = ["==", ["geometry-type"], "Point"]
_IS_AREA = ["==", ["geometry-type"], "Polygon"]
_IS_NO_POINT = ["!=", ["geometry-type"], "Point"]
_IS_GATHERED = ["has", COUNT]
#: The zoom at which the dashes of lines are as long as the style says.
_USUAL_ZOOM = 12


def style_document(
    name: str, collections: list[Collection], language: str, tilejson: Callable[[str], str]
) -> dict:
    """Layers as one style; `tilejson` gives the address of the TileJSON of a layer."""
    floors: dict[str, list[dict]] = {floor: [] for floor in _FLOORS}
    for collection in sorted(collections, key=_height):
        for floor, layer in _layers(collection, language):
            floors[floor].append(layer)
    # MapLibre gives room first to the names that lie on top.
    floors["label"].sort(key=lambda layer: -layer["metadata"]["priority"])
    drawn = [layer for floor in floors.values() for layer in floor]
    return {
        "version": 8,
        "name": name,
        "sources": {each.id: {"type": "vector", "url": tilejson(each.id)} for each in collections},
        "layers": [
            {"id": "paper", "type": "background", "paint": {"background-color": _PAPER}},
            *drawn,
        ],
    }


def hide_at_first(document: dict, collections: list[Collection]) -> None:
    """In a style: layers that our own map does not show when it opens are there, not visible."""
    shown = {each.id for each in collections if each.layer.visible}
    for layer in document["layers"]:
        if "source" in layer and layer["source"] not in shown:
            layer.setdefault("layout", {})["visibility"] = "none"


def _height(collection: Collection) -> tuple[int, int, int]:
    """What lies lower comes first; the first group of the tree lies on top."""
    layer = collection.layer
    return collection.declaration.style.get("z", 0), -layer.group.order, -layer.order


def _layers(collection: Collection, language: str) -> list[tuple[str, dict]]:
    style, under, over = collection.declaration.style, [], []
    for number, symbol in enumerate(symbols(collection.declaration)):
        for floor, part, layer in _parts(style, symbol, language):
            finished = _finished(collection, f"{part}-{number}", layer, symbol)
            (under if part in ("halo", "casing") else over).append((floor, finished))
    gathered = [
        ("point", _finished(collection, part, layer, None)) for part, layer in _gathered(style)
    ]
    return [*under, *over, *gathered]


def _finished(collection: Collection, part: str, layer: dict, symbol: Symbol | None) -> dict:
    """A style layer with its name, its source, the records it is for and its zooms."""
    own = symbol and symbol.matches and filter_of(symbol.matches)
    matches = [each for each in (layer.get("filter"), own) if each]
    finished = {
        "id": f"{collection.id}-{part}",
        "source": collection.id,
        "source-layer": collection.id,
        **layer,
        **_zooms(collection, layer),
    }
    if len(matches) > 1:
        finished["filter"] = ["all", *matches]
    elif matches:
        finished["filter"] = matches[0]
    return finished


def _zooms(collection: Collection, layer: dict) -> dict:
    first = max(collection.layer.min_zoom, layer.pop("from", 0))
    last = min(collection.layer.max_zoom, layer.pop("to", 99))
    zooms = {"minzoom": max(0, our_zoom(first))}
    return {**zooms, "maxzoom": our_zoom(last + 1)} if last < 23 else zooms


def _parts(style: Mapping, symbol: Symbol, language: str) -> Iterator[tuple[str, str, dict]]:
    """What of a symbol lies on which floor."""
    look = symbol.look
    zooms = {"from": look.get("minZoom", 0), "to": look.get("maxZoom", 99)}
    if look.get("ground"):
        paint = {"fill-color": look["ground"]}
        yield "ground", "ground", {"type": "fill", "filter": _IS_AREA, "paint": paint, **zooms}
    if look.get("fill") and look.get("fillOpacity") != 0:
        floor = "theme" if style.get("kind") == "class" else "fill"
        opacity = by_zoom(look.get("fillOpacity"), 1)
        paint = {"fill-color": look["fill"], "fill-opacity": opacity}
        yield floor, "fill", {"type": "fill", "filter": _IS_AREA, "paint": paint, **zooms}
    for part, paint, cap in _strokes(look):
        layout = {"line-cap": cap, "line-join": "round"}
        line = {"type": "line", "filter": _IS_NO_POINT, "layout": layout, "paint": paint}
        yield "line", part, {**line, **zooms}
    yield "point", "point", {**_point(style, look), **zooms}
    if symbol.label and symbol.label.get("field"):
        yield "label", "label", _name(symbol.label, language)


def _strokes(look: Mapping) -> Iterator[tuple[str, dict, str]]:
    """Band, casing and line, with the ends they have."""
    width, dash = look.get("width"), look.get("dash")
    cap = "butt" if dash else "round"
    if look.get("halo"):
        wide = by_zoom(look.get("haloWidth"), 7)
        opacity = look.get("haloOpacity", 0.6)
        yield (
            "halo",
            {"line-color": look["halo"], "line-width": wide, "line-opacity": opacity},
            "round",
        )
    if look.get("casing"):
        wide = by_zoom(look.get("casingWidth"), at_zoom(width, _USUAL_ZOOM, 1) + 2)
        yield "casing", {"line-color": look["casing"], "line-width": wide}, cap
    if look.get("color"):
        paint = {"line-color": look["color"], "line-width": by_zoom(width, 1)}
        paint["line-opacity"] = look.get("opacity", 1)
        if dash:
            usual = at_zoom(width, _USUAL_ZOOM, 1) or 1
            paint["line-dasharray"] = [round(length / usual, 2) for length in dash]
        yield "line", paint, cap


def _point(style: Mapping, look: Mapping) -> dict:
    """A disc in place of a marker."""
    point = point_of(style, look)
    paint = {
        "circle-color": point.color,
        "circle-radius": point.size / 2.6,
        "circle-stroke-color": "#ffffff",
        "circle-stroke-width": 1.2,
    }
    return {"type": "circle", "filter": ["all", _IS_POINT, ["!", _IS_GATHERED]], "paint": paint}


def _gathered(style: Mapping) -> Iterator[tuple[str, dict]]:
    """Points that stand for many records: the more, the larger, with their number."""
    base, marker = style.get("base", {}), style.get("marker") or {}
    color = base.get("fill") or marker.get("color") or base.get("color") or PLAIN
    many = ["ln", ["get", COUNT]]
    paint = {
        "circle-color": color,
        "circle-opacity": 0.8,
        "circle-radius": ["interpolate", ["linear"], many, 0.7, 5, 9, 16],
    }
    yield "gathered", {"type": "circle", "filter": _IS_GATHERED, "paint": paint}
    layout = {"text-field": ["to-string", ["get", COUNT]], "text-font": _FONTS, "text-size": 10}
    told = {"text-color": "#ffffff"}
    number = {"type": "symbol", "filter": _IS_GATHERED, "layout": layout, "paint": told}
    yield "count", number


def _name(label: Mapping, language: str) -> dict:
    """Names in the reader's language, else in the other."""
    along, size = label.get("along"), label.get("size")
    spacing = label.get("spacing", 0) / at_zoom(size, _USUAL_ZOOM, 12) if language == "zh" else 0
    layout = {
        "text-field": _either(label["field"], label.get("field_en"), language),
        "text-font": _FONTS,
        "text-size": by_zoom(size, 12),
        "text-letter-spacing": round(spacing, 2),
        "symbol-placement": "line" if along else "point",
    }
    if not along:
        layout |= {"text-variable-anchor": ["center", "top", "bottom"], "text-radial-offset": 0.9}
    paint = {
        "text-color": label.get("color", "#333333"),
        "text-halo-color": label.get("halo", "#ffffff"),
        "text-halo-width": label.get("haloWidth", 3) / 2,
    }
    return {
        "type": "symbol",
        "filter": ["!", _IS_GATHERED],
        "layout": layout,
        "paint": paint,
        "metadata": {"priority": label.get("priority", 50)},
        "from": label.get("minZoom", 0),
        "to": label.get("maxZoom", 99),
    }


def _either(field: str, field_en: str | None, language: str) -> list:
    """One of two names; said by `match`, because QGIS 3.22 names nothing by `coalesce`."""
    chinese, english = (["to-string", ["get", name]] for name in (field, field_en or field))
    first, second = (chinese, english) if language == "zh" else (english, chinese)
    return first if first == second else ["match", first, "", second, first]
