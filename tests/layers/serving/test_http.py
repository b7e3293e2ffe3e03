"""Formats, languages, methods, other origins, proxies."""

import pytest
from django.test import override_settings

from tests.factories import make_feature, make_layer, make_park
from tests.layers.serving.conftest import href

pytestmark = pytest.mark.django_db
ITEMS = "collections/wells/items"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(autouse=True)
def wells():
    layer = make_layer()
    make_feature(layer)
    return layer


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("collections", None, "application/json"),
        ("collections", "*/*", "application/json"),
        ("collections", "", "application/json"),
        ("collections", BROWSER, "text/html"),
        ("collections", "text/html;q=0.4, application/json;q=0.5", "application/json"),
        ("collections", "application/json;q=0, */*", "text/html"),
        ("collections?f=json", BROWSER, "application/json"),
        ("collections?f=html", "application/json", "text/html"),
        (ITEMS, "application/geo+json", "application/geo+json"),
        (ITEMS, "application/json", "application/geo+json"),
        (ITEMS, "application/*", "application/geo+json"),
        (f"{ITEMS}/w-1", BROWSER, "text/html"),
        ("collections/wells/schema", "application/schema+json", "application/schema+json"),
        ("openapi.json", BROWSER, "application/vnd.oai.openapi+json;version=3.0"),
        ("openapi.html", "application/json", "text/html"),
    ],
)
def test_the_format_is_what_f_says_or_accept_likes_best(api, path, accept, media_type):
    response = api.ask(path, **({} if accept is None else {"accept": accept}))
    assert response.status_code == 200
    assert response["Content-Type"].removesuffix("; charset=utf-8") == media_type
    assert "Accept" in response["Vary"].split(", ")


@pytest.mark.parametrize(
    ("path", "accepted", "title", "language"),
    [
        ("collections/wells", "", "水井", "zh-Hans"),
        ("collections/wells", "en-GB,en;q=0.9", "Wells", "en"),
        ("collections/wells", "de, en;q=0.5, zh;q=0.8", "水井", "zh-Hans"),
        ("collections/wells?lang=en", "zh-CN", "Wells", "en"),
        ("collections/wells?lang=zh", "en", "水井", "zh-Hans"),
    ],
)
def test_the_language_is_what_lang_says_or_the_reader_likes(api, path, accepted, title, language):
    response = api.ask(path, accept_language=accepted)
    assert response.json()["title"] == title
    assert response["Content-Language"] == language
    assert "Accept-Language" in response["Vary"]


def test_cookies_change_nothing(api):
    plain = api.ask("collections/wells")
    api.client.cookies["django_language"] = "en"
    other = api.ask("collections/wells")
    assert other.content == plain.content
    assert "Cookie" not in other["Vary"]
    assert not other.cookies


def test_every_origin_may_read_and_see_the_headers_it_needs(api):
    for path in ("", ITEMS, f"{ITEMS}/none"):
        response = api.ask(path, origin="https://other.example")
        assert response["Access-Control-Allow-Origin"] == "*"
        assert {"ETag", "Link", "Content-Crs"} <= set(
            response["Access-Control-Expose-Headers"].split(", ")
        )


def test_a_preflight_is_answered(api):
    response = api.ask(
        ITEMS,
        "options",
        origin="https://other.example",
        access_control_request_method="GET",
        access_control_request_headers="if-none-match",
    )
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in response["Access-Control-Allow-Headers"]
    assert response["Access-Control-Allow-Methods"] == response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["", "collections", ITEMS, f"{ITEMS}/w-1", "openapi.json"])
def test_head_tells_what_get_would(api, path):
    got, head = api.ask(path), api.ask(path, "head")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag", "Cache-Control", "Vary"):
        assert head[name] == got[name]


def test_records_say_their_crs_and_where_they_go_on(api, wells):
    make_feature(wells, key="w-2")
    response = api.ask(f"{ITEMS}?limit=1")
    assert response["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    following = href(response.json(), "next")
    assert f'<{following}>; rel="next"; type="application/geo+json"' in response["Link"]
    assert api.ask(f"{ITEMS}/w-1")["Content-Crs"] == response["Content-Crs"]


@override_settings(
    ALLOWED_HOSTS=["maps.example"], SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")
)
def test_links_are_right_behind_a_proxy(api):
    response = api.ask(ITEMS, host="maps.example", x_forwarded_proto="https")
    hrefs = [link["href"] for link in response.json()["links"]]
    assert hrefs
    assert all(url.startswith("https://maps.example/api/") for url in hrefs)


def test_the_address_of_a_records_page_is_in_the_readers_language(api):
    make_park()
    chinese = api.json("collections/parks?lang=zh")["geoportal"]["page"]
    english = api.json("collections/parks?lang=en")["geoportal"]["page"]
    assert (chinese, english) == ("/parks/{id}/", "/en/parks/{id}/")
    assert api.json("collections/wells")["geoportal"]["page"] is None


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_wrong_method_is_told_which_are_right(client, method):
    answer = getattr(client, method)("/api/collections", headers={"Accept-Language": "en"})
    assert answer.status_code == 405
    assert answer.json()["detail"] == "This address answers to GET, HEAD and OPTIONS."
    assert "GET" in answer["Allow"]
