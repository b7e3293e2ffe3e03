"""Programs are answered by a short way, people by the long one, and the answers are the same."""

import gzip
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application

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
    """The application of pages, that of programs, and both as they stand behind each other."""
    pages, programs = get_wsgi_application(), ProgramsHandler()
    return {"pages": pages, "programs": programs, "both": ProgramsApart(pages, programs)}


def ask(application, path: str, **environ) -> tuple[str, dict, bytes]:
    """Status, headers and body; headers of the request as the environment has them."""
    path, _, query = path.partition("?")
    asked = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "testserver", **environ}
    setup_testing_defaults(asked)
    told = []
    parts = application(asked, lambda *start: told.append(start[:2]))
    body = b"".join(parts)
    parts.close()
    status, headers = told[0]
    return status, dict(headers), body


def without_moment(body: bytes) -> bytes:
    for mark in _OF_THE_MOMENT:
        before, found, after = body.partition(mark)
        body = before + after[after.find(b'"') :] if found else body
    return body


SAME = (
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
    f"{WELLS}/export?f=csv",
    "/api/collections/none/items",
    "/api/nothing",
    "/api/search?q=%E4%BA%95",
]


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("language", ["", "en"])
def test_both_ways_give_the_same_answer(ways, path, language):
    (status, headers, body), (of_pages, headers_of_pages, body_of_pages) = (
        ask(ways[way], path, HTTP_ACCEPT="*/*", HTTP_ACCEPT_LANGUAGE=language)
        for way in ("programs", "pages")
    )
    assert status == of_pages
    assert without_moment(body) == without_moment(body_of_pages)
    for name in SAME:
        assert headers.get(name) == headers_of_pages.get(name), name


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
