"""What a visitor sees and does on the map page."""

from playwright.sync_api import expect


def test_the_page_is_a_map_with_a_name(visit):
    page = visit("/")
    expect(page).to_have_title("绥化投资地图")
    expect(page.get_by_role("region", name="地图")).to_be_visible()
