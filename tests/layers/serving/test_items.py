"""Which records come, in what order, and how they are written."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from layers.models import Code, CodeList
from tests.factories import (
    make_district,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
    point,
)
from tests.layers.serving.conftest import href

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def wells():
    return make_layer()


def typed_wells():
    materials = CodeList.objects.create(slug="material", title_zh="材质", title_en="Material")
    for value in ("pe", "steel"):
        Code.objects.create(code_list=materials, value=value, label_zh=value, label_en=value)
    kinds = {"depth": "number", "year": "integer", "used": "boolean", "built": "date"}
    kinds |= {"checked": "datetime", "site": "url", "note": "text"}
    fields = [{"name": n, "label_zh": n, "label_en": n, "type": t} for n, t in kinds.items()]
    for name, kind in (("material", "code"), ("materials", "codes")):
        field = {"name": name, "label_zh": name, "label_en": name, "type": kind}
        fields.append({**field, "code_list": materials})
    hidden = {"label_zh": "内部", "label_en": "Internal", "type": "text"}
    fields.append({**hidden, "name": "secret", "public": False})
    fields.append({**hidden, "name": "remark", "filter": False})
    return make_layer(fields=fields)


# --- how a record is written -----------------------------------------------------------------


def test_a_stored_record_keeps_the_types_of_its_values_and_hides_what_is_not_public(api):
    layer = typed_wells()
    given = {
        "name_zh": "一号“井”", "depth": 12.50, "year": 1987, "used": False, "built": "2020-01-01",
        "materials": ["pe", "steel"], "secret": "classified", "undeclared": 1,
    }  # fmt: skip
    make_feature(layer, properties=given)
    (feature,) = api.json("collections/wells/items")["features"]
    missing = dict.fromkeys(["name_en", "checked", "site", "note", "material", "remark"])
    kept = {name: value for name, value in given.items() if name not in ("secret", "undeclared")}
    assert feature["properties"] == {**kept, **missing}
    assert feature["id"] == "w-1"
    assert feature["geometry"] == {"type": "Point", "coordinates": [127.0, 46.65]}
    assert "classified" not in api.ask("collections/wells/items").content.decode()


def test_a_typed_record_is_written_by_its_declaration(api):
    make_district()
    make_park(industries=["C13", "C27"], lease_min=None)
    (feature,) = api.json("collections/parks/items")["features"]
    properties = feature["properties"]
    assert feature["id"] == properties["slug"] == "beilin-park"
    assert properties["district"] == "231202"
    assert properties["district_zh"] == "北林区"
    assert properties["industries"] == ["C13", "C27"]
    assert properties["area_ha"] == 1200
    assert properties["lease_min"] is None
    assert properties["as_of"] == "2026-06-30"


def test_a_code_is_a_text_where_the_column_holds_a_number_and_null_where_it_is_empty(api):
    make_site(readiness=3, price=None, price_unit="")
    (feature,) = api.json("collections/sites/items")["features"]
    assert feature["properties"]["readiness"] == "3"
    assert feature["properties"]["price_unit"] is None


def test_depth_comes_with_every_vertex(api, wells):
    line = GEOSGeometry("SRID=4490;LINESTRING Z (127 46 -1.5, 127.1 46.1 -2.25)")
    make_feature(wells, geom=line)
    (feature,) = api.json("collections/wells/items")["features"]
    assert feature["geometry"]["coordinates"] == [[127, 46, -1.5], [127.1, 46.1, -2.25]]


def test_outer_rings_turn_counter_clockwise(api):
    layer = make_layer(geometry_type="Polygon")
    clockwise = "SRID=4490;POLYGON((127 46,127 47,128 47,128 46,127 46))"
    make_feature(layer, geom=GEOSGeometry(clockwise))
    (feature,) = api.json("collections/wells/items")["features"]
    (ring,) = feature["geometry"]["coordinates"]
    doubled_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert doubled_area > 0


def test_a_number_that_may_have_a_fraction_shows_one(api):
    """QGIS and GDAL guess the type of a field from the first records."""
    make_park()
    text = api.ask("collections/parks/items").content.decode()
    assert '"power_free_mva":63.0,' in text
    assert '"lease_min":null,' in text


def test_no_geometry_is_null(api, wells):
    make_feature(wells, geom=None)
    assert api.json("collections/wells/items")["features"][0]["geometry"] is None


def test_a_layer_of_more_fields_than_a_function_takes_arguments_is_served(api):
    many = [f"f{number:03}" for number in range(120)]
    fields = [{"name": n, "label_zh": n, "label_en": n, "type": "integer"} for n in many]
    make_feature(make_layer(fields=fields), properties={"f119": 7})
    (feature,) = api.json("collections/wells/items")["features"]
    assert feature["properties"]["f119"] == 7
    assert len(feature["properties"]) == 122


# --- pages -----------------------------------------------------------------------------------


def test_pages_follow_each_other_without_gap_or_double_and_back_again(api, wells):
    for number in range(7):
        make_feature(wells, key=f"w-{number}")
    seen, page = [], api.json("collections/wells/items?limit=3")
    pages = [page]
    while following := href(pages[-1], "next"):
        pages.append(api.follow(following))
    for page in pages:
        seen += [feature["id"] for feature in page["features"]]
        assert page["numberMatched"] == 7
        assert page["numberReturned"] == len(page["features"])
    assert seen == [f"w-{number}" for number in range(7)]
    back = api.follow(href(pages[-1], "prev"))
    assert [f["id"] for f in back["features"]] == ["w-3", "w-4", "w-5"]
    assert href(api.follow(href(back, "prev")), "prev") is None


def test_a_record_added_meanwhile_moves_nothing_on_later_pages(api, wells):
    for number in range(4):
        make_feature(wells, key=f"w-{number}")
    following = href(api.json("collections/wells/items?limit=2"), "next")
    wells.features.get(key="w-0").delete()
    assert [f["id"] for f in api.follow(following)["features"]] == ["w-2", "w-3"]


def test_links_of_pages_keep_what_was_asked(api, wells):
    for number in range(3):
        make_feature(wells, key=f"w-{number}", properties={"name_en": "A"})
    make_feature(wells, key="other", properties={"name_en": "B"})
    page = api.json("collections/wells/items?limit=2&name_en=A&bbox=126,46,128,47")
    following = api.follow(href(page, "next"))
    assert [f["id"] for f in following["features"]] == ["w-2"]
    assert following["numberMatched"] == 3


def test_a_page_holds_100_records_unless_asked_and_never_more_than_10000(api, wells):
    for number in range(101):
        make_feature(wells, key=f"w-{number}")
    assert len(api.keys("collections/wells/items")) == 100
    assert len(api.keys("collections/wells/items?limit=10000")) == 101
    assert len(api.keys("collections/wells/items?limit=99999999999")) == 101


def test_an_empty_layer_is_an_empty_page(api, wells):
    page = api.json("collections/wells/items")
    assert (page["features"], page["numberMatched"], page["numberReturned"]) == ([], 0, 0)


# --- what the public may see -----------------------------------------------------------------


def test_what_is_not_published_or_not_in_effect_is_nowhere(api, wells):
    now = timezone.now()
    make_feature(wells, key="public")
    make_feature(wells, key="draft", state="draft")
    make_feature(wells, key="withdrawn", state="withdrawn")
    make_feature(wells, key="later", effective_from=now + timedelta(days=1))
    make_feature(wells, key="expired", effective_until=now - timedelta(days=1))
    page = api.json("collections/wells/items")
    assert [f["id"] for f in page["features"]] == ["public"]
    assert page["numberMatched"] == 1
    assert api.json("collections/wells/items?bbox=120,40,130,50")["numberMatched"] == 1
    assert api.json("collections/wells")["geoportal"]["count"] == 1
    for key in ("draft", "withdrawn", "later", "expired"):
        assert api.ask(f"collections/wells/items/{key}").status_code == 404
    assert api.json("collections/wells/items/public")["id"] == "public"


@pytest.mark.parametrize(
    "hidden",
    [
        {"state": "draft"},
        {"effective_from": timezone.now() + timedelta(days=1)},
        {"effective_until": timezone.now() - timedelta(days=1)},
    ],
)
def test_a_record_does_not_name_another_that_is_not_public(api, hidden):
    make_site(park=make_park(**hidden))
    make_site(slug="site-2", park=make_park(slug="open-park", name_zh="公开园区"))
    closed, open_ = api.json("collections/sites/items")["features"]
    assert closed["properties"]["park"] is None
    assert closed["properties"]["park_zh"] is None
    assert open_["properties"]["park"] == "open-park"
    assert open_["properties"]["park_zh"] == "公开园区"
    assert api.keys("collections/sites/items?park=beilin-park") == []
    assert api.keys("collections/sites/items?park=open-park") == ["site-2"]


@pytest.mark.parametrize("path", ["", "/items", "/items/w-1", "/queryables", "/schema"])
def test_a_layer_that_is_not_published_is_nowhere(api, path):
    make_feature(make_layer(published=False))
    assert api.ask(f"collections/wells{path}").status_code == 404
    assert "wells" not in api.ask("collections").content.decode()
    assert "wells" not in api.ask("openapi.json").content.decode()


# --- box -------------------------------------------------------------------------------------


@pytest.fixture
def places(wells):
    for key, lon, lat in (("west", 126.5, 46.5), ("east", 127.5, 46.5), ("far", 179.5, -10)):
        make_feature(wells, key=key, geom=point(lon, lat))
    make_feature(wells, key="nowhere", geom=None)
    return wells


@pytest.mark.parametrize(
    ("bbox", "keys"),
    [
        ("126,46,127,47", {"west"}),
        ("126.5,46.5,127,47", {"west"}),
        ("126.5,46.5,126.5,46.5", {"west"}),
        ("126.5,46,126.5,47", {"west"}),
        ("126.500001,46.4,127,47", set()),
        ("-180,-90,180,90", {"west", "east", "far"}),
        ("179,-20,-170,0", {"far"}),
        ("-170,-20,179,0", set()),
        ("1.26e2,46,+127.0,47", {"west"}),
    ],
)
def test_a_box_finds_what_it_meets_and_what_has_no_place(api, places, bbox, keys):
    query = f"collections/wells/items?bbox={bbox.replace('+', '%2B')}"
    assert set(api.keys(query)) == {*keys, "nowhere"}
    assert api.json(query)["numberMatched"] == len(keys) + 1


def test_a_box_is_exact_where_boxes_of_geometries_are_not(api, wells):
    # A diagonal whose own box meets the question, though the line passes by.
    make_feature(wells, geom=GEOSGeometry("SRID=4490;LINESTRING(126 46, 127 47)"))
    assert api.keys("collections/wells/items?bbox=126.6,46.1,126.9,46.3") == []
    assert api.keys("collections/wells/items?bbox=126.4,46.4,126.6,46.6") == ["w-1"]


def test_a_box_with_heights_finds_what_lies_between_them_and_what_is_flat(api, wells):
    make_feature(wells, key="deep", geom=GEOSGeometry("SRID=4490;POINT Z (127 46.5 -8)"))
    make_feature(wells, key="shallow", geom=GEOSGeometry("SRID=4490;POINT Z (127 46.5 -1)"))
    make_feature(wells, key="flat", geom=point(127, 46.5))
    found = api.keys("collections/wells/items?bbox=126,46,-2,128,47,0")
    assert found == ["shallow", "flat"]


# --- time ------------------------------------------------------------------------------------


@pytest.fixture
def timed(wells):
    noon = datetime(2020, 6, 1, 12, tzinfo=SHANGHAI)
    make_feature(wells, key="effective", effective_from=noon, as_of=date(2010, 1, 1))
    make_feature(wells, key="as-of", as_of=date(2015, 3, 1))
    ends = timezone.now() + timedelta(days=30)
    make_feature(wells, key="ends", as_of=date(2015, 3, 1), effective_until=ends)
    make_feature(wells, key="timeless")
    return wells


@pytest.mark.parametrize(
    ("time", "keys"),
    [
        ("2014-01-01", []),
        ("2015-03-01", ["as-of", "ends"]),
        ("2015-02-28T16:00:00Z", ["as-of", "ends"]),
        ("2015-02-28T15:59:59Z", []),
        ("2020-06-01T03:59:59Z", ["as-of", "ends"]),
        ("2020-06-01T04:00:00Z", ["effective", "as-of", "ends"]),
        ("2020-06-01", ["effective", "as-of", "ends"]),
        ("../2016-01-01", ["as-of", "ends"]),
        ("/2016-01-01", ["as-of", "ends"]),
        ("2016-01-01/2017-01-01", ["as-of", "ends"]),
        ("2100-01-01/..", ["effective", "as-of"]),
        ("2100-01-01/", ["effective", "as-of"]),
        # The open ends of QGIS.
        ("0000-01-01T00:00:00Z/2016-01-01", ["as-of", "ends"]),
        ("2100-01-01/9999-12-31T00:00:00Z", ["effective", "as-of"]),
    ],
)
def test_time_finds_whose_effect_meets_it_and_what_has_no_time(api, timed, time, keys):
    assert api.keys(f"collections/wells/items?datetime={time}") == [*keys, "timeless"]


# --- values of fields ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("depth=12.5", {"depth": 12.50}),
        ("depth=1.25e1", {"depth": 12.5}),
        ("depth=12", {"depth": 12}),
        ("year=1987", {"year": 1987}),
        ("year=-3", {"year": -3}),
        ("used=false", {"used": False}),
        ("built=2020-01-01", {"built": "2020-01-01"}),
        ("checked=2020-01-01T08:00:00%2B08:00", {"checked": "2020-01-01T00:00:00Z"}),
        ("note=%E4%BA%95%20%22x%22%20%25", {"note": '井 "x" %'}),
        ("material=pe", {"material": "pe"}),
        ("materials=steel", {"materials": ["pe", "steel"]}),
        ("site=https%3A%2F%2Fa.example%2F", {"site": "https://a.example/"}),
    ],
)
def test_a_value_finds_the_stored_records_that_have_it(api, asked, stored):
    layer = typed_wells()
    make_feature(layer, key="has", properties=stored)
    make_feature(layer, key="has not", properties={"depth": 99, "used": True, "note": "1"})
    make_feature(layer, key="empty", properties={})
    assert api.keys(f"collections/wells/items?{asked}") == ["has"]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("district=231202", 1),
        ("level=provincial", 1),
        ("level=national", 0),
        ("industries=C27", 1),
        ("industries=C14", 0),
        ("area_ha=1200", 1),
        ("area_ha=1200.004", 0),
        ("area_ha=1e300", 0),
        ("as_of=2026-06-30", 1),
        ("name_en=Beilin%20Economic%20Development%20Zone", 1),
        ("level=provincial&industries=C13&area_ha=1200", 1),
    ],
)
def test_a_value_finds_the_typed_records_that_have_it(api, asked, number):
    make_district()
    make_park()
    page = api.json(f"collections/parks/items?{asked}")
    assert (len(page["features"]), page["numberMatched"]) == (number, number)


def test_a_number_no_column_can_hold_finds_nothing(api):
    make_district()
    page = api.json("collections/districts/items?population=99999999999999999999")
    assert (page["features"], page["numberMatched"]) == ([], 0)


def test_a_code_of_a_numeric_column_is_found(api):
    make_site(readiness=3)
    assert api.keys("collections/sites/items?readiness=3") == ["site-1"]
    assert api.keys("collections/sites/items?readiness=1") == []


def test_a_leap_second_is_a_time(api, wells):
    make_feature(wells)
    assert api.keys("collections/wells/items?datetime=2016-12-31T23:59:60Z") == ["w-1"]


# --- one record ------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["a/b", "a/../b", "a b", "井", "a%b", "?x", "..."])
def test_a_record_is_found_by_any_key_through_its_own_link(api, wells, key):
    make_feature(wells, key=key)
    page = api.json("collections/wells/items")
    (feature,) = page["features"]
    found = api.json(f"collections/wells/items/{quote(feature['id'], safe='')}")
    assert found["id"] == key
    assert href(found, "collection") == "http://testserver/api/collections/wells"
    assert api.follow(href(found, "self"))["id"] == key


def test_projects_and_economy_have_their_records(api):
    make_district()
    make_project()
    assert api.keys("collections/projects/items") == ["project-1"]
    (economy,) = api.json("collections/district-economy/items")["features"]
    assert economy["properties"]["density"] == round(698025 / 2760, 1)
    assert economy["properties"]["gdp"] is None
