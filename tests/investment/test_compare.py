"""Sites side by side: what is told, what is left out, what may be taken home."""

import re

import pytest

from investment.models import Utility
from layers.catalog.services import catalog_sync
from tests.factories import make_site
from tests.investment.test_lists import power_at

pytestmark = pytest.mark.django_db


def test_a_comparison_is_taken_home_as_a_file(client):
    catalog_sync()
    make_site("kept", name_en="Kept")
    make_site("left", name_en="Left")
    make_site("hidden", name_en="Hidden", state="draft")
    response = client.get("/en/sites/compare/?ids=kept,hidden&f=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "Kept" in text
    assert "Left" not in text
    assert "Hidden" not in text


def test_a_comparison_tells_voltage_price_and_whom_to_write_to(client):
    site = make_site(price=8, price_unit="cny_m2_month")
    power_at(site, 5)
    Utility.objects.update(distance_m=0)
    html = client.get("/en/sites/compare/?ids=site-1").content.decode()
    for told in ("66 kV", ">rent<", ">at the plot<", f"mailto:{site.contact.email}"):
        assert told in html
    assert "0 m away" not in html.replace("\u00a0", " ")


def test_sites_are_compared_in_the_order_asked_and_four_at_most(client):
    for number in range(6):
        make_site(f"s-{number}", name_en=f"S{number}")
    html = client.get("/en/sites/compare/?ids=s-3,s-1&ids=s-0&ids=s-2&ids=s-5").content.decode()
    assert re.findall(r'<th scope="col"><a href="/en/sites/(s-\d)/"', html) == [
        "s-3",
        "s-1",
        "s-0",
        "s-2",
    ]
    assert "Only the first 4 sites are compared." in html


def test_a_comparison_leaves_out_what_is_not_public(client):
    make_site("gone", name_en="Gone Site", state="withdrawn")
    make_site()
    html = client.get("/en/sites/compare/?ids=gone,site-1").content.decode()
    assert "Gone Site" not in html
    assert "no longer published" in html


@pytest.mark.parametrize("name", ["%00", "a%00b", "No-Such-Site", "%F0%9F%8F%AD"])
def test_a_comparison_takes_a_name_no_site_can_have_for_one_no_longer_published(client, name):
    make_site()
    response = client.get(f"/en/sites/compare/?ids={name},site-1")
    assert response.status_code == 200
    assert "Parcel 1" in response.content.decode()
    assert "no longer published" in response.content.decode()
