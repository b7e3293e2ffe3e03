"""What the tests of the map page share: waiting for it to rest, and places as pixels."""

import math
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

TILE = 256


def ready(page: Page) -> Page:
    """The page at rest: every layer in view is loaded and drawn, and the address says the view."""
    expect(page.locator("#map")).to_have_attribute("aria-busy", "false")
    return page


def view_of(page: Page) -> tuple[float, float, float]:
    """Zoom, latitude and longitude as the address of a page at rest says."""
    ready(page)
    expect(page).to_have_url(re.compile(r"[?&]view="))
    zoom, lat, lon = parse_qs(urlsplit(page.url).query)["view"][0].split("/")
    return float(zoom), float(lat), float(lon)


def project(lon: float, lat: float) -> tuple[float, float]:
    """Web Mercator on the unit square."""
    sine = math.sin(math.radians(lat))
    return (lon + 180) / 360, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def pixel(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place is on the page."""
    zoom, centre_lat, centre_lon = view_of(page)
    box = page.locator("#map").bounding_box()
    (x, y), (cx, cy) = project(lon, lat), project(centre_lon, centre_lat)
    world = TILE * 2**zoom
    return (
        box["x"] + box["width"] / 2 + (x - cx) * world,
        box["y"] + box["height"] / 2 + (y - cy) * world,
    )


def click_on_map(page: Page, lon: float, lat: float) -> None:
    """Click the map at a place."""
    page.mouse.click(*pixel(page, lon, lat))


def park_place(page: Page, slug: str) -> tuple[float, float]:
    """The middle of the box of a park, asked of the public API."""
    answer = page.request.get(f"/api/collections/parks/items/{slug}")
    (ring, *_more) = _polygons(answer.json()["geometry"])[0]
    lons, lats = [p[0] for p in ring], [p[1] for p in ring]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _polygons(geometry: dict) -> list:
    coordinates = geometry["coordinates"]
    return coordinates if geometry["type"] == "MultiPolygon" else [coordinates]


def first_of(page: Page, collection: str) -> dict:
    """The first record of a collection, as the public API gives it."""
    return page.request.get(f"/api/collections/{collection}/items?limit=1").json()["features"][0]


def section(page: Page, title: str):
    """A section of the list of what the map shows."""
    return page.get_by_role("region", name=title, exact=True)


def count_in(page: Page, title: str) -> int:
    """How many records of a layer the list says are in view; 0 when it has no such section."""
    found = section(page, title)
    if not found.count():
        return 0
    return int(found.locator(".tally").inner_text().replace(",", ""))


def colours_on(page: Page) -> int:
    """How many different colours the map shows: a blank map has one."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelector("#map canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const seen = new Set();
          for (let i = 0; i < data.length; i += 4) {
            seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
          }
          return seen.size;
        }"""
    )


def painted_over(page: Page) -> int:
    """How many pixels stand out over the map: what is hovered, selected or measured."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelectorAll("#map canvas")[1];
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let painted = 0;
          for (let i = 3; i < data.length; i += 4) if (data[i]) painted += 1;
          return painted;
        }"""
    )


def is_painted_over(page: Page, x: float, y: float) -> bool:
    """Whether something that stands out over the map is painted at a place of the page."""
    return page.evaluate(
        """([x, y]) => {
          const canvas = document.querySelectorAll("#map canvas")[1];
          const box = canvas.getBoundingClientRect();
          const scale = canvas.width / box.width;
          const at = [(x - box.left) * scale, (y - box.top) * scale];
          return canvas.getContext("2d").getImageData(...at, 1, 1).data[3] > 0;
        }""",
        [x, y],
    )
