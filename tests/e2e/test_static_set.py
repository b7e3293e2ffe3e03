"""Any file server shows a static set: the map, its layers, the card of a record."""

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import CHROMIUM, DESKTOP, PATIENCE, PHONE, Watch

#: Zoom and place of the map (as MapLibre counts) with a park in the middle.
BEILIN = "#12/46.5961/126.96848"


class _Files(SimpleHTTPRequestHandler):
    """Files, and parts of them where a request says which (RFC 9110, section 14)."""

    answers_parts = True

    def send_head(self):
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not (asked and self.answers_parts):
            return super().send_head()
        body = Path(self.translate_path(self.path)).read_bytes()
        first, last = int(asked[1]), min(int(asked[2]), len(body) - 1)
        self.send_response(206)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(body[first : last + 1])
        return None

    def log_message(self, *_words):
        """Nothing is written of good answers."""


class _WholeFiles(_Files):
    """A file server that knows no parts."""

    answers_parts = False


@pytest.fixture(scope="module")
def folder(served, tmp_path_factory) -> Path:
    """The map of the demonstration city as a static set."""
    folder = tmp_path_factory.mktemp("set") / "map"
    served.manage("export_tiles", str(folder), "--max-zoom", "12")
    return folder


@pytest.fixture
def host(folder):
    """Serves the set; gives its address."""
    servers = []

    def serve(handler=_Files) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def open_page(browser):
    """Opens an address in a browser that draws by WebGL, if only in software."""
    options = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    drawing = browser.browser_type.launch(executable_path=CHROMIUM, args=options)
    watches = []

    def open_page(address: str, size: dict = DESKTOP) -> Page:
        page = drawing.new_page(viewport=size, has_touch=size is PHONE, reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        watches.append(Watch(page))
        page.goto(address)
        return page

    yield open_page
    problems = [problem for watch in watches for problem in watch.unexpected()]
    drawing.close()
    assert problems == []


def ready(page: Page) -> Page:
    """The page when the map has been drawn."""
    expect(page.locator("#map:not([aria-busy])")).to_be_visible(timeout=PATIENCE * 2)
    return page


def pick_middle(page: Page) -> None:
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize(
    ("path", "size"), [("", DESKTOP), ("en.html", DESKTOP), ("", PHONE), ("en.html", PHONE)]
)
def test_a_click_on_the_map_opens_the_card_of_a_record(host, open_page, accessible, path, size):
    title, unit = ("Industrial parks", "Responsible") if path else ("产业园区", "责任单位")
    page = ready(open_page(f"{host()}/{path}{BEILIN}", size))
    pick_middle(page)
    card = page.locator("#card")
    expect(card).to_be_visible()
    expect(card.locator(".set-card-kind")).to_contain_text(title)
    expect(card).to_contain_text(unit)
    accessible(page)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_the_keyboard_alone_opens_and_closes_the_card(host, open_page):
    page = ready(open_page(f"{host()}/en.html{BEILIN}"))
    page.locator("#map canvas").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#map canvas")).to_be_focused()


def test_a_layer_is_switched_on_and_off_with_its_legend(host, open_page):
    page = ready(open_page(f"{host()}/en.html{BEILIN}"))
    roads = page.locator(".set-panel li", has=page.get_by_label("Roads", exact=True)).first
    box = roads.get_by_role("checkbox")
    was = box.is_checked()
    box.set_checked(not was)
    expect(roads.locator(".set-legend")).to_be_visible(visible=not was)
    box.set_checked(was)
    expect(roads.locator(".set-legend")).to_be_visible(visible=was)


def test_on_a_phone_the_layers_open_over_the_map(host, open_page, accessible):
    page = ready(open_page(f"{host()}/", PHONE))
    panel = page.locator("#panel")
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="图层").click()
    expect(panel).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="图层")).to_be_focused()


def test_the_other_language_shows_the_same_place(host, open_page):
    page = ready(open_page(f"{host()}/{BEILIN}"))
    page.locator("#map canvas").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.getElementById('other-language').hash.length > 1")
    place = page.evaluate("location.hash")
    page.get_by_role("link", name="English").click()
    ready(page)
    assert page.evaluate("location.hash") == place
    expect(page.get_by_role("heading", level=1)).to_contain_text("Suihua")


def test_a_server_that_cannot_give_parts_of_files_is_told(host, open_page):
    page = open_page(f"{host(_WholeFiles)}/en.html")
    expect(page.locator("#notice")).to_contain_text("range requests")
