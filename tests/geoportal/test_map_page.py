"""The map page as the server gives it: base maps, figures, modules."""

import json
import re

import pytest
from django.test import override_settings

from geoportal.pages import base_maps
from geoportal.pages.modules import modules_behind
from tests import factories

XYZ = "xyz|城市底图|https://tiles.example/{z}/{x}/{y}.png|© 城市"
WMTS = "wmts|影像|https://img.example/wmts/{TileMatrix}/{TileRow}/{TileCol}.jpg|© 测绘局"


def page_data(client, path="/") -> dict:
    page = client.get(path).content.decode()
    return json.loads(re.search(r'id="page-data"[^>]*>(.*?)</script>', page, re.S)[1])


@pytest.mark.django_db
def test_an_empty_service_still_shows_its_map(client):
    data = page_data(client)
    assert data["extent"] is None
    assert data["welcome"]["figures"] == []
    assert data["baseMaps"] == []


@pytest.mark.django_db
def test_the_welcome_counts_only_what_is_published_and_on_offer(client):
    factories.make_district("231200", "绥化市", "Suihua", level="prefecture", population=3756000)
    park = factories.make_park(area_available_ha=300)
    factories.make_park("draft-park", state="draft", area_available_ha=999)
    factories.make_site(park=park)
    factories.make_site("site-2", availability="taken")
    factories.make_site("site-3", availability="negotiating")
    factories.make_project()
    factories.make_project("project-2", stage="operating")
    figures = {f["label"]: f["value"] for f in page_data(client, "/en/")["welcome"]["figures"]}
    assert figures == {
        "Industrial land available": 300,
        "Parcels and buildings on offer": 2,
        "Projects seeking investors": 1,
        "People": 3756000,
    }


@pytest.mark.django_db
def test_the_extent_is_that_of_the_city(client):
    factories.make_district("231200", "绥化市", "Suihua", geom=factories.square(125, 45, 2))
    factories.make_district("231202", geom=factories.square(110, 30, 2))
    assert page_data(client)["extent"] == [125.0, 45.0, 127.0, 47.0]


@pytest.mark.django_db
def test_the_policy_lets_in_the_tiles_on_offer_and_no_others(client):
    assert "example" not in client.get("/").headers["Content-Security-Policy"]
    with override_settings(OWN_BASE_MAPS=[XYZ], OPENSTREETMAP=True):
        policy = client.get("/").headers["Content-Security-Policy"]
    images = re.search(r"img-src ([^;]*)", policy)[1].split()
    assert {"'self'", "https://tiles.example", "https://tile.openstreetmap.org"} <= set(images)


@pytest.mark.django_db
def test_only_reading_is_allowed(client):
    assert client.post("/").status_code == 405


def test_base_maps_come_in_order_with_their_attribution():
    with override_settings(TIANDITU_KEY="k3y", OPENSTREETMAP=True, OWN_BASE_MAPS=[XYZ, WMTS]):
        offered = base_maps.configured()
    assert [one.id for one in offered] == [
        "tianditu",
        "tianditu-imagery",
        "openstreetmap",
        "own-1",
        "own-2",
    ]
    assert "tk=k3y" in offered[0].tiles[0]
    assert len(offered[0].tiles) == 2, "names lie over the map"
    assert offered[4].tiles == ("https://img.example/wmts/{z}/{y}/{x}.jpg",)
    assert all(str(one.attribution) for one in offered)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "must read xyz|Title"),
        ("tms|T|https://tiles.example/{z}/{x}/{y}.png", "must read xyz|Title"),
        ("xyz||https://tiles.example/{z}/{x}/{y}.png", "must read xyz|Title"),
        ("xyz|T|javascript:alert(1)/{z}/{x}/{y}", "https://"),
        ("xyz|T|/tiles/{z}/{x}/{y}", "https://"),
        ("xyz|T|https://tiles.example/{z}/{x}.png", "{z}, {x} and {y}"),
    ],
)
def test_a_base_map_that_cannot_be_read_is_named_at_start_and_left_out(line, says):
    with override_settings(OWN_BASE_MAPS=[XYZ, line]):
        (error,) = base_maps.own_base_maps_can_be_read(None)
        assert [one.id for one in base_maps.configured()] == ["own-1"]
    assert error.id == "geoportal.E010"
    assert "Line 2" in error.msg
    assert says in error.msg


def test_the_modules_behind_the_page_are_found_once_each():
    found = modules_behind("js/main.js")
    assert len(found) == len(set(found))
    for path in ("js/map/leaflet/renderer.js", "js/text/zh.js", "vendor/kdbush/index.js"):
        assert path in found
