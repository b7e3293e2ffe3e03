"""Who and what the map page must bear: keyboards, links, broken networks, hostile input."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.map_page import (
    count_in,
    first_of,
    is_painted_over,
    pixel,
    ready,
    section,
    view_of,
)

# --- The address -------------------------------------------------------------------------------


def test_a_reload_restores_the_whole_view(visit):
    page = ready(
        visit("/?view=11/46.6500/126.9500&layers=parks,roads&parks.level=provincial&tab=layers")
    )
    before = page.url
    page.reload()
    ready(page)
    expect(page).to_have_url(before)
    expect(page.get_by_role("tab", name="图层")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("checkbox", name="地块与厂房")).not_to_be_checked()


def test_a_record_chosen_within_a_cluster_stands_above_it_as_a_pin(visit):
    page = ready(visit("/?view=7.00/46.6400/126.9800&select=projects/anda-cheese"))
    place = page.request.get("/api/collections/projects/items/anda-cheese").json()["geometry"]
    x, y = pixel(page, *place["coordinates"])
    assert is_painted_over(page, x, y - 26)
    assert not is_painted_over(page, x, y + 12)


def test_moving_the_map_changes_the_address(visit):
    page = ready(visit("/?view=10/46.6400/126.9800"))
    page.get_by_role("button", name="放大", exact=True).click()
    expect(page).to_have_url(re.compile("view=11/46.6400/126.9800"))


def test_a_link_to_a_record_opens_its_card_there(visit):
    page = ready(visit("/"))
    project = first_of(page, "projects")
    page.goto(f"/?select=projects/{project['id']}")
    ready(page)
    heading = page.get_by_role("region", name="详情卡片").get_by_role("heading")
    expect(heading).to_have_text(project["properties"]["name_zh"])
    # In the middle of what the card leaves free.
    x, y = pixel(page, *project["geometry"]["coordinates"][:2])
    card, map_ = page.locator(".map-card").bounding_box(), page.locator("#map").bounding_box()
    free = (card["x"] + card["width"], map_["x"] + map_["width"])
    assert x == pytest.approx(sum(free) / 2, abs=3)
    assert y == pytest.approx(map_["y"] + map_["height"] / 2, abs=3)


@pytest.mark.parametrize(
    "query",
    [
        "view=hello",
        "layers=nothing-like-it",
        "select=nowhere/1",
        "base=unknown",
        "sites.area_m2=9..1",
        "parks.colour=red",
        "parks.level=evil",
        "theme=parks:level",
        "select=<script>alert(1)</script>/x",
    ],
)
def test_what_the_address_says_wrongly_is_left_out_with_a_notice(visit, query):
    page = ready(visit(f"/?{query}"))
    expect(page.get_by_text("链接中的部分内容无法识别")).to_be_visible()
    assert count_in(page, "产业园区") > 0


def test_a_link_to_a_withdrawn_record_says_so(visit):
    page = visit("/")
    page.expects("404")
    page.goto("/?select=parks/gone")
    ready(page)
    expect(page.get_by_text("未找到所选对象")).to_be_visible()


def test_the_other_language_shows_the_same_view(visit):
    page = ready(visit("/?view=11/46.6500/126.9500&layers=parks"))
    page.get_by_role("button", name="放大", exact=True).click()
    expect(page).to_have_url(re.compile("view=12/"))
    page.get_by_role("link", name="English").first.click()
    ready(page)
    expect(page).to_have_url(re.compile(r"/en/\?view=12/46\.6\d+/126\.9\d+&layers=parks"))
    expect(page.get_by_role("tab", name="Layers")).to_be_visible()


# --- Keyboard ----------------------------------------------------------------------------------


def test_the_list_is_walked_by_arrows_opened_by_enter_left_by_escape(visit):
    page = ready(visit("/?layers=parks"))
    head = section(page, "产业园区").get_by_role("button").first
    head.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = section(page, "产业园区").locator(".result").nth(1)
    expect(second).to_be_focused()
    name = second.locator(".result-name").inner_text()
    page.keyboard.press("Enter")
    card = page.get_by_role("region", name="详情卡片")
    expect(card.get_by_role("heading")).to_have_text(name)
    expect(card).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.locator(".result:focus .result-name")).to_have_text(name)


def test_the_list_is_one_stop_for_tab(visit):
    page = ready(visit("/"))
    stops = page.locator(".results-sections button").evaluate_all(
        "all => all.filter(one => one.tabIndex === 0).length"
    )
    assert stops == 1


def test_tabs_are_changed_by_arrows(visit):
    page = ready(visit("/"))
    page.get_by_role("tab", name="查找").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="图层")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="图层")).to_be_visible()


def test_the_map_is_moved_and_asked_by_keyboard(visit):
    page = ready(visit("/?view=10/46.7/126.98&layers=districts"))
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("region", name="详情卡片")
    expect(card.get_by_role("heading")).to_have_text("北林区")
    page.keyboard.press("Escape")
    page.locator("#map").focus()
    page.keyboard.press("ArrowUp")
    expect(page).not_to_have_url(re.compile("46.7000"))
    assert view_of(page)[1] > 46.7


def test_escape_closes_the_card_from_the_map_too(visit):
    page = ready(visit("/"))
    park = first_of(page, "parks")
    page.goto(f"/?select=parks/{park['id']}")
    card = page.get_by_role("region", name="详情卡片")
    expect(card).to_be_visible()
    page.get_by_role("application", name=re.compile("方向键移动")).focus()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_the_panel_closes_and_opens(visit):
    page = ready(visit("/"))
    map_ = page.locator("#map")
    width = map_.evaluate("map => map.offsetWidth")
    page.get_by_role("button", name="收起面板").click()
    page.wait_for_function("width => map.offsetWidth > width + 200", arg=width)
    page.get_by_role("button", name="展开面板").click()
    expect(map_).to_have_js_property("offsetWidth", width)


# --- When something fails ----------------------------------------------------------------------


def test_a_layer_that_fails_is_named_and_comes_when_tried_again(visit):
    page = visit("/?layers=none")
    page.expects("failed:|console:")
    ready_pattern = "**/collections/parks/items?*"
    page.route(ready_pattern, lambda route: route.abort("connectionrefused"))
    page.goto("/?layers=parks")
    notice = page.get_by_text("图层未能加载：产业园区。")
    expect(notice).to_be_visible()
    page.unroute(ready_pattern)
    page.locator(".map-notice").get_by_role("button", name="重试").click()
    expect(notice).to_have_count(0)
    ready(page)
    assert count_in(page, "产业园区") > 0


def test_many_layers_that_fail_are_one_notice_and_come_when_the_network_is_back(visit):
    page = visit("/?layers=none")
    page.expects("failed:|console:")
    page.route("**/items?*", lambda route: route.abort("internetdisconnected"))
    page.goto("/")
    expect(page.get_by_text(re.compile(r"^\d+ 个图层未能加载：.+等。$"))).to_be_visible()
    expect(page.locator(".map-notice")).to_have_count(1)
    expect(page.get_by_text("图层未能加载，暂无法列出。")).to_be_visible()
    page.unroute("**/items?*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".map-notice")).to_have_count(0)
    ready(page)
    assert count_in(page, "产业园区") > 0


def test_a_catalogue_that_fails_is_told_and_comes_when_tried_again(visit):
    page = visit("/")
    page.expects("failed:|console:")
    page.route("**/api/collections?*", lambda route: route.abort("connectionrefused"))
    page.reload()
    expect(page.locator("#panel").get_by_text("地图目录加载失败")).to_be_visible()
    page.unroute("**/api/collections?*")
    page.locator("#panel").get_by_role("button", name="重试").click()
    ready(page)
    assert count_in(page, "产业园区") > 0


def test_a_search_that_fails_is_told_and_comes_when_tried_again(visit):
    page = ready(visit("/"))
    page.expects("failed:|console:|answered 500")
    page.route("**/api/search?*", lambda route: route.fulfill(status=500, body="{}"))
    page.get_by_role("combobox").fill("海伦")
    expect(page.get_by_text("搜索暂时不可用。")).to_be_visible()
    page.unroute("**/api/search?*")
    page.get_by_role("button", name="重试").click()
    page.get_by_role("combobox").focus()
    expect(page.get_by_role("option").first).to_be_visible()


def test_a_layer_too_large_for_one_answer_says_how_much_is_missing(visit):
    page = visit("/?layers=none")

    def enlarge(route):
        answer = route.fetch()
        document = answer.json()
        for collection in document["collections"]:
            if collection["id"] == "parks":
                collection["geoportal"]["count"] = 200000
        route.fulfill(response=answer, json=document)

    def cut(route):
        assert "bbox=" in route.request.url
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "numberMatched": 81234})

    page.route("**/api/collections?*", enlarge)
    page.route("**/collections/parks/items?*", cut)
    page.goto("/?layers=parks&tab=layers")
    ready(page)
    expect(page.get_by_text(re.compile("当前仅显示 81,234 项中的 2\\d 项"))).to_be_visible()


def test_markup_in_a_name_is_shown_as_text(visit):
    page = visit("/?layers=none")
    evil = "<img src=x onerror=alert(1)>"

    def poison(route):
        answer = route.fetch()
        document = answer.json()
        for feature in document["features"]:
            feature["properties"]["name_zh"] = evil
        route.fulfill(response=answer, json=document)

    page.route("**/collections/parks/items?*", poison)
    page.goto("/?layers=parks")
    ready(page)
    expect(section(page, "产业园区").locator(".result-name").first).to_have_text(evil)
    assert page.locator("#panel img").count() == 0
