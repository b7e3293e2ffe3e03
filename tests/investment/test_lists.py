"""Lists show what is public, filtered as asked, and never end in nothing."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from investment.models import Utility
from layers.catalog.services import catalog_sync
from layers.models import Layer
from tests.factories import (
    make_contact,
    make_district,
    make_park,
    make_project,
    make_site,
    point,
    square,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(client: Client):
    """The text of a page in English, which must answer 200."""

    def read(path: str) -> str:
        response = client.get(f"/en{path}")
        assert response.status_code == 200
        return response.content.decode()

    return read


def titles(html: str) -> list[str]:
    """The names on the cards, in order; those of near misses included."""
    return re.findall(r'card-title"><a href="[^"]+">([^<]+)<', html)


def count(html: str) -> str:
    return re.search(r'list-count">([^<]+)<', html)[1]


def power_at(site, headroom: float, capacity: float = 100):
    Utility.objects.create(
        site=site,
        kind="power",
        capacity=capacity,
        headroom=headroom,
        voltage_kv=66,
        as_of=date(2026, 6, 30),
    )


HIDDEN = [
    {"state": "draft"},
    {"state": "withdrawn"},
    {"effective_from": timezone.now() + timedelta(hours=1)},
    {"effective_until": timezone.now() - timedelta(hours=1)},
]


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(
    ("make", "path"), [(make_park, "/parks/"), (make_site, "/sites/"), (make_project, "/projects/")]
)
def test_what_is_not_public_is_in_no_list_count_or_export(get, client, make, path, hidden):
    make("shown", name_en="Shown")
    make("hidden", name_en="Hidden", name_zh="隐藏", **hidden)
    html = get(path)
    assert titles(html) == ["Shown"]
    assert count(html).startswith("1 ")
    export = client.get(f"{path}export.csv")
    assert "hidden" not in b"".join(export.streaming_content).decode("utf-8-sig")


def test_a_park_that_is_not_public_is_not_named_by_its_site(get):
    park = make_park(name_en="Secret Park", state="draft")
    make_site(park=park)
    assert "Secret Park" not in get("/sites/")


@pytest.mark.parametrize("typed", ["一号", "yihao", "yhdk", "PARCEL 1", "site-1"])
def test_a_site_is_found_by_name_pinyin_initials_english_and_address(get, typed):
    make_site()
    make_site("other", name_zh="其他", name_en="Other")
    assert titles(get(f"/sites/?q={typed}")) == ["Parcel 1"]


def sites_for_filters():
    make_district()
    small = {"area_m2": 8000, "price": 96, "readiness": 4, "zoning": "W1"}
    make_site("small", name_en="Small", **small)
    make_site("large", name_en="Large", area_m2=90000, price=240, availability="taken")
    make_site(
        "hall",
        name_en="Hall",
        kind="building",
        floor_area_m2=20000,
        tenure="sublease",
        price=11,
        price_unit="cny_m2_month",
        clear_height_m=9,
        floor_load_kn_m2=20,
        geom=square(127.9, 47.5, 0.003),
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("district=231202", {"Small", "Large"}),
        ("kind=building", {"Hall"}),
        ("kind=building&kind=parcel", {"Small", "Large", "Hall"}),
        ("readiness_min=4", {"Small"}),
        ("zoning=W1", {"Small"}),
        ("tenure=sublease", {"Hall"}),
        ("availability=taken", {"Large"}),
        ("area_min=10000", {"Large", "Hall"}),
        ("area_min=10000&area_max=30000", {"Hall"}),
        ("price_max=100", {"Small"}),
        ("price_min=100", {"Large"}),
        ("rent_max=12", {"Hall"}),
        ("clear_height_min=9", {"Hall"}),
        ("floor_load_min=15&kind=building", {"Hall"}),
    ],
)
def test_sites_are_filtered(get, query, found):
    sites_for_filters()
    assert set(titles(get(f"/sites/?{query}"))) == found


def test_headroom_is_asked_of_the_plot_and_only_else_of_its_park(get):
    park = make_park(utilities=[("power", 126, 63, 110)])
    power_at(make_site("weak", name_en="Weak plot", park=park), headroom=5)
    power_at(make_site("strong", name_en="Strong plot", park=park), headroom=80)
    make_site("silent", name_en="Silent plot", park=park)
    make_site("alone", name_en="Lone plot")
    assert set(titles(get("/sites/?power_min=50"))) == {"Strong plot", "Silent plot"}


def test_headroom_of_a_park_that_is_not_public_counts_for_nothing(get):
    make_site("silent", park=make_park(state="draft"))
    assert count(get("/sites/?power_min=50")).startswith("0 ")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("industry=C13", {"Food"}),
        ("industry=C", {"Food", "Drugs"}),
        ("industry=A", set()),
        ("level=national", {"Drugs"}),
        ("available_min=300", {"Food"}),
        ("land_price_max=100", {"Food"}),
        ("power_min=60", {"Food"}),
        ("water_min=12001", set()),
    ],
)
def test_parks_are_filtered(get, query, found):
    make_park("food", name_en="Food", industries=["C13"])
    make_park(
        "drugs",
        name_en="Drugs",
        industries=["C27"],
        level="national",
        area_available_ha=20,
        land_price_min=150,
        utilities=[],
    )
    html = get(f"/parks/?{query}")
    assert set(titles(html)) == found or (not found and count(html).startswith("0 "))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("industry=C", {"Corn", "Starch"}),
        ("industry=C13", {"Corn", "Starch"}),
        ("stage=signed", {"Starch"}),
        ("mode=joint", {"Corn"}),
        ("mode=joint&mode=sole", {"Corn", "Starch"}),
        ("investment_min=40000", {"Corn"}),
        ("investment_max=40000&currency=USD", {"Starch"}),
        ("irr_min=12", {"Starch"}),
        ("on_site=yes", {"Starch"}),
        ("park=beilin-park", {"Starch"}),
    ],
)
def test_projects_are_filtered_and_sums_compared_within_one_currency(get, query, found):
    make_project("corn", name_en="Corn", irr_percent=10)
    make_project(
        "starch",
        name_en="Starch",
        stage="signed",
        modes=["sole"],
        currency="USD",
        investment_total=40000,
        investment_sought=None,
        irr_percent=14,
        park=make_park(),
    )
    make_project("data", name_en="Data", industry="I64", stage="planning", modes=["ppp"])
    make_project("wind", name_en="Wind", industry="D44", stage="planning", modes=["ppp"])
    shown = set(titles(get(f"/projects/?{query}"))) - {"Data", "Wind"}
    assert shown == found


def test_sorting_and_pages_are_stable_and_whole(get):
    for number in range(30):
        make_site(f"s-{number}", name_en=f"S{number}", price=100)
    first, second = titles(get("/sites/?sort=price")), titles(get("/sites/?sort=price&page=2"))
    assert len(first) == 24
    assert len({*first, *second}) == 30


def test_the_dearest_and_the_unpriced_come_last_by_price(get):
    make_site("dear", name_en="Dear", price=300)
    make_site("cheap", name_en="Cheap", price=80)
    make_site("silent", name_en="Silent", price=None)
    assert titles(get("/sites/?sort=price")) == ["Cheap", "Dear", "Silent"]


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("area_min=abc", "“Area, from” was left out: Enter a number."),
        ("area_min=NaN", "“Area, from” was left out"),
        ("area_min=-1", "“Area, from” was left out"),
        ("area_min=" + "9" * 400, "“Area, from” was left out: Enter a number below 10,000,000"),
        ("area_min=1e400", "“Area, from” was left out: Enter a number below 10,000,000"),
        ("kind=castle", "“Kind” was left out"),
        ("district=999999", "“District” was left out"),
        ("park=%00", "“Park” was left out"),
        ("q=" + "x" * 101, "“Name, place or number” was left out"),
        ("q=%00", "“Name, place or number” was left out: It holds a character that no text"),
        ("page=0", "There is no such page; this is page 1."),
        ("page=-1", "There is no such page; this is page 1."),
        ("sort=luck", "“Order” was left out"),
        ("view=hologram", "“View” was left out"),
        ("page=99", "There is no such page; this is page 1."),
        ("page=last-one", "There is no such page; this is page 1."),
        ("colour=red", "There is no filter called “colour”"),
    ],
)
def test_what_cannot_be_read_is_said_and_left_out(get, query, notice):
    make_site()
    html = get(f"/sites/?{query}")
    assert notice in html
    assert titles(html) == ["Parcel 1"]


def test_bounds_that_cross_are_said(get):
    make_site()
    html = get("/sites/?area_min=100&area_max=1")
    assert "“Area, from” is above “Area, up to”: nothing can match both." in html
    assert "nothing can match" not in get("/sites/?area_min=1&area_max=100")


@pytest.mark.parametrize("typed", ["一号,parcel", "一号，parcel", "一号、 parcel ,"])
def test_words_may_be_parted_by_commas(get, typed):
    make_site(name_zh="一号地块", name_en="Parcel 1")
    make_site("other", name_zh="二号地块", name_en="Parcel 2")
    assert titles(get(f"/sites/?q={typed}")) == ["Parcel 1"]


def test_what_messengers_add_to_a_link_is_nobodys_mistake(get):
    make_site()
    html = get("/sites/?from=timeline&isappinstalled=0&utm_source=wechat")
    assert "left out" not in html


def test_active_filters_are_chips_that_lead_to_the_list_without_them(get):
    make_site()
    html = get("/sites/?kind=parcel&area_min=10000&sort=price")
    chips = re.findall(r'chip--remove" href="\?([^"]*)"><span>([^<]*) <b>([^<]*)<', html)
    assert [(label, value) for _query, label, value in chips] == [
        ("Kind:", "land parcel"),
        ("Area, from:", "10,000 m²"),
    ]
    assert chips[0][0] == "area_min=10000&amp;sort=price"


def test_nothing_found_leads_to_near_misses_and_a_person(get):
    catalog_sync()
    contact = make_contact(person_en="Li Hua", person_zh="李华", phone="0455-0000009")
    Layer.objects.filter(slug="sites").update(steward=contact)
    make_site("dear", name_en="Dear", price=300)
    html = get("/sites/?kind=parcel&price_max=100")
    assert "without “Price, up to: 100 CNY/m²”, 1 result" in html
    assert "without “Kind" not in html
    assert titles(html) == ["Dear"]
    assert "Li Hua" in html
    assert "tel:0455-0000009" in html


def test_a_list_takes_the_same_number_of_queries_however_long_it_is(
    client, django_assert_num_queries
):
    park = make_park()
    make_site(park=park)
    client.get("/sites/")
    with django_assert_num_queries(11):
        client.get("/sites/")
    for number in range(10):
        power_at(make_site(f"s-{number}", park=park), headroom=5)
    with django_assert_num_queries(11):
        client.get("/sites/")


@pytest.mark.parametrize("fmt", ["csv", "xlsx", "geojson", "gpkg", "kml", "shp", "shp-gbk"])
def test_a_list_is_exported_as_it_is_filtered(client, fmt):
    catalog_sync()
    make_site("kept")
    make_site("left", kind="building", floor_area_m2=100)
    response = client.get(f"/sites/export.{fmt}?kind=parcel")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    if fmt in ("csv", "geojson", "kml"):
        text = body.decode("utf-8-sig")
        assert "kept" in text
        assert "left" not in text


def test_an_export_refuses_what_a_page_would_leave_out(client):
    response = client.get("/en/sites/export.csv?area_min=abc")
    assert response.status_code == 400
    assert "“Area, from” was left out" in response.content.decode()


@pytest.mark.parametrize("query", ["district=999999", "sort=nonsense", "colour=red"])
def test_a_refused_export_speaks_to_programs_and_to_people(client, query):
    make_site()
    told = client.get(f"/en/sites/export.csv?{query}", headers={"accept": "*/*"})
    assert (told.status_code, told["Content-Type"]) == (400, "application/problem+json")
    notice = told.json()["detail"]
    page = client.get(f"/en/sites/export.csv?{query}", headers={"accept": "text/html"})
    assert page.status_code == 400
    assert notice in page.content.decode()
    assert 'href="/en/sites/"' in page.content.decode()
    assert notice in client.get(f"/en/sites/?{query}").content.decode()


def test_an_unknown_format_is_not_found(client):
    assert client.get("/sites/export.exe").status_code == 404


def test_the_table_shows_the_same_records(get):
    make_site()
    html = get("/sites/?view=table")
    assert re.search(r'<th scope="row"><a href="/en/sites/site-1/">Parcel 1', html)


def test_a_site_whose_check_is_overdue_says_so(get):
    make_site(as_of=date(2025, 6, 30), verify_by=date(2026, 1, 1))
    assert "check overdue since 1 January 2026" in get("/sites/")


def test_an_unplaced_record_is_listed(get):
    make_project(geom=None)
    make_project("two", name_en="Two", geom=point(0, 0))
    assert set(titles(get("/projects/"))) == {"Corn deep processing", "Two"}


def test_a_list_does_not_tell_which_projects_hang_on_places_that_are_not_public(get):
    make_project("open", name_en="Open")
    make_project("placed", name_en="Placed", park=make_park())
    hidden = make_site("hidden", state="draft")
    make_project("secret", name_en="Secret", park=make_park("secret", state="draft"), site=hidden)
    assert titles(get("/projects/?on_site=yes")) == ["Placed"]
    assert set(titles(get("/projects/?on_site=no"))) == {"Open", "Secret"}
