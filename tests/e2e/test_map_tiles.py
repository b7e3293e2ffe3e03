"""Layers too large to come whole, drawn from tiles."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.map_page import click_on_map, colours_on, ready, section
from tests.e2e.plots import COUNT, FAR, LAYER, NEAR, PLOT, many_plots, share_of


@pytest.fixture(scope="module", autouse=True)
def laid(served):
    """The plots, for all tests here."""
    with many_plots(served):
        yield


def test_the_layer_announces_that_it_is_drawn_from_tiles(visit):
    page = visit("/?layers=none")
    told = page.request.get(f"/api/collections/{LAYER}").json()["geoportal"]
    assert (told["count"], told["drawnFrom"]) == (COUNT, "tiles")
    assert told["tiles"].startswith(told["versioned"])


def test_plots_come_by_tiles_and_a_click_opens_the_card(visit):
    page = visit("/?layers=none")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/?{NEAR}")
    ready(page)
    assert share_of(page, 0, 0, 255) > 20_000
    assert share_of(page, 255, 0, 0) > 20_000
    assert [url for url in asked if f"{LAYER}/items" in url] == []
    click_on_map(page, *PLOT)
    heading = page.get_by_role("region", name="详情卡片").get_by_role("heading")
    expect(heading).to_have_text("地块75-67")
    page.wait_for_function(
        """() => {
          const canvas = document.querySelector("#map canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          for (let i = 0, found = 0; i < data.length; i += 4) {
            if (data[i] === 0xd6 && data[i + 1] === 0x29 && (found += 1) > 50) return true;
          }
          return false;
        }"""
    )
    expect(section(page, "大量地块").locator(".tally")).not_to_have_text("0")


def test_a_filter_is_asked_of_the_tiles(visit):
    page = ready(visit(f"/?{NEAR}&{LAYER}.size=80..90"))
    shown = share_of(page, 0, 0, 255)
    page.goto(f"/?{NEAR}")
    ready(page)
    assert 0 < shown < share_of(page, 0, 0, 255) * 0.7


def test_what_is_gathered_is_a_number_that_opens_by_a_click(visit):
    page = ready(visit(f"/?{FAR}"))
    assert colours_on(page) > 20
    row = section(page, "大量地块")
    row.get_by_role("button").first.click()
    expect(row.get_by_text(re.compile("另有 .* 项在地图上以数字汇总，放大可见"))).to_be_visible()
    page.get_by_role("tab", name="图层").click()
    expect(page.get_by_text(re.compile("当前仅显示 .* 项中的 .* 项"))).to_be_visible()


def test_a_tile_that_failed_comes_when_tried_again(visit):
    page = visit("/?layers=none")
    page.expects("tiles/")
    page.context.route("**/tiles/WebMercatorQuad/**", lambda route: route.fulfill(status=500))
    page.goto(f"/?{NEAR}")
    retry = page.get_by_role("button", name="重试")
    expect(retry.first).to_be_visible()
    page.context.unroute("**/tiles/WebMercatorQuad/**")
    retry.first.click()
    expect(retry).to_have_count(0)
    ready(page)
    assert share_of(page, 0, 0, 255) > 20_000


def test_it_looks_as_the_same_layer_drawn_whole(visit):
    page = ready(visit(f"/?{NEAR}"))
    from_tiles = share_of(page, 0, 0, 255)

    def whole(route):
        answer = route.fetch()
        document = answer.json()
        for each in document["collections"]:
            each["geoportal"]["drawnFrom"] = "items"
        route.fulfill(response=answer, json=document)

    page.route("**/api/collections?*", whole)
    page.reload()
    ready(page)
    assert from_tiles == pytest.approx(share_of(page, 0, 0, 255), rel=0.02)
