"""Shapes in place of the markers of our own map, whose signs other programs have not."""

from collections.abc import Mapping
from typing import NamedTuple

PLAIN = "#4d6a8f"
_SIZES = {"badge": 26, "tile": 18, "disc": 22, "spot": 18, "seat": 12, "dot": 8}


class Point(NamedTuple):
    """A point symbol: its form (docs/styles.md, empty: plain), how wide it is, its colour."""

    form: str
    size: float
    color: str


def point_of(style: Mapping, look: Mapping) -> Point:
    """What a symbol of a style shows points as."""
    marker = {**(style.get("marker") or {}), **look}
    form = marker.get("form", "")
    size = marker.get("size") or _SIZES.get(form, 9)
    return Point(form, size, look.get("fill") or marker.get("color") or PLAIN)
