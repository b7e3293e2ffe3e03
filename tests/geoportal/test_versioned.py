"""What lies below a version: made once, kept for ever, never of another state than it says."""

import pytest
from django.test import Client

from geoportal.versioned.kept import Answer, Disk, Kept, Memory
from tests.factories import make_feature
from tests.geoportal.site import Site, below, disk_at, most_at_once

pytestmark = pytest.mark.django_db
TILE = "tiles/WebMercatorQuad/8/90/218"


@pytest.fixture
def site(tmp_path) -> Site:
    return Site(disk_at(tmp_path))


def test_an_answer_is_made_once_and_may_be_kept_for_ever(site, wells):
    path = f"{below()}/items?limit=1000"
    first, second = site.get(path), site.get(path)
    assert site.bodies() == 1
    assert first.status == second.status == 200
    assert first.body == second.body
    assert second.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert second.headers["Vary"] == "Accept-Encoding"
    assert second.headers["Access-Control-Allow-Origin"] == "*"
    assert second.headers["Content-Length"] == str(len(second.body))
    assert len(second.json["features"]) == 40
    site.restart()
    assert site.get(path).body == first.body
    assert site.bodies() == 1


def test_a_tile_lies_below_a_version_too(site, wells):
    path = f"{below()}/{TILE}"
    plain = Client().get(path.replace(f"/v/{path.split('/')[3]}", ""))
    assert site.get(path).body == plain.content
    assert plain.content


def test_the_version_changes_with_the_layer_and_the_old_one_leads_to_the_new(site, wells):
    old = below()
    site.get(f"{old}/items")
    make_feature(wells, key="new")
    site.a_second_later()
    response = site.get(f"{old}/items?limit=1000")
    new = below()
    assert new != old
    assert response.status == 307
    assert response.headers["Location"] == f"{new}/items?limit=1000"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    keys = {feature["id"] for feature in site.get(response.headers["Location"]).json["features"]}
    assert "new" in keys


def test_after_a_publication_readers_of_the_old_version_ask_the_application_once(site, wells):
    old = f"{below()}/items?limit=1000"
    site.get(old)
    make_feature(wells, key="new")
    site.a_second_later()
    before = site.bodies()
    leads_to = {site.get(old).headers["Location"] for _ in range(5)}
    assert len(leads_to) == 1
    assert site.get(leads_to.pop()).status == 200
    assert site.bodies() == before + 1


def test_what_was_kept_is_not_given_out_for_longer_than_a_second(site, wells):
    path = f"{below()}/items"
    site.get(path)
    wells.published = False
    wells.save()
    site.a_second_later()
    assert site.get(path).status == 404


def test_whether_a_version_is_current_is_asked_once_a_second_for_all_its_addresses(site, wells):
    base = below()
    paths = [f"{base}/items?limit={limit}" for limit in (1, 2, 3)]
    for path in paths:
        site.get(path)
    site.a_second_later()
    before = len(site.asked)
    for path in paths * 3:
        assert site.get(path).status == 200
    assert len(site.asked) == before + 1


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("br;q=0, *", "zstd"),
        ("gzip", "gzip"),
        ("", ""),
    ],
)
def test_each_reader_gets_the_coding_it_takes(site, wells, accepted, coding):
    path = f"{below()}/items?limit=1000"
    for each in ("br", "zstd", "gzip", "identity", accepted):
        response = site.get(path, accept_encoding=each)
    assert response.headers.get("Content-Encoding", "") == coding
    assert len(response.json["features"]) == 40


def test_a_reader_who_holds_it_gets_no_body(site, wells):
    path = f"{below()}/items"
    tag = site.get(path).headers["ETag"]
    response = site.get(path, if_none_match=tag)
    assert (response.status, response.body) == (304, b"")
    assert site.get(path, if_none_match='"other"').status == 200


def test_only_the_headers_are_given_to_who_asks_for_them(site, wells):
    path = f"{below()}/items"
    assert site.get(path, method="head").body == b""
    assert site.get(path, method="head").headers["ETag"] == site.get(path).headers["ETag"]


def test_what_the_reader_would_like_changes_nothing_below_a_version(site, wells):
    path = f"{below()}/items"
    plain = site.get(path)
    other = site.get(path, accept="text/html", accept_language="en", cookie="sessionid=1")
    assert other.headers["Content-Type"] == plain.headers["Content-Type"] == "application/geo+json"
    assert other.body == plain.body


@pytest.mark.parametrize("rest", ["items?limit=0", "items?unknown=1", "items/none", "nothing"])
def test_a_refusal_is_not_kept(site, wells, rest):
    path = f"{below()}/{rest}"
    statuses = {site.get(path).status for _ in range(2)}
    assert statuses in ({400}, {404})
    assert site.bodies() == 2


def test_addresses_that_are_none_are_answered_by_the_application(site, wells):
    for path in (
        "/api/v/x/items",
        "/api/v/0123456789abcdef/",
        "/api/v/0123456789abcdef/openapi.json",
    ):
        assert site.get(path).status in (307, 404)
    assert site.get(f"{below()}/items", method="post").status == 405


def test_an_export_is_not_kept_but_led_to_where_it_is_made(site, wells, tmp_path):
    response = site.get(f"{below()}/export?f=csv")
    assert response.status == 307
    assert response.headers["Location"] == "/api/collections/wells/export?f=csv"
    assert not list(tmp_path.glob("*/*"))


def test_without_the_server_in_front_a_version_leads_to_what_is_current(wells):
    response = Client().get(f"{below()}/items?limit=3")
    assert response.status_code == 307
    assert response["Location"] == "/api/collections/wells/items?limit=3"


# --- what is kept ---------------------------------------------------------------------------


def answer(size: int) -> Answer:
    return Answer((("ETag", f'"{size}"'),), b"x" * size)


def test_memory_forgets_what_was_not_asked_for_longest():
    memory = Memory(250)
    for name in ("a", "b"):
        memory.put(name, answer(100))
    memory.get("a")
    memory.put("c", answer(100))
    assert [name for name in "abc" if memory.get(name)] == ["a", "c"]
    memory.put("huge", answer(1000))
    assert memory.get("huge") is None


def test_the_disk_holds_no_more_than_it_may(tmp_path):
    disk = Disk(tmp_path, 10_000)
    for number in range(100):
        disk.put(str(number), answer(1000))
    held = sum(path.stat().st_size for path in tmp_path.glob("*/*"))
    assert held <= 12_000
    assert disk.get("99") == answer(1000)
    assert disk.get("0") is None


def test_a_disk_that_cannot_be_written_costs_no_answer(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    disk = Disk(blocked, 1000)
    disk.put("a", answer(10))
    assert disk.get("a") is None


@pytest.mark.parametrize("folder", ["", "file"], ids=["with a disk", "without one"])
def test_one_thread_at_a_time_makes_an_answer(tmp_path, folder):
    (tmp_path / "file").write_text("in the way")
    assert most_at_once(Kept(Memory(1000), Disk(tmp_path / folder, 1000))) == 1
