"""The page of a park, site or project says all there is, and nothing that is not public."""

import json
import re
from datetime import date, timedelta
from time import sleep

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from investment.models import Document, ParkTenant, UtilityNeed
from layers.catalog.services import catalog_sync
from layers.models import District, StoredFeature
from tests.factories import (
    make_contact,
    make_district,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
    point,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(client: Client):
    """The text of a page, which must answer 200."""

    def read(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200
        return response.content.decode().replace("\xa0", " ")

    return read


def words(html: str) -> str:
    """What a reader reads: tags taken out, white space joined."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


MAKERS = [(make_park, "parks"), (make_site, "sites"), (make_project, "projects")]


@pytest.mark.parametrize(("make", "layer"), MAKERS)
@pytest.mark.parametrize("language", ["", "/en"])
def test_what_is_not_public_is_not_found(client, make, layer, language):
    make("hidden", state="draft")
    assert client.get(f"{language}/{layer}/hidden/").status_code == 404


@pytest.mark.parametrize(("make", "layer"), MAKERS)
def test_a_page_names_the_contact_the_source_and_the_date(get, make, layer):
    make("it", source_en="Bureau of Statistics", verify_by=date(2030, 1, 2))
    text = words(get(f"/en/{layer}/it/"))
    assert "Wang Min" in text
    assert "0455-0000001" in text
    assert "Source Bureau of Statistics" in text
    assert "Data as of 30 June 2026" in text
    assert "Next check by 2 January 2030" in text


def test_an_overdue_check_is_said_in_plain_words(get):
    make_site("it", as_of=date(2025, 6, 30), verify_by=date(2026, 1, 2))
    expected = "This should have been checked by 2 January 2026 and has not been."
    assert expected in words(get("/en/sites/it/"))


def test_a_park_shows_land_prices_utilities_and_companies(get):
    park = make_park("it")
    ParkTenant.objects.create(park=park, name_zh="企业", name_en="Corn Co", industry="C13")
    text = words(get("/en/parks/it/"))
    for said in (
        "Land available 300 ha",
        "CNY 96–180/m²",
        "126 MVA",
        "63 MVA",
        "110 kV",
        "12,000 m³/d",
        "Corn Co Processing of farm products",
    ):
        assert said in text


def test_chinese_readers_read_mu_and_ten_thousand_yuan_a_mu(get):
    make_site("it")
    text = words(get("/sites/it/"))
    assert "5 公顷（75 亩）" in text
    assert "120 元/m²（8.0 万元/亩）" in text


def test_the_price_of_a_building_is_not_told_by_the_mu_of_land(get):
    make_site("it", kind="building", floor_area_m2=9000, price=1500)
    text = words(get("/sites/it/"))
    assert "1,500 元/m²" in text
    assert "万元/亩" not in text


def test_a_price_nobody_has_published_is_said_to_be_on_request(get):
    make_site("it", price=None)
    assert "Price on request from the contact" in words(get("/en/sites/it/"))


def test_a_project_shows_its_money_and_its_needs(get):
    project = make_project("it", irr_percent="14.2", payback_years="6.5", land_need_m2=60000)
    UtilityNeed.objects.create(project=project, kind="steam", demand=25)
    text = words(get("/en/projects/it/"))
    for said in (
        "Total investment CNY 500 million",
        "Investment sought CNY 300 million",
        "14.2%",
        "6.5 years",
        "Land 6 ha",
        "Steam 25 t/h",
    ):
        assert said in text


def test_park_site_and_project_lead_to_one_another(get):
    park = make_park("the-park")
    site = make_site("the-site", park=park)
    make_project("the-project", park=park, site=site)
    for page, others in {
        "parks/the-park": ("sites/the-site", "projects/the-project"),
        "sites/the-site": ("parks/the-park", "projects/the-project"),
        "projects/the-project": ("parks/the-park", "sites/the-site"),
    }.items():
        html = get(f"/en/{page}/")
        for other in others:
            assert f'href="/en/{other}/"' in html


def test_linked_records_that_are_not_public_are_not_named(get):
    hidden = {"state": "draft", "name_en": "Secret"}
    park = make_park("park", **hidden)
    site = make_site("site", park=park)
    make_project("project", site=site, **hidden)
    document = Document.objects.create(
        title_zh="密", title_en="Secret", kind="guide", language="zh", state="draft"
    )
    site.documents.add(document)
    assert "Secret" not in get("/en/sites/site/")


def test_the_nearest_station_is_named_with_its_distance(get):
    kind = {"name": "kind", "label_zh": "类型", "label_en": "Kind", "type": "text"}
    hubs = make_layer("transport-hubs", fields=[kind])
    near = {"name_zh": "绥化站", "name_en": "Suihua station", "kind": "railway_station"}
    far = {"name_zh": "远站", "name_en": "Far station", "kind": "railway_station"}
    draft = {"name_zh": "新站", "name_en": "New station", "kind": "railway_station"}
    make_feature(hubs, "far", geom=point(127.5, 46.6065), properties=far)
    make_feature(hubs, "near", geom=point(127.1065, 46.6065), properties=near)
    make_feature(hubs, "new", geom=point(127.0066, 46.6066), properties=draft, state="draft")
    make_site("it")
    text = words(get("/en/sites/it/"))
    assert re.search(r"Railway station Suihua station 7\.[56] km", text)
    assert "Far station" not in text
    assert "New station" not in text
    assert "from the nearest edge of the place" in text
    assert "自边界最近处起算" in words(get("/sites/it/"))


def test_the_nearest_in_use_is_named_however_many_nearer_ones_are_only_planned(get):
    fields = [
        {"name": name, "label_zh": name, "label_en": name, "type": "text"}
        for name in ("kind", "status")
    ]
    hubs = make_layer("transport-hubs", fields=fields)

    def put(key, lon, **status):
        named = {"name_zh": key, "name_en": key, "kind": "railway_station", **status}
        make_feature(hubs, key.lower(), geom=point(lon, 46.6065), properties=named)

    for number in range(6):
        put(f"Planned {number}", 127.02 + number / 100, status="planned")
    put("Running", 127.2, status="operating")
    make_site("it")
    assert "Railway station Running" in words(get("/en/sites/it/"))
    put("Unsaid", 127.15)
    assert "Railway station Unsaid" in words(get("/en/sites/it/"))


def test_a_layer_without_the_field_asked_for_leaves_the_distance_out(get):
    make_layer("transport-hubs")
    make_site("it")
    assert "Railway station" not in get("/en/sites/it/")


def test_the_locator_shows_county_place_and_scale_without_scripts(get):
    make_district()
    make_district(
        "231221",
        "望奎县",
        "Wangkui",
        geom="SRID=4490;POLYGON((126.4 46.5,126.8 46.5,126.8 46.9,126.4 46.9,126.4 46.5))",
    )
    make_site("it", park=make_park())
    html = get("/en/sites/it/")
    drawings = re.findall(r"<svg class=\"drawing-picture.*?</svg>", html, re.S)
    assert len(drawings) == 2
    city, close = drawings
    assert re.search(r'class="stroke-county-here" d="M [\d.]+ [\d.]+ l', city)
    assert "Wangkui" in city
    assert 'class="mark"' in city
    for stroke in ("stroke-here", "stroke-park", "stroke-plot"):
        assert f'class="{stroke}" d="M' in close
    assert re.search(r"\d+ k?m</text>", close)


def test_the_city_is_drawn_once_until_one_of_its_layers_changes(client):
    catalog_sync()
    county = make_district()
    roads = make_layer("roads", fields=[], geometry_type="LineString")
    make_site("it")

    def drawing(language: str = "/en") -> tuple[str, int]:
        with CaptureQueriesContext(connection) as asked:
            html = client.get(f"{language}/sites/it/").content.decode()
        times = sum("ST_PointOnSurface" in query["sql"] for query in asked)
        return re.search(r"<svg class=\"drawing-picture.*?</svg>", html, re.S)[0], times

    first, times = drawing()
    assert times == 1
    assert drawing() == (first, 0)
    assert "北林" in drawing("")[0]
    line = GEOSGeometry("SRID=4490;LINESTRING(126.9 46.6, 127.1 46.8)")
    properties = {"name_zh": "路", "name_en": "Road", "road_class": "national"}
    make_feature(roads, geom=line, properties=properties)
    assert 'class="stroke-road"' in drawing()[0]
    assert drawing()[1] == 0
    soon = timezone.now() + timedelta(seconds=2)
    StoredFeature.objects.update(effective_until=soon)
    assert 'class="stroke-road"' in drawing()[0]
    sleep(2.05)
    assert 'class="stroke-road"' not in drawing()[0]
    District.objects.filter(pk=county.pk).update(name_en="Renamed")
    assert "Renamed" in drawing()[0]


def test_the_locator_draws_nothing_that_is_not_public(get):
    make_project("it")
    make_park("hidden", state="draft")
    assert "stroke-park" not in get("/en/projects/it/")


def test_a_record_without_a_place_has_a_page_without_a_map(get):
    make_project("it", geom=None)
    html = get("/en/projects/it/")
    assert "drawing-picture" not in html
    assert "Open on the map" not in html


def structured(html: str) -> dict:
    """The JSON-LD of a page by type."""
    script = re.search(r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script>', html)
    graph = json.loads(script[1])["@graph"]
    return {node["@type"]: node for node in graph}


def test_search_engines_read_place_price_and_path(get):
    make_district()
    make_site("it", park=make_park("the-park"))
    nodes = structured(get("/en/sites/it/"))
    listing = nodes["RealEstateListing"]
    assert listing["offers"]["priceSpecification"]["price"] == "120.00"
    assert listing["about"]["geo"]["latitude"] == pytest.approx(46.6065, abs=0.001)
    path = [item["name"] for item in nodes["BreadcrumbList"]["itemListElement"]]
    assert path == ["Sites", "Beilin", "Beilin Economic Development Zone", "Parcel 1"]


def test_a_name_cannot_break_out_of_the_structured_data(get):
    make_site("it", name_en="</script><script>alert(1)</script>&")
    html = get("/en/sites/it/")
    assert "<script>alert" not in html
    assert structured(html)["RealEstateListing"]["name"] == "</script><script>alert(1)</script>&"


def test_messengers_find_a_title_a_summary_and_an_address(get):
    make_site("it", summary_en="Five hectares by the railway.")
    html = get("/en/sites/it/")
    assert '<meta property="og:title" content="Parcel 1">' in html
    assert '<meta property="og:description" content="Five hectares by the railway.">' in html
    assert '<meta property="og:url" content="http://testserver/en/sites/it/">' in html
    assert '<link rel="canonical" href="http://testserver/en/sites/it/">' in html


def test_the_qr_code_stands_in_the_page_as_a_picture(get):
    make_site("it")
    assert re.search(r'<svg aria-hidden="true"[^>]*class="qr"', get("/en/sites/it/"))


def test_the_page_leads_to_itself_on_the_map_and_in_the_other_language(get):
    make_site("it")
    html = get("/sites/it/")
    assert 'href="/?select=sites/it"' in html
    assert 'href="/en/sites/it/" lang="en"' in html


def test_a_page_takes_the_same_number_of_queries_however_much_it_shows(
    client, django_assert_max_num_queries, django_assert_num_queries
):
    make_district()
    park = make_park("it")
    make_site("s", park=park)
    make_project("p", park=park)
    client.get("/parks/it/")
    with django_assert_max_num_queries(40) as few:
        client.get("/parks/it/")
    as_many = len(few)
    for number in range(5):
        make_site(f"s-{number}", park=park, contact=make_contact(phone=f"0455-{number}"))
        make_project(f"p-{number}", park=park)
        ParkTenant.objects.create(park=park, name_zh=f"企业{number}", name_en=f"Co {number}")
    client.get("/parks/it/")
    with django_assert_num_queries(as_many):
        client.get("/parks/it/")
