"""Programs are answered by a short way, people by the long one, and the answers are the same."""

import gzip
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geoportal.direct import DirectReads
from geoportal.programs import ProgramsApart, ProgramsHandler, is_for_program
from tests.contract.test_error_body import ADDRESSES
from tests.factories import make_feature, make_layer

pytestmark = pytest.mark.django_db
WELLS = "/api/collections/wells"
#: Differs from one moment to the next.
_OF_THE_MOMENT = (b'"timeStamp":"',)


@pytest.fixture(autouse=True)
def wells():
    make_feature(make_layer())


@pytest.fixture
def ways(kept_connection):
    """The application of pages, that of programs, the direct way before it, and all together."""
    pages, programs = get_wsgi_application(), ProgramsHandler()
    direct = DirectReads(programs)
    both = ProgramsApart(pages, direct)
    return {"pages": pages, "programs": programs, "direct": direct, "both": both}


def ask(application, path: str, **environ) -> tuple[str, dict, bytes]:
    """Status, headers and body; headers of the request as the environment has them."""
    path, _, query = path.partition("?")
    asked = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "testserver", **environ}
    setup_testing_defaults(asked)
    told = []
    parts = application(asked, lambda *start: told.append(start[:2]))
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    status, headers = told[0]
    return status, dict(headers), body


def without_moment(body: bytes) -> bytes:
    for mark in _OF_THE_MOMENT:
        before, found, after = body.partition(mark)
        body = before + after[after.find(b'"') :] if found else body
    return body


SAME = (
    "Vary",
    "Content-Length",
    "Access-Control-Expose-Headers",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Geoportal-Version",
    "Geoportal-Tile",
    "Content-Type",
    "Content-Language",
    "ETag",
    "Cache-Control",
    "Link",
    "Access-Control-Allow-Origin",
    "X-Content-Type-Options",
    "Content-Crs",
)
ASKED = [
    *(address for address in ADDRESSES if not address.endswith(".html")),
    f"{WELLS}/items?limit=1&bbox=126,46,128,48",
    f"{WELLS}/items?limit=0",
    f"{WELLS}/items?nothing=1&lang=en",
    f"{WELLS}/items/none",
    f"{WELLS}/items/w-1",
    f"{WELLS}/items/%2E%2E",
    f"{WELLS}/items/a%2Fb",
    f"{WELLS}/tiles/WebMercatorQuad/8/90/218",
    f"{WELLS}/tiles/WebMercatorQuad/8/90/218?name_zh=%E4%BA%95",
    f"{WELLS}/tiles/WebMercatorQuad/8/90/218?datetime=never",
    f"{WELLS}/tiles/WebMercatorQuad/8/0/0",
    f"{WELLS}/tiles/Nothing/8/90/218",
    f"{WELLS}/export?f=csv",
    "/api/collections/none/items",
    "/api/nothing",
    "/api/search?q=%E4%BA%95",
]


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("language", ["", "en"])
def test_all_ways_give_the_same_answer(ways, path, language):
    given = {
        way: ask(ways[way], path, HTTP_ACCEPT="*/*", HTTP_ACCEPT_LANGUAGE=language)
        for way in ("pages", "programs", "direct")
    }
    status, headers, body = given.pop("pages")
    for way, (of_way, headers_of_way, body_of_way) in given.items():
        assert of_way == status, way
        assert without_moment(body_of_way) == without_moment(body), way
        for name in SAME:
            assert headers_of_way.get(name) == _as_of(way, headers, name), (way, name)


def _as_of(way: str, headers: dict, name: str) -> str | None:
    """A header of the pages' way; only the others know that nothing depends on cookies."""
    told = headers.get(name)
    return told.replace(", Cookie", "") if name == "Vary" else told


READ = [
    f"{WELLS}/items",
    f"{WELLS}/items?limit=1&lang=en",
    f"{WELLS}/items/w-1",
    f"{WELLS}/tiles/WebMercatorQuad/8/90/218",
]


def refused_by_the_framework(environ, start_response):
    """Stands where the framework does, and gives nothing."""
    start_response("418 asked", [])
    return [b""]


@pytest.mark.parametrize("path", READ)
def test_records_and_tiles_need_no_framework(kept_connection, path):
    status, headers, body = ask(DirectReads(refused_by_the_framework), path)
    assert status == "200 OK"
    assert int(headers["Content-Length"]) == len(body)
    tag = {"HTTP_IF_NONE_MATCH": headers["ETag"]}
    status, headers, body = ask(DirectReads(refused_by_the_framework), path, **tag)
    assert status == "304 Not Modified"
    assert body == b""


@pytest.mark.parametrize(
    ("path", "environ"),
    [
        (f"{WELLS}/items?limit=0", {}),
        (f"{WELLS}/items/none", {}),
        (f"{WELLS}/items/a/b", {}),
        (f"{WELLS}/tiles/WebMercatorQuad/8/0/0", {}),
        ("/api/collections/records/items", {}),
        (f"{WELLS}/items", {"REQUEST_METHOD": "HEAD"}),
        (f"{WELLS}/items", {"REQUEST_METHOD": "OPTIONS"}),
        (f"{WELLS}/items", {"HTTP_HOST": "evil.example"}),
        (f"{WELLS}/items", {"SCRIPT_NAME": "/map"}),
        (f"{WELLS}/items", {"QUERY_STRING": "&".join(f"p{n}=1" for n in range(1100))}),
        (WELLS, {}),
    ],
)
def test_what_is_not_a_good_reading_is_left_to_the_framework(kept_connection, path, environ):
    status, _headers, _body = ask(DirectReads(refused_by_the_framework), path, **environ)
    assert status == "418 asked"


def test_a_query_that_was_cut_off_is_not_asked_a_second_time(ways):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
    with CaptureQueriesContext(connection) as asked:
        slow = "filter=" + quote(" AND ".join(["area(geometry) < 1"] * 40))
        status, _headers, body = ask(ways["direct"], f"{WELLS}/items?{slow}")
    assert status.startswith("503")
    assert b"query-too-long" in body
    assert sum("storedfeature" in each["sql"] for each in asked) <= 1


def test_texts_are_compressed_by_both_ways(ways):
    for way in ("programs", "pages"):
        _status, headers, body = ask(ways[way], "/api/openapi.json", HTTP_ACCEPT_ENCODING="gzip")
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body).startswith(b"{")


def test_a_program_gets_no_cookie_and_its_answer_depends_on_none(ways):
    _status, headers, _body = ask(ways["both"], f"{WELLS}/items", HTTP_COOKIE="sessionid=x")
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers["Vary"]


@pytest.mark.parametrize(
    ("path", "accept"),
    [(f"{WELLS}/items?f=html", "*/*"), (f"{WELLS}/items", "text/html,*/*;q=0.8"),
     (WELLS, "text/*"), ("/api/openapi.html", "*/*"), ("/", "*/*"), ("/en/", "*/*")],
)  # fmt: skip
def test_what_may_be_a_page_has_the_policies_of_pages(ways, path, accept):
    status, headers, _body = ask(ways["both"], path, HTTP_ACCEPT=accept)
    assert status == "200 OK"
    assert headers["Content-Type"].startswith("text/html")
    assert "script-src" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] or "frame-ancestors" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", [*ADDRESSES, "/api/nothing"])
def test_no_page_goes_the_short_way(ways, address):
    for accept in ("*/*", "", "application/json", "application/xhtml+xml"):
        environ = {"PATH_INFO": address, "HTTP_ACCEPT": accept}
        if is_for_program(environ):
            _status, headers, _body = ask(ways["programs"], address, HTTP_ACCEPT=accept)
            assert "html" not in headers["Content-Type"]


def test_a_request_does_not_leave_its_language_behind(ways):
    for _ in range(2):
        _, _, english = ask(ways["both"], "/api/?x=1", HTTP_ACCEPT_LANGUAGE="en")
        _, _, chinese = ask(ways["both"], "/api/?x=1")
        assert b"Bad parameter" in english
        assert "参数".encode() in chinese


TOO_MUCH = "&".join(f"p{number}=1" for number in range(1100))


@pytest.mark.parametrize("way", ["programs", "pages"])
@pytest.mark.parametrize("language", ["en", ""])
@pytest.mark.parametrize("asked", [{"HTTP_HOST": "evil.example"}, {"QUERY_STRING": TOO_MUCH}])
def test_what_no_view_sees_is_refused_in_the_readers_language(ways, way, language, asked):
    told = {"HTTP_ACCEPT_LANGUAGE": language, **asked}
    status, headers, body = ask(ways[way], f"{WELLS}/items", **told)
    assert status.startswith("400")
    assert headers["Content-Type"] == "application/problem+json"
    assert ("Bad request" if language else "请求") in body.decode()
