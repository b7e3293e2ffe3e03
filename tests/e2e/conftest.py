"""The ground of the browser tests: a served demonstration city, a browser, what every page owes.

    def test_a_park_opens(visit):
        page = visit("/parks/")                       # Chinese, 1440 by 900
        page = visit("/en/parks/", PHONE)             # English, 390 by 844
        expect(page.get_by_role("heading", level=1)).to_have_text("Parks")

Every page opened by `visit` fails its test on an error in the console, an uncaught exception, a
failed request or an answer of 400 and above, unless the test expects it: `page.expects("404")`.
`accessible(page)` asserts that axe finds no serious or critical violation. What the browser saw is
kept under var/test-results when a test fails.
"""

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.served import Served, served_city

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "var" / "test-results"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 360, "height": 640}
CHROMIUM = os.environ.get("GEOPORTAL_CHROMIUM") or "/usr/bin/chromium"
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Long enough for a busy machine; what is there is seen at once however long this is.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code in every
# later test of the run, though those tests are as synchronous as ever.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def served() -> Served:
    """The demonstration city behind the production web server, on a database of its own."""
    with served_city() as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Browser:
    """The system's Chromium (GEOPORTAL_CHROMIUM names another)."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"no browser at {CHROMIUM}: install chromium or set GEOPORTAL_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


class Watch:
    """Notes what went wrong on a page; a test says what it expects to go wrong."""

    def __init__(self, page: Page):
        self.seen: list[str] = []
        self.expected: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"uncaught: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.expects = self.expected.append

    def _console(self, message):
        if message.type == "error":
            self.seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _failed(self, request):
        # A request that the page itself gave up, as it does when the view moves on.
        if request.failure != "net::ERR_ABORTED":
            self.seen.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response):
        if response.status >= 400:
            self.seen.append(f"answered {response.status}: {response.url}")

    def unexpected(self) -> list[str]:
        return [s for s in self.seen if not any(re.search(e, s) for e in self.expected)]


@pytest.fixture
def visit(request, served, browser):
    """Opens an address of the service in a context of its own; see the module's text."""
    contexts, watches, pages = [], [], []

    def open_page(path: str = "/", size: dict = DESKTOP, **options) -> Page:
        page = new_page(path, size, options)
        page.goto(path)
        return page

    def new_page(path, size, options):
        options.setdefault("locale", "en" if path.startswith("/en/") else "zh-CN")
        options.setdefault("has_touch", size["width"] < 600)
        # A worker would answer in place of the routes that tests lay; those of the worker allow it.
        options.setdefault("service_workers", "block")
        options.setdefault("base_url", served.url)
        context = browser.new_context(viewport=size, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        watches.append(Watch(page))
        pages.append(page)
        return page

    yield open_page
    failed = getattr(request.node, "failed", False)
    problems = [problem for watch in watches for problem in watch.unexpected()]
    if failed or problems:
        _keep_screenshots(request.node.nodeid, pages)
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)


def _keep_screenshots(nodeid: str, pages: list[Page]):
    RESULTS.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]+", "_", nodeid.removeprefix("tests/e2e/"))
    for number, page in enumerate(pages):
        if not page.is_closed():
            page.screenshot(path=RESULTS / f"{name}-{number}.png")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture(scope="session")
def accessible():
    """Assert that axe finds no serious or critical violation of WCAG 2.2 A and AA on a page."""
    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text()

    def check(page: Page) -> None:
        # Evaluated through the debugger, not as a script element: the policy of the page stays on.
        page.evaluate(axe)
        violations = page.evaluate("axe.run({resultTypes: ['violations']}).then(r => r.violations)")
        grave = [v for v in violations if v["impact"] in ("serious", "critical")]
        assert not grave, "\n".join(_violation(v) for v in grave)

    return check


def _violation(violation: dict) -> str:
    places = [json.dumps(node["html"], ensure_ascii=False) for node in violation["nodes"][:5]]
    return f"{violation['id']}: {violation['help']}\n  " + "\n  ".join(places)
