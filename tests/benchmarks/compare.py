"""Before anything is measured: all servers must give the same features, and full pages."""

import json
from collections.abc import Mapping
from itertools import islice

from tests.benchmarks.addresses import DRF_GIS, QGIS, Box, page
from tests.benchmarks.areas import boxes
from tests.benchmarks.data import FIELDS
from tests.benchmarks.load import body

LIMIT = 1000
#: Of boxes to compare: a few hundred features, all of which fit a page.
_SMALL_SIDES, _FULL_SIDES = (0.12, 0.17), (0.5, 0.9)
_CHECKED = 3
#: These compare boxes, and may give more than what meets the box.
_BY_BOXES = {DRF_GIS, QGIS}


def compare(ports: Mapping[str, int], kind: str) -> None:
    """All must give the same features with the same properties and places.

    In boxes whose features fit a page: which of more come first is each server's own order.
    """
    for box in islice(boxes(-1, _SMALL_SIDES), _CHECKED):
        found = {name: _page_of(ports, name, kind, box) for name in ports}
        first, *others = found.values()
        for name in _BY_BOXES & found.keys():
            others.remove(found[name])
            others.append({each: found[name].get(each) for each in first})
        if not 0 < len(first) < LIMIT or any(each != first for each in others):
            told = {name: _difference(first, each) for name, each in found.items()}
            raise SystemExit(f"The servers do not give the same features in {box}: {told}")


def _difference(first: dict, other: dict) -> tuple:
    """How many there are, and one that differs."""
    names = [name for name in {*first, *other} if first.get(name) != other.get(name)]
    return len(other), [(first.get(name), other.get(name)) for name in names[:1]]


def check_pages(ports: Mapping[str, int], kind: str) -> None:
    """All must fill the pages that are measured."""
    for box in islice(boxes(-1, _FULL_SIDES), _CHECKED):
        for name in ports:
            if len(_page_of(ports, name, kind, box)) != LIMIT:
                raise SystemExit(f"{name} does not fill the page of {box}.")


def _page_of(ports: Mapping[str, int], server: str, kind: str, box: Box) -> dict:
    return _features(ports[server], page(server, kind, limit=LIMIT, box=box))


def _features(port: int, path: str) -> dict:
    """Name to properties and place; the last digit of a binary fraction is no difference."""
    return {
        feature["properties"]["name_en"]: (
            {name: feature["properties"][name] for name, _type, _expression in FIELDS},
            _rounded(feature["geometry"]["coordinates"]),
        )
        for feature in json.loads(body(port, path))["features"]
    }


def _rounded(coordinates) -> list:
    if isinstance(coordinates, list):
        return [_rounded(each) for each in coordinates]
    return round(coordinates, 6)
