"""The last good view of the map without the service, which is really stopped."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.keeping import AWAY, NOTICE, kept, until
from tests.e2e.map_page import colours_on, count_in, ready, section
from tests.e2e.plots import NEAR, many_plots, share_of
from tests.e2e.served import Server, free_address

LANGUAGES_AND_SIZES = [
    pytest.param(path, size, id=f"{language}-{kind}")
    for path, language in (("/", "zh"), ("/en/", "en"))
    for size, kind in ((DESKTOP, "desktop"), (PHONE, "phone"))
]
#: Paths and queries of all that the worker keeps.
_KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) found.push(url.slice(location.origin.length));
  }
  return found;
}"""


@pytest.fixture
def own(served):
    """The service at an address of its own, so that it can go away without the others."""
    return replace(served, url=free_address())


@pytest.fixture
def server(own):
    """Its server, which runs as the test begins."""
    server = Server(own, "server-offline.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def keeping(visit, own, server):
    """Opens an address of it in a browser that has service workers, until the view is kept."""

    def open_page(path: str = "/", size: dict = DESKTOP, **options) -> Page:
        page = visit(path, size, base_url=own.url, service_workers="allow", **options)
        # Without the service nothing is said but that it is away.
        page.expects(AWAY)
        return kept(page)

    return open_page


def is_kept(path: str) -> str:
    """Whether something is kept, as a page asks."""
    return f"await caches.match('{path}', {{ignoreVary: true}})"


def come_back(page: Page) -> None:
    """Have the page look for the service as it does when the network comes back."""
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text(NOTICE)).to_have_count(0)
    ready(page)


def rename(own, name: str) -> None:
    """Give one park another Chinese name."""
    own.manage(
        "shell", "-v", "0", "-c",
        "from investment.models import Park\n"
        f"Park.objects.filter(slug='beilin-edz').update(name_zh='{name}')",
    )  # fmt: skip


@pytest.fixture
def renamed(own):
    """Renames a park of the city, which is kept, and gives it its name back."""
    given = own.manage(
        "shell", "-v", "0", "-c",
        "from investment.models import Park\n"
        "print(Park.objects.get(slug='beilin-edz').name_zh)",
    ).strip()  # fmt: skip
    yield lambda name: rename(own, name)
    rename(own, given)


def names_of_parks(page: Page):
    """The names of the parks in the list."""
    return section(page, "产业园区").locator(".result-name")


@pytest.mark.parametrize(("path", "size"), LANGUAGES_AND_SIZES)
def test_without_the_service_a_reload_shows_the_last_view_and_says_of_when(
    keeping, server, accessible, path, size
):
    page = keeping(f"{path}?view=9/46.64/126.98", size)
    title = "产业园区" if path == "/" else "Industrial parks"
    seen = (count_in(page, title), colours_on(page), page.locator(".result").count())
    server.stop()
    page.reload()
    ready(page)
    assert (count_in(page, title), colours_on(page), page.locator(".result").count()) == seen
    notice = page.get_by_text(NOTICE)
    expect(notice).to_be_visible()
    assert "2" in notice.inner_text()
    accessible(page)
    # Closed, the notice leaves the line under the map to say it.
    page.locator("[data-kind=connection]").get_by_role("button").last.click()
    expect(page.locator(".status-line .as-of")).to_be_visible()
    line = page.locator(".status-line").bounding_box()
    approval = page.locator(".approval").bounding_box()
    assert approval["y"] + approval["height"] <= line["y"] + line["height"]


def test_without_the_network_a_reload_shows_the_last_view(keeping):
    page = keeping("/?layers=parks")
    shown = count_in(page, "产业园区")
    page.context.set_offline(True)
    page.reload()
    ready(page)
    assert count_in(page, "产业园区") == shown > 0
    expect(page.get_by_text(NOTICE)).to_be_visible()
    page.context.set_offline(False)
    come_back(page)


def test_the_page_goes_on_by_itself_with_current_data(keeping, server, renamed):
    page = keeping("/?layers=parks&select=parks/beilin-edz")
    server.stop()
    page.reload()
    ready(page)
    expect(page.get_by_text(NOTICE)).to_be_visible()
    page.evaluate("window.stayed = true")
    renamed("改名后的园区")
    server.start()
    # Nothing is done here: the page looks for the service itself.
    expect(page.get_by_text(NOTICE)).to_have_count(0, timeout=60_000)
    expect(names_of_parks(page).filter(has_text="改名后的园区")).to_have_count(1)
    card = page.get_by_role("region", name="详情卡片")
    expect(card.get_by_role("heading")).to_have_text("改名后的园区")
    assert page.evaluate("window.stayed")


def test_while_the_service_answers_nothing_old_is_shown(keeping, renamed):
    page = keeping("/?layers=parks")
    for name in ("第一次改名", "第二次改名"):
        renamed(name)
        page.reload()
        ready(page)
        expect(names_of_parks(page).filter(has_text=name)).to_have_count(1)
        expect(page.get_by_text(NOTICE)).to_have_count(0)


def test_layers_that_have_gone_meanwhile_go_from_the_page(keeping, server, own):
    layer = "from layers.models import Layer; Layer.objects.filter(slug='railways')"
    page = keeping("/?layers=parks&tab=layers")
    box = page.get_by_role("checkbox", name="铁路")
    server.stop()
    page.reload()
    ready(page)
    expect(box).to_have_count(1)
    own.manage("shell", "-v", "0", "-c", f"{layer}.update(published=False)")
    try:
        server.start()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(box).to_have_count(0)
        expect(page).to_have_url(re.compile("layers=parks&tab=layers"))
    finally:
        own.manage("shell", "-v", "0", "-c", f"{layer}.update(published=True)")


def test_layers_drawn_from_tiles_are_there_too(keeping, server, served):
    with many_plots(served):
        page = keeping(f"/?{NEAR}")
        drawn = share_of(page, 0, 0, 255)
        server.stop()
        page.reload()
        ready(page)
        expect(page.get_by_text(NOTICE)).to_be_visible()
        assert share_of(page, 0, 0, 255) == drawn > 20_000
        # What was never loaded is missing, and can be asked for again.
        page.get_by_role("button", name="缩小", exact=True).click(click_count=3)
        missing = page.get_by_text("图层未能加载：大量地块。")
        expect(missing).to_be_visible()
        server.start()
        page.locator("[data-kind=layers]").get_by_role("button", name="重试").click()
        expect(missing).to_have_count(0)
        ready(page)
        assert share_of(page, 0, 0, 255) > 1_000


def test_a_page_that_stays_open_fetches_what_failed_when_the_service_is_back(keeping, server):
    page = keeping("/?layers=parks&tab=layers")
    server.stop()
    page.get_by_role("checkbox", name="铁路").check()
    expect(page.get_by_text("图层未能加载：铁路。")).to_be_visible()
    server.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("图层未能加载：铁路。")).to_have_count(0)
    ready(page)
    page.get_by_role("tab", name="查找").click()
    assert count_in(page, "铁路") > 0


def test_only_what_the_map_shows_is_kept(keeping, own):
    page = keeping("/?layers=parks,sites")
    sign_in(page)
    for path in ("/parks/", "/admin/layers/layer/", "/documents/", "/api/collections/parks"):
        page.goto(path)
    page.evaluate("fetch('/api/collections/parks/export?f=geojson').then(one => one.text())")
    page.evaluate("fetch('/api/search?q=a').then(one => one.text())")
    page.goto("/?layers=parks,sites")
    kept(page)
    own_paths = re.compile(
        r"/|/static/[^?]+\.[0-9a-f]{12}\.(js|css|svg|png)|/offline/ledger"
        r"|/api/collections\?lang=zh|/api/collections/(parks|sites)/items\?[^/]*"
    )
    found = page.evaluate(_KEPT)
    assert [path for path in found if not own_paths.fullmatch(path)] == []
    assert {"/", "/api/collections?lang=zh"} <= set(found)


def sign_in(page: Page) -> None:
    """Sign in as the demonstration's administrator."""
    page.goto("/admin/login/")
    page.locator("[name=username]").fill("admin")
    page.locator("[name=password]").fill("geoportal-demo")
    page.locator("[type=submit]").click()
    expect(page).to_have_url(re.compile("/admin/$"))


def test_caches_of_an_older_worker_go(visit, own, server):
    page = visit("/sitemap/", base_url=own.url, service_workers="allow")
    page.evaluate("caches.open('geoportal-pages-0').then(old => old.put('/', new Response('old')))")
    page.goto("/")
    kept(page)
    page.wait_for_function("() => navigator.serviceWorker.controller")
    assert "geoportal-pages-0" not in page.evaluate("caches.keys()")


def test_a_new_release_takes_the_place_of_the_old_one(keeping, own, server, tmp_path):
    page = keeping("/?layers=none")
    old, new = release(own, tmp_path)
    assert old in page.evaluate(_KEPT)
    server.stop()
    server.start(GEOPORTAL_VAR=str(tmp_path))
    page.reload()
    ready(page)
    until(page, f"{is_kept(new)} && !({is_kept(old)})")
    server.stop()
    page.reload()
    ready(page)
    expect(page.get_by_text(NOTICE)).to_be_visible()
    assert page.locator(f"link[href='{new}']").count() == 1


def release(own, var: Path) -> tuple[str, str]:
    """Collected files of which one style sheet is another; its addresses before and after."""
    static = var / "static"
    shutil.copytree(Path(own.environ["GEOPORTAL_VAR"]) / "static", static)
    manifest = static / "staticfiles.json"
    told = json.loads(manifest.read_text())
    old, new = told["paths"]["css/map.css"], "css/map.0123456789ab.css"
    (static / new).write_text((static / old).read_text() + "\n/* another */\n")
    told["paths"]["css/map.css"] = new
    manifest.write_text(json.dumps(told))
    (static / old).unlink()
    return f"/static/{old}", f"/static/{new}"


def test_switched_off_the_worker_and_what_it_kept_go(keeping, server):
    page = keeping("/?layers=none")
    server.stop()
    server.start(GEOPORTAL_OFFLINE="false")
    page.reload()
    ready(page)
    until(
        page,
        "!(await navigator.serviceWorker.getRegistrations()).length"
        " && !(await caches.keys()).length",
    )


def test_the_worker_is_asked_for_when_the_map_is_there(visit, own, server):
    page = visit("/sitemap/", base_url=own.url, service_workers="allow")
    page.add_init_script(
        """const register = navigator.serviceWorker.register;
           navigator.serviceWorker.register = function (...how) {
             window.busyThen = document.getElementById("map").getAttribute("aria-busy");
             return register.apply(this, how);
           };"""
    )
    page.goto("/")
    kept(page)
    assert page.evaluate("window.busyThen") == "false"
