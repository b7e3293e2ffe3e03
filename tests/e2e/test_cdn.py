"""Another origin that passes requests on: the map draws what it gives: the same as ours."""

import getpass
import re
import shutil
import subprocess
import threading
import urllib.request
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.keeping import AWAY, NOTICE, kept
from tests.e2e.map_page import click_on_map, ready
from tests.e2e.plots import LAYER, PLOT, many_plots
from tests.e2e.served import Served, free_port, serving, wait_for_answer

ROOT = Path(__file__).resolve().parents[2]
#: Of no version: it leads to the one that is current.
NEVER = "/api/v/0000000000000000/collections/parks/items?limit=1000"
OF_ONE_HOP = ("connection", "transfer-encoding", "date", "server")


class PassedOn(BaseHTTPRequestHandler):
    """Asks the service by its own name, and gives what comes as it is."""

    def do_GET(self):
        service = urlsplit(self.server.service)
        with closing(HTTPConnection(service.hostname, service.port, timeout=60)) as asked:
            asked.request("GET", self.path, headers={**self.headers, "Host": service.netloc})
            answer = asked.getresponse()
            body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in OF_ONE_HOP:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """Nothing is written of good answers."""


class City:
    """The service, and the origin it announces."""

    def __init__(self, served: Served, cdn: str):
        self.served, self.cdn = served, cdn


@contextmanager
def passing_on():
    """The address of a server to be told which service it passes on to, and the server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), PassedOn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def city(served):
    with many_plots(served), passing_on() as server:
        cdn = f"http://127.0.0.1:{server.server_port}"
        with serving({**served.environ, "GEOPORTAL_CDN_URL": cdn}, "with-cdn.log") as announcing:
            server.service = announcing.url
            yield City(announcing, cdn)


@pytest.fixture
def opened(visit, city):
    """A page of the service, and the addresses below a version that it asks for."""

    def opened(path: str) -> tuple:
        page, asked = visit(f"{city.served.url}/?layers=none"), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{city.served.url}{path}")
        ready(page)
        return page, [url for url in asked if "/api/v/" in url]

    return opened


def test_the_map_draws_whole_layers_that_come_from_there(opened, city):
    page, asked = opened("/?view=9/46.7/126.9&layers=parks,roads")
    assert len(asked) >= 2
    assert all(url.startswith(f"{city.cdn}/api/v/") for url in asked)
    expect(page.get_by_text("没有加载")).to_have_count(0)


def test_the_map_draws_tiles_that_come_from_there(opened, city):
    page, asked = opened(f"/?view=13/{PLOT[1]}/{PLOT[0]}&layers={LAYER}")
    assert [url for url in asked if "/tiles/" in url]
    assert all(url.startswith(f"{city.cdn}/api/v/") for url in asked)
    click_on_map(page, *PLOT)
    heading = page.get_by_role("region", name="详情卡片").get_by_role("heading")
    expect(heading).to_have_text("地块75-67")


@pytest.mark.parametrize("layer", ["parks", LAYER])
def test_what_came_from_there_stands_while_both_are_away(visit, city, layer):
    view = f"/?view=11/{PLOT[1]}/{PLOT[0]}&layers={layer}"
    page = visit(view, base_url=city.served.url, service_workers="allow")
    page.expects(AWAY)
    kept(page)
    page.context.set_offline(True)
    page.reload()
    ready(page)
    expect(page.get_by_text(NOTICE)).to_be_visible()
    expect(page.get_by_text("没有加载")).to_have_count(0)


def test_an_outdated_version_leads_a_page_on_within_the_cdn(opened, city):
    page, _asked = opened("/?layers=none")
    told = page.evaluate(
        """async (address) => {
          const answer = await fetch(address);
          const { features } = await answer.json();
          return { url: answer.url, redirected: answer.redirected, count: features.length };
        }""",
        city.cdn + NEVER,
    )
    assert told["redirected"]
    assert told["url"].startswith(f"{city.cdn}/api/v/")
    assert "0000000000000000" not in told["url"]
    assert told["count"] >= 20


def get(address: str, **headers) -> tuple[dict, bytes]:
    """Headers and body at an address."""
    asked = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        told = {name.lower(): value for name, value in answer.headers.items()}
        return {n: v for n, v in told.items() if n not in OF_ONE_HOP}, answer.read()


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip", "identity"])
def test_answers_are_the_same_whichever_host_they_came_by(city, coding):
    there = get(city.cdn + NEVER, **{"Accept-Encoding": coding})
    assert there == get(city.served.url + NEVER, **{"Accept-Encoding": coding})
    assert there[0]["vary"] == "Accept-Encoding"
    assert there[0]["cache-control"] == "public, max-age=31536000, immutable, s-maxage=3600"


# --- the example of docs/operations.md --------------------------------------------------------


def example() -> str:
    text = (ROOT / "docs/operations.md").read_text()
    return re.search(r"```\n(proxy_cache_path .*?)```", text, re.DOTALL)[1]


@pytest.fixture(scope="module")
def nginx(city, tmp_path_factory):
    """The address of an nginx by the example, with its places for names filled in."""
    program = shutil.which("nginx")
    if program is None:
        pytest.skip("nginx is not here")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    http = example()
    for written, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port}"),
        ("https://map.example.org", city.served.url),
        ("Host map.example.org", f"Host {urlsplit(city.served.url).netloc}"),
        ("/var/cache/nginx/geoportal", str(folder / "cache")),
    ):
        assert written in http
        http = http.replace(written, here)
    places = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Its workers are those of whoever runs the tests; others are ignored, with a warning.
    owner = f"user {getpass.getuser()};"
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; {owner}"
        f"events {{}} http {{ access_log off; {places} {http} }}"
    )
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_answer(f"{address}/api/", process, folder / "error.log")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_nginx_keeps_an_answer_for_all_who_take_the_same_coding(nginx, city):
    browsers = ("gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8", "gzip,deflate,br")
    current = urllib.request.urlopen(nginx + NEVER, timeout=60).url
    found = [
        get(current, **{"Accept-Encoding": each, "Accept": each, "Accept-Language": each})
        for each in browsers
    ]
    assert [headers.pop("x-cache") for headers, _body in found] == ["MISS", "HIT", "HIT"]
    assert found[0] == found[1] == found[2]
    assert found[0] == get(city.served.url + NEVER, **{"Accept-Encoding": "br"})
    assert get(current, **{"Accept-Encoding": "gzip"})[0]["content-encoding"] == "gzip"


def test_nginx_keeps_nothing_that_is_to_be_asked_about(nginx):
    for _time in range(2):
        assert get(f"{nginx}/api/collections")[0]["x-cache"] == "MISS"
