"""Coordinates as people type them: decimal, with hemisphere, in degrees, minutes and seconds."""

import re
import unicodedata
from typing import NamedTuple

_WORDS = {"北纬": "N", "南纬": "S", "东经": "E", "西经": "W", "度": "°", "分": "'", "秒": '"'}
_SIGNS = str.maketrans({"′": "'", "’": "'", "″": '"', "”": '"', "º": "°", "、": ",", "−": "-"})
_ANGLE = (
    r"(?P<before{n}>[NSEW])?\s*(?P<sign{n}>[-+])?(?P<degrees{n}>\d{{1,3}}(?:\.\d+)?)\s*"
    r"(?:°\s*(?:(?P<minutes{n}>\d{{1,2}}(?:\.\d+)?)\s*'\s*"
    r"(?:(?P<seconds{n}>\d{{1,2}}(?:\.\d+)?)\s*\"\s*)?)?)?(?P<after{n}>[NSEW])?"
)
_PAIR = re.compile(rf"{_ANGLE.format(n=1)}(?P<between>\s*,\s*|\s+){_ANGLE.format(n=2)}")


class Location(NamedTuple):
    """A place in degrees, EPSG:4490."""

    lon: float
    lat: float

    def __str__(self):
        east, north = "E" if self.lon >= 0 else "W", "N" if self.lat >= 0 else "S"
        return f"{abs(self.lat):.5f}° {north}, {abs(self.lon):.5f}° {east}"


def parse_location(text: str) -> Location | None:
    """The place a text names by coordinates, or None where it is no pair of coordinates.

    Without hemispheres the longitude comes first, unless only the other order can be meant.
    """
    match = _PAIR.fullmatch(_plain(text))
    if not match:
        return None
    first, second = _angle(match, 1), _angle(match, 2)
    if first is None or second is None:
        return None
    axes = (_hemisphere(match, 1), _hemisphere(match, 2))
    if axes == ("", ""):
        # Two bare whole numbers are more likely a name or a code than a place.
        if "," not in match["between"] and "." not in text:
            return None
        swapped = abs(first) <= 90 < abs(second)
    elif axes[0] in "NS" and axes[1] in "EW" and all(axes):
        swapped = True
    elif axes[0] in "EW" and axes[1] in "NS" and all(axes):
        swapped = False
    else:
        return None
    lon, lat = (second, first) if swapped else (first, second)
    return Location(lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _plain(text: str) -> str:
    text = text.translate(_SIGNS)
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS).upper()
    for word, sign in _WORDS.items():
        text = text.replace(word, sign)
    return text.strip()


def _hemisphere(match: re.Match, n: int) -> str:
    return match[f"before{n}"] or match[f"after{n}"] or ""


def _angle(match: re.Match, n: int) -> float | None:
    minutes, seconds = (float(match[f"{part}{n}"] or 0) for part in ("minutes", "seconds"))
    twice = match[f"before{n}"] and match[f"after{n}"]
    signed_and_named = match[f"sign{n}"] and _hemisphere(match, n)
    if minutes >= 60 or seconds >= 60 or twice or signed_and_named:
        return None
    value = float(match[f"degrees{n}"]) + minutes / 60 + seconds / 3600
    south_or_west = _hemisphere(match, n) in ("S", "W") or match[f"sign{n}"] == "-"
    return -value if south_or_west else value
