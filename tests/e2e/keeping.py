"""A map whose last good view is kept by its service worker."""

import re

from playwright.sync_api import Page

from tests.e2e.map_page import ready

NOTICE = re.compile("地图显示的是 .+ 保存的内容|the map is shown as of .+")
#: Without the service nothing is said but that it is away.
AWAY = "ERR_CONNECTION_REFUSED|ERR_FAILED|ERR_INTERNET_DISCONNECTED"
_HAS_KEPT = """await caches.match(location.pathname, {ignoreVary: true}) && await caches.match(
  `/api/collections?lang=${location.pathname === "/" ? "zh" : "en"}`, {ignoreVary: true})"""


def kept(page: Page) -> Page:
    """The page, all it shows kept: it tells the catalogue last."""
    ready(page)
    until(page, _HAS_KEPT)
    return page


def until(page: Page, condition: str) -> None:
    """Wait for something that a page has to wait for itself to know it."""
    page.evaluate(
        f"""async () => {{
          while (!({condition})) await new Promise((done) => setTimeout(done, 50));
        }}"""
    )
