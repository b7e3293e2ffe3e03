"""OGC API – Features, Part 2: Coordinate Reference Systems by Reference (OGC 18-058r1), annex A."""

import json
import re
from itertools import chain

import pyproj
import pytest
from django.contrib.gis.geos import GEOSGeometry, Polygon

from tests.conformance.conftest import items_of

pytestmark = pytest.mark.django_db
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84H = "http://www.opengis.net/def/crs/OGC/0/CRS84h"
DEGREES = (CRS84, CRS84H, *(f"http://www.opengis.net/def/crs/EPSG/0/{n}" for n in (4326, 4490)))
UNKNOWN = "http://www.opengis.net/def/crs/EPSG/0/4214"
_URI = re.compile(r"http://www\.opengis\.net/def/crs/(OGC|EPSG)/[0-9.]+/\w+")


def spatial(service) -> list[dict]:
    """The collections with geometries."""
    return [each for each in service.collections if "spatial" in each.get("extent", {})]


def both(service):
    """Each collection as it stands in the list and by itself."""
    listed = service.collections
    return chain(listed, (service.json(f"collections/{each['id']}") for each in listed))


def from_crs84(uri: str):
    """Longitude and latitude into the axes of a system, by PROJ."""
    if "CRS84" in uri:
        return lambda lon, lat: (lon, lat)
    return pyproj.Transformer.from_crs("OGC:CRS84", uri).transform


def flat(coordinates):
    """All numbers of the first two axes."""
    if isinstance(coordinates[0], list):
        return [pair for each in coordinates for pair in flat(each)]
    return [tuple(coordinates[:2])]


def test_identifiers_are_uris(service):
    """/conf/crs/crs-uri"""
    for collection in both(service):
        for uri in (*collection["crs"], collection["storageCrs"]):
            assert _URI.fullmatch(uri)


def test_the_default_is_among_them(service):
    """/conf/crs/default-crs"""
    assert all({CRS84, CRS84H} & set(each["crs"]) for each in both(service))


def test_the_storage_crs_is_among_them(service):
    """/conf/crs/storageCrs"""
    assert all(each["storageCrs"] in each["crs"] for each in both(service))


def test_every_crs_can_be_asked_for(service):
    """/conf/crs/crs-parameter"""
    for collection in spatial(service):
        href = items_of(collection)
        key = service.body(href, limit=1)["features"][0]["id"]
        for uri in collection["crs"]:
            for path in (href, f"{href}/{key}"):
                response = service.get(path, crs=uri)
                assert response.status_code == 200, (path, uri)
                assert response["Content-Crs"] == f"<{uri}>"


def test_an_unknown_crs_is_refused(service):
    """/conf/crs/crs-parameter-invalid"""
    for collection in spatial(service):
        href = items_of(collection)
        key = service.body(href, limit=1)["features"][0]["id"]
        for uri in (UNKNOWN, "EPSG:4326"):
            assert service.get(href, crs=uri).status_code == 400
            assert service.get(f"{href}/{key}", crs=uri).status_code == 400


def test_without_a_crs_the_default_is_named(service):
    """/conf/crs/crs-parameter-default"""
    for collection in spatial(service):
        assert service.get(items_of(collection))["Content-Crs"] in (f"<{CRS84}>", f"<{CRS84H}>")


def test_geometries_are_transformed(service):
    """/conf/crs/crs-parameter-transform"""
    for collection in spatial(service):
        href = items_of(collection)
        plain = {each["id"]: each["geometry"] for each in service.body(href)["features"]}
        for uri in collection["crs"]:
            place, near = from_crs84(uri), 1e-6 if uri in DEGREES else 0.02
            for feature in service.body(href, crs=uri)["features"]:
                known = plain[feature["id"]]
                assert (known is None) == (feature["geometry"] is None)
                if known:
                    expected = [place(*pair) for pair in flat(known["coordinates"])]
                    given = flat(feature["geometry"]["coordinates"])
                    wrong = max(
                        abs(a - b)
                        for x, y in zip(expected, given, strict=True)
                        for a, b in zip(x, y, strict=True)
                    )
                    assert wrong < near, uri


def test_a_box_in_every_crs_finds_what_meets_it(service):
    """/conf/crs/bbox-crs-parameter"""
    for collection in spatial(service):
        href = items_of(collection)
        every = service.body(href, limit=1000)["features"]
        for uri in collection["crs"]:
            place = from_crs84(uri)
            low, high = place(126.05, 46.02), place(126.25, 46.2)
            box = ",".join(map(str, (*low, *high)))
            found = service.body(href, bbox=box, limit=1000, **{"bbox-crs": uri})["features"]
            ring = ring_of(uri, low, high)
            expected = {each["id"] for each in every if meets(each, ring)}
            assert {each["id"] for each in found} == expected, uri


def ring_of(uri: str, low, high) -> Polygon:
    """The box in degrees, its edges followed."""
    (a, b), (c, d) = low, high
    steps = [n / 20 for n in range(20)]
    ring = [(a + (c - a) * s, b) for s in steps] + [(c, b + (d - b) * s) for s in steps]
    ring += [(c - (c - a) * s, d) for s in steps] + [(a, d - (d - b) * s) for s in steps]
    if "CRS84" not in uri:
        back = pyproj.Transformer.from_crs(uri, "OGC:CRS84")
        ring = [back.transform(*each) for each in ring]
    return Polygon([*ring, ring[0]])


def meets(feature: dict, ring: Polygon) -> bool:
    geometry = feature["geometry"]
    return geometry is None or GEOSGeometry(json.dumps(geometry)).intersects(ring)


def test_a_box_in_an_unknown_crs_is_refused(service):
    """/conf/crs/bbox-crs-parameter-invalid"""
    for collection in spatial(service):
        query = {"bbox": "126,46,127,47", "bbox-crs": UNKNOWN}
        assert service.get(items_of(collection), **query).status_code == 400


def test_without_a_crs_a_box_is_in_the_default(service):
    """/conf/crs/bbox-crs-parameter-default"""
    for collection in spatial(service):
        href, box = items_of(collection), "126.05,46.02,126.25,46.2"
        plain = service.body(href, bbox=box)["features"]
        named = service.body(href, bbox=box, **{"bbox-crs": CRS84})["features"]
        assert plain == named
