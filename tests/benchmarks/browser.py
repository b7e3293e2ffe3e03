"""What a browser needs for the map: weight, time to draw and to move, memory.

    python -m tests.benchmarks.browser 'http://127.0.0.1:8000/?view=…&layers=…'

The address should show a large layer on a warm server; every figure is of a fresh context.
"""

import json
import os
import sys

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("GEOPORTAL_CHROMIUM") or "/usr/bin/chromium"
_SIZE = {"width": 1440, "height": 900}
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


def measure(url: str) -> dict:
    """Bytes of the page before data, seconds, milliseconds of a frame, and bytes of the heap."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--enable-precise-memory-info"]
        )
        try:
            return {**_drawing(browser, url), "interactive_slow_s": _interactive(browser, url)}
        finally:
            browser.close()


def _drawing(browser: Browser, url: str) -> dict:
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
        "page_bytes": sum(weight),
        "first_full_draw_s": round(drawn, 2),
        "pan_frame_p95_ms": round(frames[int(len(frames) * 0.95)], 1),
        "heap_bytes": heap,
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
    return round(passed, 2)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1]), indent=2))
