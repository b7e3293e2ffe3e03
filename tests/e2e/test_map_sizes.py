"""The map page on phones, upright and lying, in low windows and in large type; Back on all."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import CHROMIUM, CHROMIUM_OPTIONS, DESKTOP, PHONE, SMALL
from tests.e2e.map_page import first_of, pixel, ready, section, view_of

LYING = {"width": 844, "height": 390}
MAGNIFIED = {"width": 320, "height": 256}

# --- Phones ------------------------------------------------------------------------------------


def test_the_sheet_has_three_heights(visit):
    page = ready(visit("/", PHONE))
    panel = page.locator("#panel")
    # Of the 788 px under the bar: the tabs alone, a good half, nearly all.
    for height in (76, 410, 780, 76):
        expect(panel).to_have_js_property("offsetHeight", height)
        page.get_by_role("button", name="调整面板高度").click()


def test_the_sheet_is_dragged_to_the_nearest_height(visit):
    page = ready(visit("/", PHONE))
    handle = page.get_by_role("button", name="调整面板高度")
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, 420, steps=4)
    page.mouse.up()
    expect(page.locator("#panel")).to_have_attribute("data-height", "half")


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["phone", "small"])
def test_on_a_phone_a_place_is_found_and_its_card_read(visit, accessible, size):
    page = ready(visit("/", size))
    page.get_by_role("tab", name="查找").click()
    page.get_by_role("combobox").fill("青冈经济开发区")
    page.get_by_role("option").first.click()
    card = page.get_by_role("region", name="详情卡片")
    expect(card.get_by_role("link", name="查看详情")).to_be_in_viewport()
    accessible(page)
    card.get_by_role("button", name="关闭").click()
    for tool in ("放大", "我的位置", "测量"):
        expect(page.get_by_role("button", name=tool, exact=True)).to_be_in_viewport()


def test_on_a_phone_the_record_stays_in_sight_above_its_card(visit):
    page = ready(visit("/?layers=none", PHONE))
    project = first_of(page, "projects")
    page.goto(f"/?select=projects/{project['id']}")
    _x, y = pixel(page, *project["geometry"]["coordinates"][:2])
    assert 56 < y < page.locator(".map-card").bounding_box()["y"]


def test_touch_targets_on_a_phone_are_large_enough(visit):
    page = ready(visit("/", PHONE))
    small = page.locator(".tools button, .tab, .sheet-handle, .welcome button").evaluate_all(
        """all => all.filter(one => one.offsetParent)
                     .map(one => [one.getAttribute("aria-label") ?? one.textContent,
                                  one.getBoundingClientRect()])
                     .filter(([, box]) => box.width < 44 || box.height < 24)
                     .map(([name]) => name)"""
    )
    assert small == []


def test_the_greeting_gives_way_to_what_a_visitor_on_a_phone_begins(visit):
    page = ready(visit("/", PHONE))
    greeting = page.get_by_role("complementary")
    expect(greeting).to_be_visible()
    page.get_by_role("button", name="测量").click()
    expect(greeting).to_be_hidden()
    page.get_by_role("button", name="关闭").last.click()
    expect(greeting).to_be_visible()
    page.get_by_role("tab", name="图层").click()
    expect(greeting).to_be_hidden()


@pytest.mark.parametrize("size", [LYING, MAGNIFIED], ids=["lying", "magnified"])
def test_in_a_low_window_the_map_and_its_tools_are_there(visit, size):
    page = ready(visit("/", size))
    assert page.locator("#map").bounding_box()["height"] > size["height"] / 3
    expect(page.locator(".welcome")).to_be_hidden()
    for tool in ("放大", "缩小", "我的位置", "测量"):
        expect(page.get_by_role("button", name=tool, exact=True)).to_be_in_viewport()


@pytest.fixture
def large_type(browser, served, tmp_path):
    """A browser whose reader has set the type to twice the usual size."""
    choice = {"webkit": {"webprefs": {"default_font_size": 32}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(choice))
    context = browser.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=CHROMIUM,
        args=CHROMIUM_OPTIONS,
        base_url=served.url,
        viewport=DESKTOP,
    )
    yield context.new_page()
    context.close()


def test_type_of_twice_the_size_leads_to_no_sideways_scrolling(large_type):
    for path in ("/", "/en/", "/en/sites/", "/en/why/", "/en/environment/"):
        large_type.goto(path)
        assert large_type.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") > 25
        width = large_type.evaluate("document.documentElement.scrollWidth")
        assert width <= DESKTOP["width"], path


# --- Back --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_back_closes_the_card_and_forward_opens_it(visit, size):
    page = ready(visit("/?layers=parks", size))
    page.evaluate("document.querySelector('.result').click()")
    card = page.get_by_role("region", name="详情卡片")
    expect(card).to_be_visible()
    expect(page).to_have_url(re.compile("select=parks/"))
    chosen = page.url
    ready(page)
    page.go_back()
    expect(card).to_be_hidden()
    expect(page).not_to_have_url(re.compile("select="))
    page.go_forward()
    expect(card).to_be_visible()
    expect(page).to_have_url(chosen)


def test_a_card_that_is_closed_leaves_nothing_behind_in_the_history(visit):
    page = visit("/parks/")
    page.goto("/?layers=parks")
    ready(page)
    section(page, "产业园区").locator(".result").first.click()
    expect(page).to_have_url(re.compile("select=parks/"))
    ready(page)
    before = view_of(page)
    page.get_by_role("region", name="详情卡片").get_by_role("button", name="关闭").click()
    expect(page).not_to_have_url(re.compile("select="))
    assert view_of(page) == before
    page.go_back()
    expect(page).to_have_url(re.compile("/parks/$"))


def test_on_a_phone_an_address_that_names_a_tab_opens_it(visit):
    page = ready(visit("/?tab=layers", PHONE))
    tree = page.get_by_role("tabpanel", name="图层")
    assert tree.bounding_box()["y"] < PHONE["height"] - 200
