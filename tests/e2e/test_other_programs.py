"""Pages of another origin draw our layers with programs that know nothing of us."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import CHROMIUM, PATIENCE

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "maplibre": """
<!doctype html><title>MapLibre</title>
<link rel="stylesheet" href="/maplibre-gl/dist/maplibre-gl.css">
<style>html, body, #map { margin: 0; height: 100% }</style><div id="map"></div>
<script type="module">
  import * as maplibre from "/maplibre-gl/dist/maplibre-gl.mjs";
  const style = new URLSearchParams(location.search).get("style");
  const map = new maplibre.Map({ container: "map", style, center: [126.97, 46.64], zoom: 8 });
  window.faults = [];
  map.on("error", ({ error }) => window.faults.push(String(error)));
  map.once("idle", () => (window.drawn = map));
</script>""",
    "leaflet": """
<!doctype html><title>Leaflet</title><link rel="stylesheet" href="/leaflet/dist/leaflet.css">
<style>html, body, #map { margin: 0; height: 100% }</style><div id="map"></div>
<script type="module">
  import * as L from "/leaflet/dist/leaflet-src.esm.js";
  const items = new URLSearchParams(location.search).get("items");
  const map = L.map("map");
  const page = await (await fetch(items)).json();
  const layer = L.geoJSON(page).addTo(map);
  map.fitBounds(layer.getBounds());
  window.drawn = { layers: layer.getLayers().length, matched: page.numberMatched };
</script>""",
}


class _Pages(SimpleHTTPRequestHandler):
    """The pages above, and the packages they are made with."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

    def do_GET(self):
        page = PAGES.get(self.path.partition("?")[0].strip("/"))
        if page is None:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_words):
        """Nothing is written of good answers."""


@pytest.fixture(scope="module")
def elsewhere():
    """The address of a server of another origin."""
    handler = partial(_Pages, directory=str(ROOT / "node_modules"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser):
    """A page in a browser that draws by WebGL, if only in software."""
    options = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    drawing = browser.browser_type.launch(executable_path=CHROMIUM, args=options)
    yield drawing.new_page(viewport={"width": 900, "height": 700})
    drawing.close()


def drawn_by_maplibre(page: Page, address: str) -> dict[str, int]:
    """How many records of each layer are to be seen, when all has been drawn."""
    page.goto(address)
    page.wait_for_function("window.drawn || window.faults?.length", timeout=PATIENCE * 2)
    assert page.evaluate("window.faults") == []
    return page.evaluate("""() => {
      const seen = {};
      for (const { source, properties } of drawn.queryRenderedFeatures()) {
        (seen[source] ??= new Set()).add(properties.id);
      }
      return Object.fromEntries(Object.entries(seen).map(([name, ids]) => [name, ids.size]));
    }""")


def test_maplibre_draws_the_map_by_its_style_and_tiles(served, elsewhere, page):
    style = f"{served.url}/api/style?lang=zh"
    seen = drawn_by_maplibre(page, f"{elsewhere}/maplibre?style={style}")
    assert seen["parks"] > 5
    assert seen["roads"] > 5
    assert seen["districts"] > 5


def test_maplibre_draws_one_layer_alone(served, elsewhere, page):
    style = f"{served.url}/api/collections/waterways/style?lang=en"
    seen = drawn_by_maplibre(page, f"{elsewhere}/maplibre?style={style}")
    assert set(seen) == {"waterways"}
    assert seen["waterways"] > 5


def test_leaflet_draws_the_records_of_a_layer(served, elsewhere, page):
    items = f"{served.url}/api/collections/parks/items?limit=1000"
    page.goto(f"{elsewhere}/leaflet?items={items}")
    page.wait_for_function("window.drawn", timeout=PATIENCE)
    drawn = page.evaluate("window.drawn")
    assert drawn["layers"] == drawn["matched"] >= 20
