"""What visitors type is found in both scripts and languages, the best first, public only."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layers.catalog.declarations import declaration_for
from layers.models import Code, CodeList, Layer, StoredFeature
from layers.serving.search.coordinates import parse_location
from layers.serving.search.openapi import OPENAPI_PATHS
from layers.serving.search.question import NAMES, read_question
from tests.factories import (
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
def hits(client):
    """The features themselves."""
    return lambda **parameters: client.get("/api/search", parameters).json()["features"]


@pytest.mark.parametrize(
    "typed",
    ["北林经济开发区", "经济开发", "beilinjingji", "bljjkfq", "Beilin Economic", "ZONE beilin"],
)
def test_a_park_is_found_by_chinese_pinyin_initials_and_english(ask, typed):
    make_park()
    assert ask(typed) == ["北林经济开发区"]
    assert ask(typed, lang="en") == ["Beilin Economic Development Zone"]


def test_every_word_must_be_found(client):
    make_park()
    found = {q: client.get("/api/search", {"q": q}).json() for q in ("beilin zone", "北林 机场")}
    assert [f["properties"]["title"] for f in found["beilin zone"]["features"]] == [
        "北林经济开发区"
    ]
    assert found["北林 机场"]["features"] == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("食品", ["甲园区", "面食项目"]),
        ("food", ["甲园区", "面食项目"]),
        ("shipin", ["甲园区", "面食项目"]),
        ("food 甲", ["甲园区"]),
        ("烟草", []),
    ],
)
def test_an_industry_finds_its_parks_and_projects(ask, typed, found):
    make_park("a", name_zh="甲园区", name_en="Alpha Park", industries=["C14", "C27"])
    make_park("b", name_zh="乙园区", name_en="Beta Park", industries=["C27"])
    make_project(name_zh="面食项目", name_en="Noodles", industry="C14")
    assert ask(typed) == found


def test_codes_of_stored_layers_are_found_by_their_labels(ask):
    kinds = CodeList.objects.create(slug="kinds", title_zh="类", title_en="Kinds")
    Code.objects.create(code_list=kinds, value="tb", label_zh="结核病", label_en="Tuberculosis")
    field = {"label_zh": "类", "label_en": "Kind", "code_list": kinds}
    clinics = make_layer(
        "clinics",
        fields=[
            {"name": "kind", "type": "code", **field},
            {"name": "kinds", "type": "codes", **field},
        ],
    )
    make_feature(clinics, "one", properties={"name_zh": "一院", "kind": "tb"})
    make_feature(clinics, "two", properties={"name_zh": "二院", "kinds": ["x", "tb"]})
    make_feature(clinics, "three", properties={"name_zh": "三院", "kind": "x"})
    assert set(ask("结核")) == {"一院", "二院"}


def test_the_best_comes_first(ask):
    names = {
        "Lan": "exact",
        "Lan River": "prefix",
        "Old Lan Bridge": "word",
        "Milan Street": "part",
    }
    wells = make_layer()
    for name_en, key in reversed(names.items()):
        make_feature(wells, key, properties={"name_zh": key, "name_en": name_en})
    assert ask("lan", lang="en") == list(names)


def test_what_visitors_come_for_precedes_places_and_these_the_rest(hits):
    make_feature(make_layer(), properties={"name_zh": "兰西", "name_en": "Lanxi"})
    make_district("231222", "兰西", "Lanxi")
    make_park(name_zh="兰西", name_en="Lanxi")
    found = hits(q="兰西")
    assert [f["properties"]["layer"] for f in found] == ["parks", "districts", "wells"]


def test_a_district_is_found_once(hits):
    make_district()
    (found,) = hits(q="北林")
    assert found["properties"]["layer"] == "districts"
    assert hits(q="231202")[0]["properties"]["title"] == "北林区"


def test_a_hit_says_what_where_and_which_page(hits):
    make_district()
    make_park()
    (found,) = hits(q="开发区", lang="en")
    properties = found["properties"]
    assert properties["url"] == "/en/parks/beilin-park/"
    assert properties["layerTitle"] == "Industrial parks"
    assert properties["subtitle"] == "Beilin"
    assert properties["bbox"] == [127.0, 46.6, 127.02, 46.62]
    assert found["geometry"] == {"type": "Point", "coordinates": [127.01, 46.61]}
    make_feature(make_layer(), "a/b c", properties={"name_zh": "开发区井"})
    assert hits(q="开发区井")[0]["properties"]["url"] == "/api/collections/wells/items/a%2Fb%20c"


def test_only_what_is_public_is_found(ask):
    now, hour = timezone.now(), timedelta(hours=1)
    make_park("draft", name_zh="测试园一", state="draft")
    make_site("over", name_zh="测试地块", effective_until=now - hour)
    make_project("later", name_zh="测试项目", effective_from=now + hour)
    hidden = make_layer("hidden", published=False)
    make_feature(hidden, properties={"name_zh": "测试井"})
    assert ask("测试") == []


def test_box_layers_and_limit_narrow(ask):
    make_park("a", name_zh="东园")
    make_park("b", name_zh="西园", geom=make_site("s", name_zh="西园地块").geom)
    assert ask("园", layers="parks", limit=1) == ["东园"]
    assert ask("园", bbox="127.004,46.604,127.0045,46.609", layers="sites") == []
    assert ask("园", bbox="127.006,46.606,127.007,46.607", layers="sites") == ["西园地块"]
    assert ask("园", bbox="10,10,20,20") == []


@pytest.mark.parametrize("typed", ["%", "_", "100%", "a_b", "\\", "'", '"; DROP TABLE x', "％"])
def test_signs_are_letters_and_no_patterns(ask, typed):
    make_park()
    assert ask(typed) == []


def test_a_name_with_signs_is_found_by_them(ask):
    make_park(name_zh="100%_清洁园\\", name_en="Clean")
    assert ask("0%_清") == ["100%_清洁园\\"]
    assert ask("园\\") == ["100%_清洁园\\"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=+++", "q"),
        ("q=a%00b", "q"),
        ("q=" + "a" * 101, "q"),
        ("q=a+b+c+d+e+f+g+h+i", "q"),
        ("q=a&q=b", "q"),
        ("q=a&limit=0", "limit"),
        ("q=a&limit=ten", "limit"),
        ("q=a&limit=%C2%B2", "limit"),
        ("q=a&bbox=1,2,3", "bbox"),
        ("q=a&bbox=nan,0,1,1", "bbox"),
        ("q=a&bbox=0,1,1,0", "bbox"),
        ("q=a&bbox=0,0,1,91", "bbox"),
        ("q=a&bbox=", "bbox"),
        ("q=a&layers=nowhere", "layers"),
        ("q=a&layers=", "layers"),
        ("q=a&layers=parks,", "layers"),
        ("q=a&lang=fr", "lang"),
        ("q=a&fuzzy=1", "fuzzy"),
    ],
)
def test_a_bad_parameter_is_named_in_the_one_error_body(client, query, parameter):
    response = client.get(f"/api/search?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["code"], problem["parameter"]) == ("bad-parameter", parameter)
    assert problem["detail"]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("126.9,46.6", (126.9, 46.6)),
        ("126.9, 46.6", (126.9, 46.6)),
        ("126.9 46.6", (126.9, 46.6)),
        ("46.6, 126.9", (126.9, 46.6)),
        ("126.9，46.6", (126.9, 46.6)),
        ("46.6N 126.9E", (126.9, 46.6)),
        ("N46.6 E126.9", (126.9, 46.6)),
        ("126.9°E, 46.6°N", (126.9, 46.6)),
        ("北纬46.6 东经126.9", (126.9, 46.6)),
        ("46°36'N 126°54'E", (126.9, 46.6)),
        ("46°38′12″N 126°59′30″E", (126 + 59.5 / 60, 46 + 38.2 / 60)),
        ("北纬46度36分 东经126度54分", (126.9, 46.6)),
        ("33.9S 70.6W", (-70.6, -33.9)),
        ("-70.6,-33.9", (-70.6, -33.9)),
    ],
)
def test_coordinates_are_read_as_people_type_them(typed, place):
    assert parse_location(typed) == pytest.approx(place)


@pytest.mark.parametrize(
    "typed",
    [
        "231202",
        "12 34",
        "126.9",
        "200.5,46.6",
        "46.6N 126.9N",
        "46°70'N 126°54'E",
        "-46.6S 126.9E",
        "N46.6S 126.9E",
        "G1 京哈高速",
        "126.9,46.6,3",
        "1" * 100,
    ],
)
def test_what_is_no_pair_of_coordinates_is_not_taken_for_one(typed):
    assert parse_location(typed) is None


def test_a_typed_place_is_a_hit_of_its_own(hits):
    make_district()
    (found,) = hits(q="46.6N 126.9E", lang="en")
    assert found["geometry"]["coordinates"] == [126.9, 46.6]
    assert found["properties"]["layer"] == "location"
    assert found["properties"]["subtitle"] == "Beilin"


def searching(client) -> list[str]:
    """The statements that a question asks of the records."""
    with CaptureQueriesContext(connection) as asked:
        client.get("/api/search?q=beilin")
    return [q["sql"] for q in asked if "search_text" in q["sql"]]


def test_all_layers_are_asked_in_one_statement_which_does_not_grow_with_them(client):
    make_park()
    make_layer()
    few = searching(client)
    for number in range(5):
        make_layer(f"more-{number}")
    many = searching(client)
    assert len(few) == len(many) == 1
    assert few[0].count("UNION ALL") == many[0].count("UNION ALL") > 0
    assert len(many[0]) < len(few[0]) + 100


def test_stored_layers_that_name_their_records_differently_are_searched_together(ask):
    make_feature(make_layer("wells"), properties={"name_zh": "龙泉井", "name_en": "Dragon Well"})
    alias = {"name": "alias", "label_zh": "别名", "label_en": "Alias", "type": "text"}
    springs = make_layer("springs", fields=[alias], label_zh="alias", label_en="alias")
    make_feature(springs, properties={"name_zh": "一号", "alias": "老龙泉"})
    assert sorted(ask("龙泉")) == ["老龙泉", "龙泉井"]
    assert sorted(ask("longquan", lang="en")) == ["Dragon Well", "老龙泉"]
    assert ask("龙泉", layers="springs") == ["老龙泉"]


def test_long_words_are_found_by_the_trigram_index():
    wells = make_layer()
    StoredFeature.objects.bulk_create(
        StoredFeature(
            layer=wells,
            key=str(i),
            geom=point(126 + i / 10000, 46),
            state="published",
            search_text=f"well {i:05d} 第{i:05d}号水井",
        )
        for i in range(10000)
    )
    with connection.cursor() as cursor:
        # What autovacuum does in time: file the new entries, count the rows.
        cursor.execute("SELECT gin_clean_pending_list('feature_search'::regclass)")
        cursor.execute("ANALYZE layers_storedfeature")
    records = declaration_for(Layer.objects.get(slug="wells")).public_records()
    assert "feature_search" in records.filter(search_text__contains="03456").explain()
    assert "feature_search" in records.filter(search_text__contains="3456号水").explain()


def test_the_openapi_document_names_the_parameters_there_are():
    operation = OPENAPI_PATHS["/search"]["get"]
    assert [p["name"] for p in operation["parameters"]] == [*NAMES, "f", "lang"]
    assert read_question(QueryDict("q=a")).limit == 10
    assert operation["parameters"][1]["schema"]["default"] == 10


def test_other_origins_may_search_in_the_language_they_read(client):
    make_district()
    headers = {"origin": "https://portal.example", "accept-language": "en"}
    response = client.get("/api/search?q=beilin", headers=headers)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Language"] == "en"
    assert response.json()["features"][0]["properties"]["title"] == "Beilin"
    again = client.get(
        "/api/search?q=beilin", headers={**headers, "if-none-match": response["ETag"]}
    )
    assert again.status_code == 304
    refused = client.get("/api/search?q=", headers=headers)
    assert refused.json()["title"] == "Bad parameter"


def test_more_hits_than_the_most_are_not_given(ask):
    layer = make_layer()
    for number in range(52):
        make_feature(layer, key=f"w-{number}")
    assert len(ask("well", lang="en", limit=1000)) == 50


def test_a_name_that_is_not_public_is_not_shown(ask):
    layer = make_layer()
    layer.fields.filter(name="name_zh").update(public=False)
    make_feature(layer, properties={"name_zh": "机密井", "name_en": "Well"})
    assert ask("well", lang="zh") == ["Well"]


def test_what_only_staff_may_read_finds_nothing(ask):
    layer = make_layer(
        fields=[{"name": "code", "label_zh": "编号", "label_en": "Code", "type": "text"}]
    )
    make_feature(layer, properties={"name_zh": "一号井", "name_en": "Well", "code": "QX-7731"})
    assert ask("QX-7731") == ["一号井"]

    field = layer.fields.get(name="code")
    field.public = False
    field.save()
    assert ask("QX-7731") == []
    assert ask("yihaojing") == ["一号井"]

    make_feature(layer, "w-2", properties={"name_zh": "二号井", "code": "QX-7732"})
    assert ask("QX-7732") == []

    field.delete()
    layer.label_zh = "name_en"
    layer.save()
    assert ask("QX-7731") == []


def test_the_label_a_layer_chooses_finds_its_records(ask):
    layer = make_layer(
        fields=[{"name": "alias", "label_zh": "别名", "label_en": "Alias", "type": "text"}]
    )
    make_feature(layer, properties={"name_zh": "一号井", "alias": "老龙泉"})
    assert ask("laolongquan") == []

    layer.label_zh = "alias"
    layer.save()
    assert ask("laolongquan") == ["老龙泉"]


def test_a_layer_whose_app_is_gone_is_not_searched(ask):
    kept = make_layer()
    make_feature(kept)
    Layer.objects.create(
        slug="left-over",
        kind=Layer.Kind.TYPED,
        group=kept.group,
        title_zh="旧",
        title_en="Old",
        published=True,
    )
    assert ask("一号井") == ["一号井"]
