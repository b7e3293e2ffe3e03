"""What an investor does on the pages beside the map, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, SMALL

KINDS = [
    "/why/",
    "/parks/",
    "/sites/",
    "/sites/?view=table",
    "/projects/",
    "/policies/",
    "/sitemap/",
]
FIGURES = ["/environment/", "/costs/231202/"]


def first_card(page: Page):
    return page.locator(".card-title a").first


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["", "/en"], ids=["zh", "en"])
@pytest.mark.parametrize("path", [*KINDS, *FIGURES])
def test_a_page_is_accessible_and_fits_the_screen(visit, accessible, path, language, size):
    page = visit(language + path, size)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    accessible(page)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/parks/", "/en/sites/", "/projects/", "/en/policies/"])
def test_a_detail_page_is_accessible_and_fits_the_screen(visit, accessible, path, size):
    page = visit(path, size)
    name = first_card(page).inner_text()
    first_card(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    accessible(page)


@pytest.mark.parametrize("path", ["/why/", "/sites/", "/environment/"])
def test_nothing_is_cut_off_on_the_smallest_phone(visit, path):
    page = visit(path, SMALL)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_an_investor_reaches_a_site_from_the_home_page_within_three_actions(visit):
    page = visit("/")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="投资优势").click()
    page.get_by_role("link", name="查找地块与厂房").click()
    first_card(page).click()
    expect(page).to_have_url(re.compile(r"/sites/[\w-]+/$"))
    expect(page.get_by_role("heading", name="联系人")).to_be_visible()


def test_filters_narrow_the_list_and_chips_widen_it(visit):
    page = visit("/en/sites/")
    everything = page.locator(".list-count").inner_text()
    page.get_by_label("Land parcel").check()
    page.get_by_label("Area, from").fill("50000")
    page.get_by_role("button", name="Show results").click()
    expect(page).to_have_url(re.compile(r"/en/sites/\?kind=parcel&area_min=50000$"))
    assert page.locator(".list-count").inner_text() != everything
    chips = page.get_by_role("list", name="Filters in use").get_by_role("link")
    expect(chips).to_have_count(2)
    chips.first.click()
    expect(page.get_by_role("list", name="Filters in use").get_by_role("link")).to_have_count(1)


def test_filters_lie_folded_above_the_list_on_a_phone(visit):
    page = visit("/sites/", PHONE)
    field = page.get_by_label("名称、地点或编号")
    expect(field).to_be_hidden()
    page.locator(".filters-summary").click()
    field.fill("beilin")
    page.get_by_role("button", name="查看结果").click()
    expect(page).to_have_url(re.compile(r"\?q=beilin$"))


def test_lists_work_without_scripts(visit):
    page = visit("/en/sites/", java_script_enabled=False)
    page.locator(".filters-summary").click()
    page.get_by_label("building", exact=True).check()
    page.get_by_role("button", name="Show results").click()
    expect(page).to_have_url(re.compile(r"kind=building"))
    page.get_by_role("link", name="Lowest price").click()
    expect(page).to_have_url(re.compile(r"sort=price"))
    expect(first_card(page)).to_be_visible()


def test_nothing_found_leads_to_a_near_miss(visit):
    page = visit("/en/sites/?kind=parcel&power_min=99999")
    expect(page.get_by_text("Nothing meets all of these at once")).to_be_visible()
    page.get_by_role("link", name=re.compile("^without “")).first.click()
    expect(first_card(page)).to_be_visible()


def test_two_sites_are_compared_side_by_side(visit, accessible):
    page = visit("/en/sites/")
    boxes = page.get_by_role("checkbox", name=re.compile("^Compare: "))
    button = page.get_by_role("button", name="Compare")
    expect(button).to_be_disabled()
    for number in range(4):
        boxes.nth(number).check()
    expect(boxes.nth(4)).to_be_disabled()
    boxes.nth(3).uncheck()
    boxes.nth(2).uncheck()
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare sites")
    expect(page.get_by_role("columnheader").filter(has=page.get_by_role("link"))).to_have_count(2)
    accessible(page)


def test_sites_are_gathered_for_comparison_from_the_map_and_from_their_own_pages(visit):
    page = visit("/en/sites/")
    cards = page.locator(".card-title a")
    names = [cards.nth(number).inner_text() for number in range(2)]
    slugs = [cards.nth(n).get_attribute("href").split("/")[-2] for n in range(2)]

    page.goto(f"/en/?select=sites/{slugs[0]}")
    page.get_by_role("region", name="Details").get_by_role("checkbox", name="Compare").check()
    page.goto(f"/en/sites/{slugs[1]}/")
    page.get_by_role("checkbox", name=f"Compare: {names[1]}").check()
    expect(page.get_by_role("button", name=f"Remove {names[0]}")).to_be_visible()

    page.goto(f"/en/?select=sites/{slugs[1]}")
    card = page.get_by_role("region", name="Details")
    expect(card.get_by_role("checkbox", name="Compare")).to_be_checked()
    card.get_by_role("link", name="Compare the 2 chosen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare sites")
    columns = page.get_by_role("columnheader").filter(has=page.get_by_role("link"))
    expect(columns).to_contain_text(names)


def test_a_document_of_a_project_tells_its_format_size_and_date_and_is_downloaded(visit):
    page = visit("/en/projects/")
    first_card(page).click()
    document = page.locator("#documents li").first
    expect(document).to_contain_text(
        re.compile(r"(DOCX|XLSX|PDF|ZIP) · [\d.]+.(KB|MB) · \d{4}-\d\d-\d\d")
    )
    with page.expect_download() as download:
        document.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith((".docx", ".xlsx", ".pdf", ".zip"))


@pytest.mark.parametrize("name", ["Excel", "CSV", "GeoJSON", "GeoPackage"])
def test_the_list_is_downloaded(visit, name):
    page = visit("/en/parks/")
    page.locator(".menu summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    assert download.value.path().stat().st_size > 1000


def test_a_detail_page_is_shared_printed_and_found_on_the_map(visit):
    page = visit("/en/sites/", permissions=["clipboard-read", "clipboard-write"])
    first_card(page).click()
    address = page.url
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    slug = address.rstrip("/").rpartition("/")[2]
    page.get_by_role("link", name="Open on the map").click()
    expect(page).to_have_url(re.compile(rf"select=sites(/|%2F){slug}"))


def test_on_paper_the_facts_stay_and_the_buttons_go(visit):
    page = visit("/en/sites/")
    first_card(page).click()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Contact")).to_be_visible()
    expect(page.locator(".drawing-picture").first).to_be_visible()
    expect(page.locator(".share")).to_be_hidden()
    expect(page.locator(".site-bar")).to_be_hidden()


def test_the_locator_map_marks_the_place_inside_the_picture(visit):
    page = visit("/sites/")
    first_card(page).click()
    picture = page.locator(".drawing-picture").first.bounding_box()
    mark = page.locator(".drawing-picture").first.locator(".mark").bounding_box()
    assert picture["x"] < mark["x"] < picture["x"] + picture["width"]
    assert picture["y"] < mark["y"] < picture["y"] + picture["height"]


def test_every_picture_of_a_park_loads(visit):
    page = visit("/parks/")
    first_card(page).click()
    pictures = page.locator(".photos img")
    expect(pictures.first).to_be_visible()
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0


def test_a_county_is_chosen_and_its_figures_stand_in_a_table(visit):
    page = visit("/en/costs/")
    page.get_by_role("navigation", name="City or county").get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile(r"/en/costs/231202/$"))
    page.locator(".board-table summary").first.click()
    row = page.get_by_role("row").filter(has_text="2025").first
    expect(row).to_contain_text("Demonstration data", ignore_case=True)


def test_every_page_is_read_by_keyboard_from_its_content(visit):
    page = visit("/en/parks/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_language_changes_and_the_place_stays(visit):
    page = visit("/sites/?kind=parcel")
    page.get_by_role("link", name="English").first.click()
    expect(page).to_have_url(re.compile(r"/en/sites/\?kind=parcel$"))


def test_a_wrong_address_leads_on(visit, accessible):
    page = visit("/")
    page.expects("404")
    page.goto(page.url + "nowhere/")
    expect(page.get_by_role("heading", level=1)).to_have_text("页面不存在")
    accessible(page)
    page.get_by_role("main").get_by_role("link", name="产业园区").click()
    expect(first_card(page)).to_be_visible()


def test_a_menu_is_closed_by_escape_and_by_a_click_beside_it(visit):
    page = visit("/sites/")
    button = page.locator(".menu summary")
    csv = page.get_by_role("link", name="CSV")
    button.focus()
    page.keyboard.press("Enter")
    expect(csv).to_be_visible()
    page.keyboard.press("Escape")
    expect(csv).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(csv).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(csv).to_be_hidden()
