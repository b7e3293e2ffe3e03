"""What lies below a version is announced with a CDN where there is one, and with us where not."""

import pytest
from django.test import Client

from tests.geoportal.site import Site, below, disk_at

pytestmark = pytest.mark.django_db
CDN = "https://cdn.example.org"
OURS = "http://testserver"


def announced() -> list[str]:
    """Every address below a version that the service names."""
    wells = Client().get("/api/collections/wells").json()["geoportal"]
    listed = Client().get("/api/collections").json()["collections"]
    tilejson = "tiles/WebMercatorQuad?f=tilejson"
    return [
        wells["versioned"],
        wells["tiles"],
        *(each["geoportal"]["versioned"] for each in listed if each["id"] == "wells"),
        *Client().get(f"/api/collections/wells/{tilejson}").json()["tiles"],
        *Client().get(f"/api/{tilejson}").json()["tiles"],
    ]


@pytest.fixture
def many(monkeypatch):
    """The layer counts as one that is drawn from tiles."""
    monkeypatch.setattr("layers.serving.documents.WHOLE_AT_MOST", 0)


@pytest.mark.parametrize(("cdn", "origin"), [(CDN, CDN), ("", OURS)], ids=["with", "without"])
def test_addresses_below_a_version_are_announced_there(wells, many, settings, cdn, origin):
    settings.CDN_URL = cdn
    found = announced()
    assert len(found) == 5
    assert all(each.startswith(f"{origin}/api/v/") for each in found)


def test_all_other_addresses_stay_with_us(wells, settings):
    settings.CDN_URL = CDN
    document = Client().get("/api/collections/wells").json()
    style = Client().get("/api/collections/wells/style").json()
    assert all(each["href"].startswith(OURS) for each in document["links"])
    assert style["sources"]["wells"]["url"].startswith(OURS)


def test_the_map_is_told_and_allowed(settings):
    for cdn in (CDN, ""):
        settings.CDN_URL = cdn
        assert (f'"cdn": "{CDN}"' in Client().get("/").content.decode()) is bool(cdn)


def test_a_cache_of_many_readers_is_told_how_long_it_may_go_without_asking(tmp_path, wells):
    path = f"{below()}/items"
    site = Site(disk_at(tmp_path), shared_for=600)
    told = "public, max-age=31536000, immutable, s-maxage=600"
    tag = site.get(path).headers["ETag"]
    for response in (site.get(path), site.get(path, if_none_match=tag)):
        assert response.headers["Cache-Control"] == told
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["ETag"] == tag
    # Another bound counts at once, also for what is kept.
    assert "s-maxage" not in Site(disk_at(tmp_path)).get(path).headers["Cache-Control"]
