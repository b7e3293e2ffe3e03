"""A reader who holds the current answer is told so, and anything that changes it is noticed."""

import gzip
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import make_district, make_feature, make_layer, make_park, make_site

pytestmark = pytest.mark.django_db
ITEMS = "collections/wells/items"


@pytest.fixture
def wells():
    layer = make_layer()
    make_feature(layer)
    make_feature(layer, key="w-2")
    return layer


def tag(api, path: str) -> str:
    return api.ask(path)["ETag"]


@pytest.mark.parametrize(
    "path",
    ["", "conformance", "collections", "collections/wells", "collections/wells/queryables",
     "collections/wells/schema", ITEMS, f"{ITEMS}?bbox=126,46,128,47", f"{ITEMS}/w-1",
     "openapi.json"],
)  # fmt: skip
def test_who_holds_it_gets_304_without_a_body(api, wells, path):
    held = tag(api, path)
    response = api.ask(path, if_none_match=f'"other", {held}')
    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == held
    assert response["Cache-Control"] == "public, no-cache"
    assert api.ask(path, if_none_match="*").status_code == 304
    assert api.ask(path, if_none_match='"other"').status_code == 200


def test_a_page_that_is_held_is_not_read_from_the_database_again(api, wells):
    held = tag(api, ITEMS)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert api.ask(ITEMS, if_none_match=held).status_code == 304
    statements = [query["sql"] for query in queries]
    assert not any("ST_AsGeoJSON" in sql or "count(*)" in sql.lower() for sql in statements)
    assert len(statements) == 2


@pytest.mark.parametrize("path", [ITEMS, f"{ITEMS}?bbox=126,46,128,47", f"{ITEMS}/w-1"])
def test_a_changed_record_changes_the_validator(api, wells, path):
    held = tag(api, path)
    well = wells.features.get(key="w-1")
    well.properties = {"name_zh": "改名"}
    well.save()
    response = api.ask(path, if_none_match=held)
    assert response.status_code == 200
    assert response["ETag"] != held
    assert "改名" in response.content.decode()


def test_another_record_leaves_the_validator_of_a_record(api, wells):
    held = tag(api, f"{ITEMS}/w-1")
    wells.features.get(key="w-2").delete()
    assert tag(api, f"{ITEMS}/w-1") == held


def test_a_name_from_another_table_changes_the_validator(api):
    district = make_district()
    make_park()
    held = tag(api, "collections/parks/items")
    district.name_en = "Beilin District"
    district.save()
    assert tag(api, "collections/parks/items") != held


@pytest.mark.parametrize("column", ["effective_from", "effective_until"])
def test_the_clock_alone_changes_the_validator(api, wells, column, monkeypatch):
    start = timezone.now()
    make_feature(wells, key="timed", **{column: start + timedelta(hours=1)})
    held = tag(api, ITEMS)
    assert api.ask(ITEMS, if_none_match=held).status_code == 304
    before = api.json(ITEMS)["numberMatched"]
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(hours=2))
    assert api.ask(ITEMS, if_none_match=held).status_code == 200
    change = 1 if column == "effective_from" else -1
    assert api.json(ITEMS)["numberMatched"] == before + change
    assert api.json("collections/wells")["geoportal"]["count"] == before + change


def test_a_park_that_expires_by_the_clock_changes_the_sites_that_name_it(api, monkeypatch):
    start = timezone.now()
    make_site(park=make_park(effective_until=start + timedelta(hours=1)))
    held = tag(api, "collections/sites/items")
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(hours=2))
    assert tag(api, "collections/sites/items") != held


def test_what_was_asked_is_part_of_the_validator(api, wells):
    paths = [ITEMS, f"{ITEMS}?limit=1", f"{ITEMS}?bbox=126,46,128,47", f"{ITEMS}?lang=en"]
    assert len({tag(api, path) for path in paths}) == len(paths)


def test_the_count_of_a_layer_is_right_right_after_it_changed(api, wells):
    assert api.json(ITEMS)["numberMatched"] == 2
    make_feature(wells, key="w-3")
    assert api.json(ITEMS)["numberMatched"] == 3
    assert api.json("collections/wells")["geoportal"]["count"] == 3


def test_a_body_is_compressed_for_who_takes_it_and_has_its_own_strong_validator(api, wells):
    path = "collections/wells"
    plain, packed = api.ask(path), api.ask(path, accept_encoding="br;q=1, gzip;q=0.5")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content)
    assert not plain["ETag"].startswith("W/")
    assert packed["ETag"] != plain["ETag"]
    assert "Accept-Encoding" in packed["Vary"]
    for held in (plain["ETag"], packed["ETag"]):
        assert api.ask(path, if_none_match=held, accept_encoding="gzip").status_code == 304


@pytest.mark.parametrize("encoding", ["", "identity", "br"])
def test_a_body_stays_plain_for_who_does_not_take_it(api, wells, encoding):
    assert "Content-Encoding" not in api.ask("collections/wells", accept_encoding=encoding)
