"""What docs/clients.md gives to type works as it stands, on the served city."""

import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.conftest import CHROMIUM, PATIENCE

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/clients.md").read_text(encoding="utf-8")
HOST = "http://127.0.0.1:8000"
#: Snippets by their first words; of some languages there are several.
BLOCKS = re.findall(r"^ *```(\w+(?: \w+)?)\n(.*?)^ *```$", GUIDE, re.MULTILINE | re.DOTALL)
COMMANDS = [line.strip() for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
SCRIPTS = [text for kind, text in BLOCKS if kind == "python"]
PAGES = {kind.split()[1]: text for kind, text in BLOCKS if kind.startswith("html")}
ADDRESSES = sorted(set(re.findall(rf"{HOST}[^\s`'\"|)]*", GUIDE)))


def here(text: str, served) -> str:
    return text.replace(HOST, served.url)


def test_the_guide_has_snippets_of_every_kind():
    assert len(COMMANDS) >= 9
    assert len(SCRIPTS) == 2
    assert set(PAGES) == {"maplibre", "openlayers", "leaflet"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_answers(served, address):
    address = re.sub(r"\{z\}/\{y\}/\{x\}", "8/90/218", here(address, served))
    with urllib.request.urlopen(address, timeout=60) as response:
        assert response.status == 200
        assert response.read()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_does_its_work(served, tmp_path, command):
    program = command.split()[0]
    if not shutil.which(program):
        pytest.skip(f"no {program} here")
    done = subprocess.run(
        ["bash", "-c", here(command, served)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = [path for path in tmp_path.iterdir() if path.stat().st_size > 500]
    assert len(done.stdout) > 200 or written


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_finds_records(served, script):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", here(script, served)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    layers, found = done.stdout.splitlines()
    assert "'parks'" in layers
    assert re.search(r"\b[1-9][0-9]*\b", found.removeprefix("EPSG:4550"))


class _Pages(SimpleHTTPRequestHandler):
    """The pages of the guide beside node_modules."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}
    city = ""

    def do_GET(self):
        page = PAGES.get(self.path.strip("/"))
        if page is None:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.replace(HOST, self.city).encode())

    def log_message(self, *_words):
        """Nothing is written of good answers."""


@pytest.fixture(scope="module")
def elsewhere(served):
    """The address of a server of another origin."""
    pages = type("Pages", (_Pages,), {"city": served.url})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(pages, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser):
    """A page in a browser that draws by WebGL, if only in software."""
    options = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    drawing = browser.browser_type.launch(executable_path=CHROMIUM, args=options)
    page = drawing.new_page(viewport={"width": 900, "height": 700})
    page.set_default_timeout(PATIENCE * 2)
    yield page
    drawing.close()


#: What is true once a page has drawn some records.
DRAWN = {
    "maplibre": "globalThis.map?.loaded() && map.queryRenderedFeatures().length > 50",
    "openlayers": """globalThis.map && map.getLayers().item(0)
        .getFeaturesInExtent(map.getView().calculateExtent()).length > 50""",
    "leaflet": "document.querySelectorAll('path.leaflet-interactive').length >= 20",
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_page_draws_the_city_from_another_origin(elsewhere, page, name):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda answer: answer.status >= 400 and faults.append(answer.url))
    page.goto(f"{elsewhere}/{name}")
    page.wait_for_function(DRAWN[name])
    assert [each for each in faults if "favicon" not in each] == []


@pytest.mark.parametrize("picture", re.findall(r"\]\((img/[^)]+)\)", GUIDE))
def test_pictures_are_there_and_light(picture):
    path = ROOT / "docs" / picture
    assert path.stat().st_size <= 250_000
    assert Image.open(path).size == (1440, 900)
