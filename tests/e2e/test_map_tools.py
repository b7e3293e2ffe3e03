"""The tools of the map: measuring, location, base maps, full screen, print, the status line."""

import base64
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.e2e.map_page import click_on_map, count_in, painted_over, pixel, ready, view_of

#: One green pixel.
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNksP9fDwADhAGAp1n0+AAAAABJRU5ErkJggg=="
)


def test_a_distance_is_measured_on_the_ellipsoid(visit):
    page = ready(visit("/?view=10/46.7402/127.2332&layers=none"))
    page.get_by_role("button", name="测量").click()
    for place in ((126.9832, 46.6402), (127.4832, 46.8402)):
        click_on_map(page, *place)
    result = page.get_by_role("region", name="测量工具").get_by_role("status")
    # 44.209 km by PROJ; a pixel is 105 m here.
    shown = float(re.search(r"([\d.]+)\s*千米", result.inner_text())[1])
    assert shown == pytest.approx(44.21, abs=0.16)
    assert painted_over(page) > 300


def test_an_area_is_told_in_mu_hectares_and_square_kilometres(visit):
    page = ready(visit("/?view=13/46.61/126.91&layers=none"))
    page.get_by_role("button", name="测量").click()
    page.get_by_role("button", name="面积").click()
    for place in ((126.9, 46.6), (126.92, 46.6), (126.92, 46.62), (126.9, 46.62)):
        click_on_map(page, *place)
    text = page.get_by_role("region", name="测量工具").get_by_role("status").inner_text()
    # 340.64 ha by PROJ; a pixel is 13 m here, a side 1.5 km.
    assert float(re.search(r"([\d.]+)\s*公顷", text)[1]) == pytest.approx(340.6, rel=0.02)
    for unit in ("亩", "平方千米"):
        assert unit in text


def test_measuring_by_keyboard_undoing_and_leaving(visit):
    page = ready(visit("/?view=10/46.64/127.0"))
    page.get_by_role("button", name="测量").click()
    tool = page.get_by_role("region", name="测量工具")
    tool.get_by_role("button", name="添加地图中心点").click()
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    tool.get_by_role("button", name="添加地图中心点").click()
    expect(tool.get_by_role("status")).to_contain_text("千米")
    tool.get_by_role("button", name="撤销一点").click()
    expect(tool.get_by_role("status")).to_be_empty()
    page.keyboard.press("Escape")
    expect(tool).to_be_hidden()
    assert painted_over(page) == 0


def test_my_location_is_shown_when_allowed(visit):
    place = {"longitude": 126.98, "latitude": 46.64, "accuracy": 40}
    page = ready(visit("/", geolocation=place, permissions=["geolocation"]))
    page.get_by_role("button", name="我的位置").click()
    expect(page).to_have_url(re.compile("view=13/46.6400/126.9800"))
    expect(page.locator("#live")).not_to_be_empty()
    assert painted_over(page) > 50


def test_a_location_elsewhere_leaves_the_view_and_says_so(visit):
    place = {"longitude": 116.4, "latitude": 39.9, "accuracy": 40}
    page = ready(visit("/", geolocation=place, permissions=["geolocation"]))
    before = view_of(page)
    page.get_by_role("button", name="我的位置").click()
    expect(page.get_by_text("您当前不在本市范围内")).to_be_visible()
    assert view_of(page) == before


def test_a_refused_location_is_explained(visit):
    page = ready(visit("/"))
    page.get_by_role("button", name="我的位置").click()
    expect(page.get_by_text("您未授权定位")).to_be_visible()


def test_a_base_map_is_laid_under_and_named(visit):
    page = visit("/")
    page.route(
        "https://tiles.example.invalid/**",
        lambda route: route.fulfill(body=TILE, content_type="image/png"),
    )
    ready(page)
    page.get_by_role("button", name="底图").click()
    page.get_by_role("radio", name="测试底图").check()
    expect(page.locator("#map img.leaflet-tile").first).to_be_visible()
    expect(page.locator(".sources")).to_contain_text("© 测试")
    expect(page).to_have_url(re.compile("base=own-1"))
    page.reload()
    ready(page)
    expect(page.locator("#map img.leaflet-tile").first).to_be_visible()
    page.get_by_role("button", name="底图").click()
    page.get_by_role("radio", name="无底图").check()
    expect(page.locator("#map img.leaflet-tile")).to_have_count(0)


def test_the_status_line_tells_scale_position_sources_and_approval_number(visit):
    page = ready(visit("/?view=10/46.64/126.98"))
    line = page.locator(".status-line")
    expect(line).to_contain_text(re.compile(r"\d+\s*千米"))
    expect(line).to_contain_text(re.compile(r"1:[\d,]+"))
    expect(line).to_contain_text("数据来源：")
    expect(line).to_contain_text("审图号：GS(2026)0000号")
    page.mouse.move(*pixel(page, 127.2, 46.7))
    shown = re.findall(r"([\d.]+)°", page.locator(".position").inner_text())
    assert float(shown[0]) == pytest.approx(127.2, abs=0.002)
    assert float(shown[1]) == pytest.approx(46.7, abs=0.002)


def test_position_and_link_are_copied(visit):
    page = ready(visit("/?view=10/46.64/126.98", permissions=["clipboard-read", "clipboard-write"]))
    page.get_by_role("button", name=re.compile("复制坐标")).click()
    expect(page.get_by_text("坐标已复制")).to_be_visible()
    assert re.fullmatch(r"1\d\d\.\d{6},4\d\.\d{6}", page.evaluate("navigator.clipboard.readText()"))
    page.get_by_role("button", name="复制当前地图链接").click()
    expect(page.get_by_text("链接已复制")).to_be_visible()
    assert "view=10/46.64" in page.evaluate("navigator.clipboard.readText()")


def test_full_screen_and_back(visit):
    page = ready(visit("/"))
    page.get_by_role("button", name="全屏", exact=True).click()
    page.get_by_role("button", name="退出全屏").click()
    expect(page.get_by_role("button", name="全屏", exact=True)).to_be_visible()


def test_the_print_view_is_a_sheet_with_title_legend_scale_date_and_source(visit, accessible):
    page = ready(visit("/?view=9/46.64/126.98&print=1"))
    expect(page.get_by_label("地图标题")).to_have_value("绥化投资地图")
    legend = page.locator(".print-legend")
    expect(legend.get_by_text("高速公路")).to_be_visible()
    box, items = legend.bounding_box(), legend.locator("li")
    last = items.nth(items.count() - 1).bounding_box()
    assert last["y"] + last["height"] <= box["y"] + box["height"], "the legend is cut off"
    for text in ("制图日期：", "2000 国家大地坐标系", "数据来源：", "审图号："):
        expect(page.locator(".print-foot")).to_contain_text(text)
    expect(page.locator(".scale-ratio")).to_be_visible()
    expect(page.get_by_role("tab", name="图层")).to_be_hidden()
    accessible(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    page.emulate_media(media="screen")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tab", name="图层")).to_be_visible()
    expect(page).not_to_have_url(re.compile("print="))


def test_the_sheet_shows_all_that_was_in_view_and_the_page_its_view_again(visit):
    page = ready(visit("/"))
    before = view_of(page)
    page.get_by_role("button", name="打印", exact=True).click()
    expect(page.get_by_role("img", name="上方为北")).to_be_visible()
    assert view_of(page)[0] < before[0]
    page.keyboard.press("Escape")
    expect(page.get_by_role("img", name="上方为北")).to_be_hidden()
    assert view_of(page) == before


@pytest.mark.parametrize("query", ["&print=1", ""], ids=["print view", "browser's own command"])
def test_the_map_prints_on_one_sheet_across(visit, tmp_path, query):
    page = ready(visit(f"/?view=9/46.64/126.98{query}"))
    page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True, print_background=True)
    sheet = PdfReader(tmp_path / "map.pdf")
    assert len(sheet.pages) == 1
    width, height = sheet.pages[0].mediabox[2:]
    assert width > height
    words = sheet.pages[0].extract_text()
    assert "图例" in words
    assert "产业园区" in words


# --- Filters -----------------------------------------------------------------------------------


def test_a_filter_is_told_beside_the_list_and_cleared_there(visit):
    page = ready(visit("/?parks.area_available_ha=5000.."))
    told = page.get_by_text("已设置 1 个条件；产业园区：没有符合条件的对象")
    expect(told).to_be_visible()
    expect(page.get_by_role("tab", name="筛选 1")).to_be_visible()
    told.get_by_role("button", name="清除全部").click()
    expect(told).to_be_hidden()
    ready(page)
    assert count_in(page, "产业园区") > 0
