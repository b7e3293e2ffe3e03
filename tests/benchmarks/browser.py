"""What a browser needs for the map: weight, time to draw and to move, memory."""

import os
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.data import EXTENT, KINDS, slug

CHROMIUM = os.environ.get("GEOPORTAL_CHROMIUM") or "/usr/bin/chromium"
_SIZE = {"width": 1440, "height": 900}
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"]
_SLOW = 4
_DATA = ("/api/",)
_PAN_STEPS = 60

_FRAMES = """() => {
  window.frames_ = [];
  let last = performance.now();
  const each = (now) => {
    window.frames_.push(now - last);
    last = now;
    requestAnimationFrame(each);
  };
  requestAnimationFrame(each);
}"""


#: The map shows all of these layers of 100,000 at once, and a part of them close by.
LAYERS, ZOOMS = ("lines", "polygons"), (8, 11)
_TURNS = 3


@dataclass(frozen=True)
class Budget:
    """What is told of a figure, and the most of it that is wanted."""

    name: str
    most: float
    unit: str


BUDGETS = {
    "weight": Budget("page before data, compressed", 250, "kB"),
    "interactive": Budget("interactive, processor slowed 4 times", 2, "s"),
    "drawn": Budget("first full draw, warm server", 1.5, "s"),
    "frame": Budget("frame while panning, p95", 33, "ms"),
    "heap": Budget("heap", 150, "MB"),
}


@dataclass(frozen=True)
class Seen:
    """The figures of a view, by the names of budgets, medians of several visits."""

    name: str
    figures: dict[str, float]

    @property
    def short(self) -> list[str]:
        """What is beyond its budget, a sentence each."""
        return [
            f"{self.name}: {budget.name} {self.figures[name]:.3g} {budget.unit}, "
            f"at most {budget.most:g} wanted"
            for name, budget in BUDGETS.items()
            if self.figures[name] > budget.most
        ]


def measure_all(port: int) -> list[Seen]:
    """Every layer at every zoom, in a browser that has never been there."""
    west, south, east, north = EXTENT
    middle = f"{(south + north) / 2:.4f}/{(west + east) / 2:.4f}"
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_OPTIONS)
        for kind in LAYERS:
            for zoom in ZOOMS:
                url = f"http://127.0.0.1:{port}/?view={zoom}/{middle}&layers={slug(kind)}"
                visits = [_visit(browser, url) for _turn in range(_TURNS + 1)][1:]
                name = f"{KINDS[kind].rows:,} {kind}, zoom {zoom}"
                found.append(Seen(name, _medians(visits)))
                print(found[-1], flush=True)
        browser.close()
    return found


def text(seen: Iterable[Seen]) -> str:
    """The section on the browser."""
    head = [
        "view",
        *(f"{budget.name} (≤ {budget.most:g} {budget.unit})" for budget in BUDGETS.values()),
    ]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for each in seen:
        cells = [f"{each.figures[name]:.3g} {budget.unit}" for name, budget in BUDGETS.items()]
        lines.append(f"| {each.name} | {' | '.join(cells)} |")
    return _TEXT.format(table="\n".join(lines))


_TEXT = """## In the browser

Headless Chromium without a graphics card, 1440 by 900 pixels, on the machine that serves; medians
of visits by a browser that has never been there, to a server that has been asked before.

{table}
"""


def _medians(visits: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in visits) for name in BUDGETS}


def _visit(browser: Browser, url: str) -> dict[str, float]:
    return {**_drawing(browser, url), "interactive": _interactive(browser, url)}


def _drawing(browser: Browser, url: str) -> dict[str, float]:
    page = browser.new_page(viewport=_SIZE)
    weight = _weighed(page)
    page.goto(url)
    _rested(page)
    drawn = page.evaluate("performance.now()") / 1000
    frames = _panned(page)
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    page.close()
    return {
        "weight": sum(weight) / 1000,
        "drawn": drawn,
        "frame": frames[int(len(frames) * 0.95)],
        "heap": heap / 1e6,
    }


def _weighed(page: Page) -> list[int]:
    """Grows by the compressed size of everything but data as it comes."""
    session, sizes, data = page.context.new_cdp_session(page), [], set()
    session.send("Network.enable")

    def answered(event: dict) -> None:
        if any(part in event["response"]["url"] for part in _DATA):
            data.add(event["requestId"])

    def finished(event: dict) -> None:
        if event["requestId"] not in data:
            sizes.append(round(event["encodedDataLength"]))

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    return sizes


def _rested(page: Page) -> None:
    page.wait_for_selector("#map[aria-busy=false]", timeout=120_000)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def _panned(page: Page) -> list[float]:
    """The time of each frame, shortest first, while the map is dragged to and fro."""
    x, y = _SIZE["width"] * 0.65, _SIZE["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(_FRAMES)
    for step in range(_PAN_STEPS):
        page.mouse.move(x + 4 * (step % 30), y + 2 * (step % 30))
    frames = page.evaluate("window.frames_")
    page.mouse.up()
    return sorted(frames)


def _interactive(browser: Browser, url: str) -> float:
    """Seconds until the panel can be used, on a processor made slow."""
    page = browser.new_page(viewport=_SIZE)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOW})
    page.goto(url, wait_until="commit")
    page.wait_for_selector("[role=tab]", timeout=120_000)
    passed = page.evaluate("performance.now()") / 1000
    page.close()
    return passed
