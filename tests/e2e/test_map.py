"""What a visitor sees on the map page: layers, list, search, filters, cards."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESKTOP, PHONE, SMALL
from tests.e2e.map_page import (
    click_on_map,
    colours_on,
    count_in,
    first_of,
    painted_over,
    park_place,
    pixel,
    ready,
    section,
    view_of,
)

PARKS, SITES, PROJECTS = "产业园区", "地块与厂房", "招商项目"


@pytest.mark.parametrize("path", ["/", "/en/"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE, SMALL], ids=["desktop", "phone", "small"])
def test_the_map_is_drawn_without_any_base_map(visit, accessible, path, size):
    page = ready(visit(path, size))
    assert colours_on(page) > 200
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    accessible(page)


def test_the_page_is_named_and_its_map_too(visit):
    page = ready(visit("/"))
    expect(page).to_have_title("绥化投资地图")
    expect(page.get_by_role("region", name="地图", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("绥化投资地图")


def test_the_welcome_tells_figures_leads_on_and_stays_away_once_closed(visit):
    page = ready(visit("/"))
    strip = page.get_by_role("complementary", name="城市概览")
    assert len(strip.locator("dd").all()) >= 3
    expect(strip.get_by_role("link")).to_have_attribute("href", "/why/")
    strip.get_by_role("button", name="关闭概览").click()
    expect(strip).to_have_count(0)
    page.goto("/")
    ready(page)
    expect(strip).to_have_count(0)


# --- Layers ------------------------------------------------------------------------------------


def test_a_layer_switched_off_leaves_map_list_and_address(visit):
    page = ready(visit("/"))
    before = colours_on(page)
    assert count_in(page, PARKS) > 0
    page.get_by_role("tab", name="图层").click()
    for name in (PARKS, SITES, PROJECTS):
        page.get_by_role("checkbox", name=name).uncheck()
    expect(page).to_have_url(re.compile(r"[?&]layers=(?!.*parks)"))
    page.get_by_role("tab", name="查找").click()
    expect(section(page, PARKS)).to_have_count(0)
    assert colours_on(page) < before


def test_the_tree_shows_groups_with_legends_and_counts(visit):
    page = ready(visit("/?tab=layers"))
    tree = page.get_by_role("tabpanel", name="图层")
    expect(tree.get_by_role("button", name=re.compile("^投资招商"))).to_be_visible()
    expect(tree.get_by_text("国家级", exact=True).first).to_be_visible()
    expect(tree.get_by_text("高速公路", exact=True)).to_be_visible()
    assert tree.locator("canvas.swatch").count() > 5


def test_a_layer_for_closer_views_says_so_and_leads_there(visit):
    page = ready(visit("/?view=8/46.64/126.98&layers=districts,pipelines&tab=layers"))
    row = page.locator(".layer", has_text="管线")
    row.get_by_role("button", name="放大后显示").click()
    ready(page)
    expect(row.get_by_role("button", name="放大后显示")).to_have_count(0)
    assert view_of(page)[0] == 12
    expect(row.get_by_text("燃气", exact=True)).to_be_visible()


def test_a_layer_tells_its_source_steward_and_date(visit):
    page = ready(visit("/?tab=layers"))
    page.get_by_role("button", name="关于“公路与城市道路”").click()
    about = page.locator(".layer-about")
    for label in ("数据来源", "数据时点", "更新周期"):
        expect(about.get_by_text(label)).to_be_visible()


def test_a_thematic_map_changes_with_its_indicator(visit):
    page = ready(visit("/?layers=district-economy&tab=layers"))
    legend = page.locator(".layer", has_text="县域经济专题").locator(".legend")
    expect(legend.get_by_text("< 250,000")).to_be_visible()
    page.get_by_role("radio", name=re.compile("人口密度")).check()
    expect(legend.get_by_text("< 60", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("theme=district-economy:density"))


# --- List --------------------------------------------------------------------------------------


def test_the_list_holds_what_the_map_shows(visit):
    page = ready(visit("/"))
    everywhere = count_in(page, PARKS)
    assert everywhere >= 20
    place = park_place(page, first_of(page, "parks")["id"])
    page.goto(f"/?view=12/{place[1]}/{place[0]}")
    ready(page)
    assert 0 < count_in(page, PARKS) < everywhere
    page.get_by_role("button", name="全市范围").click()
    ready(page)
    expect(section(page, PARKS).locator(".tally")).to_have_text(str(everywhere))


def test_where_nothing_of_the_city_is_the_list_leads_back_to_it(visit):
    page = ready(visit("/?view=8/30.0000/100.0000"))
    page.locator(".results-summary").get_by_role("button", name="全市范围").click()
    ready(page)
    assert count_in(page, PARKS) >= 20


def test_the_live_region_says_what_is_in_view(visit):
    page = ready(visit("/"))
    expect(page.locator("#live")).to_contain_text(f"{PARKS} {count_in(page, PARKS)}")


def test_hovering_the_list_lights_up_the_map(visit):
    page = ready(visit("/"))
    assert painted_over(page) == 0
    section(page, PARKS).locator(".result").first.hover()
    assert painted_over(page) > 100


def test_hovering_the_map_lights_up_the_list(visit):
    page = ready(visit("/?layers=parks"))
    park = first_of(page, "parks")
    lon, lat = park_place(page, park["id"])
    page.goto(f"/?layers=parks&view=13/{lat}/{lon}")
    ready(page)
    page.mouse.move(*pixel(page, lon, lat))
    expect(page.locator(".result.is-hovered .result-name")).to_have_text(
        park["properties"]["name_zh"]
    )


def test_infrastructure_is_folded_to_its_count_and_opens(visit):
    page = ready(visit("/?view=12/46.64/126.98"))
    roads = section(page, "公路与城市道路")
    expect(roads.locator(".result")).to_have_count(0)
    roads.get_by_role("button").first.click()
    expect(roads.locator(".result").first).to_be_visible()
    roads.get_by_role("button", name=re.compile("^再显示")).click()
    assert roads.locator(".result").count() > 30


# --- Cards -------------------------------------------------------------------------------------


def test_a_click_opens_a_card_that_leads_to_the_page_and_back(visit):
    page = ready(visit("/?layers=parks"))
    park = first_of(page, "parks")
    lon, lat = park_place(page, park["id"])
    page.goto(f"/?layers=parks&view=13/{lat}/{lon}")
    ready(page)
    click_on_map(page, lon, lat)
    card = page.get_by_role("region", name="详情卡片")
    name = park["properties"]["name_zh"]
    expect(card.get_by_role("heading")).to_have_text(name)
    expect(card.get_by_text("数据时点：")).to_be_visible()
    expect(card.get_by_text("责任单位：")).to_be_visible()
    before = view_of(ready(page))
    card.get_by_role("link", name="查看详情").click()
    expect(page).to_have_url(re.compile(rf"/parks/{park['id']}/$"))
    page.go_back()
    ready(page)
    expect(card.get_by_role("heading")).to_have_text(name)
    assert view_of(page) == before


def test_records_at_one_place_are_paged_through(visit):
    page = ready(visit("/?layers=districts,district-economy&view=9/46.64/126.98"))
    click_on_map(page, 126.98, 46.75)
    card = page.get_by_role("region", name="详情卡片")
    first = card.locator(".card-kind").inner_text()
    card.get_by_role("button", name="下一个").click()
    expect(card.locator(".card-kind")).not_to_have_text(first)


def test_a_click_on_many_goes_nearer(visit):
    page = ready(visit("/?view=7/46.64/126.98&layers=projects"))
    rows = section(page, PROJECTS).locator(".result")
    assert rows.count() > 10
    project = first_of(page, "projects")
    click_on_map(page, *project["geometry"]["coordinates"])
    expect(page).not_to_have_url(re.compile("view=7/"))
    assert view_of(page)[0] > 7


# --- Search ------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["青冈经济开发区", "qinggang jingji", "Qinggang Economic"])
def test_search_finds_a_park_by_chinese_pinyin_and_english(visit, words):
    page = ready(visit("/"))
    page.get_by_role("combobox").fill(words)
    option = page.get_by_role("option").filter(has_text="青冈经济开发区").first
    option.click()
    card = page.get_by_role("region", name="详情卡片")
    expect(card.get_by_role("heading")).to_have_text("青冈经济开发区")
    ready(page)
    assert view_of(page)[0] >= 11


def test_search_works_by_keyboard_alone(visit):
    page = ready(visit("/en/"))
    box = page.get_by_role("combobox")
    box.focus()
    page.keyboard.type("Hailun")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "search-0")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Details")).to_be_visible()


def test_search_says_when_what_it_found_only_comes_near(visit):
    page = ready(visit("/"))
    page.get_by_role("combobox").fill("玉米深加工")
    expect(page.get_by_role("option").first).to_contain_text("玉米")
    expect(page.get_by_role("listbox")).to_have_attribute("data-note", re.compile("相近结果"))


def test_what_cannot_be_broken_into_lines_stays_within_the_panel(visit):
    page = ready(visit("/en/"))
    page.get_by_role("combobox").fill("v" * 100)
    message = page.locator(".search-message")
    expect(message).to_be_visible()
    assert message.evaluate("element => element.scrollWidth - element.clientWidth") <= 0


def test_search_says_when_nothing_is_found(visit):
    page = ready(visit("/"))
    page.get_by_role("combobox").fill("没有这个地方")
    expect(page.get_by_text("未找到与“没有这个地方”相关的内容")).to_be_visible()


def test_coordinates_typed_into_the_search_are_gone_to_and_pinned(visit):
    page = ready(visit("/"))
    box = page.get_by_role("combobox")
    box.fill("126.75, 47.1")
    page.get_by_role("option").filter(has_text="47.10000° N").click()
    expect(page).to_have_url(re.compile("view=13/47.1000/126.7500"))
    assert painted_over(page) > 300
    page.get_by_role("button", name="清除搜索内容").click()
    assert painted_over(page) == 0


# --- Filters -----------------------------------------------------------------------------------


def test_filters_narrow_map_and_list_and_stand_in_the_address(visit):
    page = ready(visit("/?tab=filters"))
    page.get_by_role("checkbox", name=re.compile("^国家级")).check()
    expect(page.get_by_text("已设置 1 个条件", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("parks.level=national"))
    page.get_by_role("tab", name="查找").click()
    national = count_in(page, PARKS)
    assert 0 < national < 10
    ready(page).reload()
    ready(page)
    assert count_in(page, PARKS) == national
    page.get_by_role("tab", name="筛选").click()
    page.get_by_role("button", name="清除全部").click()
    page.get_by_role("tab", name="查找").click()
    assert count_in(page, PARKS) >= 20


def test_a_range_filter_keeps_only_records_inside(visit):
    page = ready(visit("/?tab=filters"))
    parks = page.locator(".filter-layer", has_text=PARKS).first
    parks.get_by_label("可用面积: 不低于").fill("40")
    parks.get_by_label("可用面积: 不低于").press("Enter")
    expect(page).to_have_url(re.compile(r"parks.area_available_ha=40\.\."))
    page.get_by_role("tab", name="查找").click()
    subtitles = section(page, PARKS).locator(".result-subtitle").all_inner_texts()
    assert 0 < len(subtitles) < 20
    for subtitle in subtitles:
        assert float(re.search(r"([\d.,]+)\s*公顷", subtitle)[1].replace(",", "")) >= 40


def test_a_range_that_ends_before_it_begins_is_refused(visit):
    page = ready(visit("/?tab=filters"))
    parks = page.locator(".filter-layer", has_text=PARKS).first
    low, high = parks.get_by_label("可用面积: 不低于"), parks.get_by_label("可用面积: 不高于")
    low.fill("50")
    high.fill("10")
    high.press("Tab")
    assert high.evaluate("e => e.validationMessage") == "上限不能小于下限"
    assert "area_available_ha" not in page.url.replace("area_available_ha=50..", "")
