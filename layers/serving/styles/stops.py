"""Numbers that change with the zoom, for the zooms of MapLibre."""

from itertools import pairwise

Stops = list[list[float]]


def our_zoom(zoom: float) -> float:
    """The zoom of MapLibre at which its map is as large as ours."""
    return zoom - 1


def by_zoom(value: float | Stops | None, otherwise: float) -> float | list:
    """A number, or an expression of straight lines between stops."""
    if not isinstance(value, list):
        return otherwise if value is None else value
    if len(value) == 1:
        return value[0][1]
    stops = [number for zoom, width in value for number in (our_zoom(zoom), width)]
    return ["interpolate", ["linear"], ["zoom"], *stops]


def at_zoom(value: float | Stops | None, zoom: float, otherwise: float) -> float:
    """What stops give at a zoom of ours."""
    if not isinstance(value, list):
        return otherwise if value is None else value
    for (low, first), (high, last) in pairwise(value):
        if low <= zoom <= high:
            return first + (last - first) * (zoom - low) / (high - low)
    return value[0][1] if zoom < value[0][0] else value[-1][1]
