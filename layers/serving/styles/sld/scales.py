"""Zooms of our map as scales of desktop programs."""

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree as ET

from layers.catalog.models import Layer
from layers.serving.styles.sld.elements import element

_WHOLE_WORLD = 559_082_264.0287178
#: A program whose pixels are of another size than the standard's (0.28 mm; a screen of 96 dots an
#: inch: 0.265 mm) names the scale of the same map another. Limits lie a little further out.
_LATITUDE = 0.1
_FIRST, _LAST = 0, 22


class Zooms(NamedTuple):
    """From and up to which zooms something is drawn."""

    first: float
    last: float

    def within(self, look: Mapping) -> "Zooms":
        """The part of them in which a symbol or a label is drawn."""
        first, last = look.get("minZoom", _FIRST), look.get("maxZoom", _LAST)
        return Zooms(max(self.first, first), min(self.last, last))

    @property
    def usual(self) -> float:
        """The zoom at which sizes are taken that change with the zoom."""
        return max(self.first, min(max(11, self.first + 1), self.last))

    @property
    def scales(self) -> list[ET.Element]:
        """The limits as a rule has them; none where there is none."""
        found = []
        if self.last < _LAST:
            found.append(element("se:MinScaleDenominator", _scale_at(self.last + 1)))
        if self.first > _FIRST:
            found.append(element("se:MaxScaleDenominator", _scale_at(self.first)))
        return found


def zooms_of(layer: Layer) -> Zooms:
    """The zooms a layer is drawn at."""
    return Zooms(layer.min_zoom, layer.max_zoom)


def _scale_at(zoom: float) -> str:
    return str(round(_WHOLE_WORLD / 2 ** (zoom - _LATITUDE)))
