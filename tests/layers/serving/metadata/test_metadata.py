"""Each public layer is described for harvesters by three standards, from its own declaration."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from owslib.etree import etree
from owslib.iso import MD_Metadata

from layers.models import LayerGroup
from tests.factories import make_contact, make_feature, make_layer, point
from tests.layers.serving.conftest import href

pytestmark = pytest.mark.django_db
LIST = "collections/records/items"
WELLS = f"{LIST}/wells"


@pytest.fixture(autouse=True)
def wells(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    layer = make_layer(
        abstract_zh="饮用水", abstract_en="Drinking water", steward=make_contact(),
        source_zh="测绘", source_en="Survey", licence_zh="开放", licence_en="Open",
        cadence="yearly", as_of=date(2026, 6, 30), keywords=["water"],
    )  # fmt: skip
    make_feature(layer, key="a", geom=point(126, 46), as_of=date(2020, 1, 1))
    make_feature(layer, key="b", geom=point(127, 47), as_of=date(2021, 1, 1))
    make_feature(layer, key="hidden", geom=point(10, 10), state="draft")
    return layer


def test_a_record_says_what_the_layer_is_where_and_since_when(api):
    record = api.json(f"{WELLS}?lang=en")
    assert (record["id"], record["type"]) == ("wells", "Feature")
    assert record["time"] == {"interval": ["2020-01-01T00:00:00+08:00", ".."]}
    assert record["geometry"]["coordinates"][0][0] == [126.0, 46.0]
    assert record["geometry"]["coordinates"][0][2] == [127.0, 47.0]
    properties = record["properties"]
    assert (properties["type"], properties["title"]) == ("dataset", "Wells")
    assert properties["description"] == "Drinking water"
    assert "water" in properties["keywords"]
    assert properties["contacts"][0]["name"] == "Wang Min"
    assert href(record, "item", "application/geo+json").endswith("/collections/wells/items")


def test_every_link_of_a_record_leads_to_what_it_says(api):
    record = api.json(WELLS)
    for link in record["links"]:
        path = link["href"].removeprefix("http://testserver")
        response = api.client.get(path, headers={"accept": link["type"]})
        assert response.status_code == 200, path
        assert response["Content-Type"].removesuffix("; charset=utf-8") == link["type"]


def test_a_layer_leads_to_its_descriptions_and_the_landing_page_to_the_catalogue(api):
    layer = api.json("collections/wells")
    for kind in ("application/geo+json", "text/html", "application/ld+json", "application/xml"):
        assert "/collections/records/items/wells" in href(layer, "describedby", kind)
    relation = "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog"
    catalogue = api.follow(href(api.json(""), relation))
    assert (catalogue["id"], catalogue["itemType"]) == ("records", "record")


def test_a_reader_of_iso_19139_reads_the_layer_back(api):
    response = api.ask(f"{WELLS}?f=iso")
    assert response["Content-Type"] == "application/xml"
    read = MD_Metadata(etree.fromstring(response.content))
    (data,) = read.identification
    assert (read.identifier, read.languagecode) == ("wells", "chi")
    assert read.referencesystem.code.endswith("EPSG/0/4490")
    assert (data.title, data.abstract) == ("水井", "饮用水")
    assert (data.bbox.minx, data.bbox.maxy) == ("126.0", "47.0")
    assert data.temporalextent_start == "2020-01-01T00:00:00+08:00"
    assert data.date[0].date == "2026-06-30"
    assert data.topiccategory == ["planningCadastre"]
    assert data.otherconstraints == ["开放"]
    assert read.contact[0].organization == "北林区投资促进局"
    assert read.dataquality.lineage == "测绘"
    assert {each.url for each in read.distribution.online} >= {
        "http://testserver/api/collections/wells/items"
    }
    assert "Drinking water" in response.content.decode()


def test_iso_is_well_formed_whatever_was_typed(api, wells):
    wells.title_zh = "<井> & \x0b\ufffe“]]>”"
    wells.save()
    read = MD_Metadata(etree.fromstring(api.ask(f"{WELLS}?f=iso").content))
    assert read.identification[0].title == "<井> & “]]>”"


def test_a_layer_of_which_little_is_known_is_described_in_every_format(api):
    make_layer("bare", title_en="")
    for form, kind in (("json", "geo+json"), ("dcat", "ld+json"), ("iso", "xml"), ("html", "html")):
        response = api.ask(f"{LIST}/bare?f={form}")
        assert response.status_code == 200
        assert kind in response["Content-Type"]
    assert api.json(f"{LIST}/bare")["geometry"] is None


def test_dcat_names_dataset_licence_frequency_and_distributions(api):
    dataset = api.json(f"{WELLS}?f=dcat")
    assert dataset["@type"] == "dcat:Dataset"
    assert {"@value": "水井", "@language": "zh"} in dataset["dct:title"]
    assert {"@value": "Wells", "@language": "en"} in dataset["dct:title"]
    assert dataset["dct:accrualPeriodicity"]["@id"].endswith("/ANNUAL")
    assert {"@value": "Open", "@language": "en"} in dataset["dct:license"]["rdfs:label"]
    urls = [each["dcat:accessURL"]["@id"] for each in dataset["dcat:distribution"]]
    assert "http://testserver/api/collections/wells/items" in urls


def test_the_whole_list_is_a_dcat_catalogue(api):
    catalogue = api.json(f"{LIST}?f=dcat")
    assert catalogue["@type"] == "dcat:Catalog"
    assert "wells" in [each["dct:identifier"] for each in catalogue["dcat:dataset"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=DRINKING", True), ("q=饮用", True), ("q=none,drinking  water", True), ("q=oil", False),
        ("bbox=125,45,126.5,46.5", True), ("bbox=0,0,1,1", False), ("bbox=170,40,-170,50", False),
        ("bbox=126.5,40,-170,50", True), ("datetime=../2019-12-31", False),
        ("datetime=2020-06-01", True), ("type=dataset", True), ("type=service", False),
        ("ids=wells,none", True), ("ids=none", False),
    ],
)  # fmt: skip
def test_records_are_found_by_words_place_time_type_and_id(api, query, found):
    assert ("wells" in api.keys(f"{LIST}?limit=1000&{query}")) is found


def test_pages_follow_each_other_through_all_records(api):
    every = api.keys(LIST)
    first = api.json(f"{LIST}?limit=2")
    second = api.follow(href(first, "next"))
    assert [each["id"] for each in (*first["features"], *second["features"])] == every[:4]
    assert first["numberMatched"] == len(every)
    assert href(first, "prev") is None
    assert api.follow(href(second, "prev"))["features"] == first["features"]


def test_a_layer_that_is_not_public_is_in_no_list_and_has_no_record(api, wells):
    wells.published = False
    wells.save()
    assert "wells" not in api.keys(LIST)
    assert "wells" not in api.ask(f"{LIST}?f=dcat").content.decode()
    for form in ("json", "html", "dcat", "iso"):
        assert api.ask(f"{WELLS}?f={form}").status_code == 404


def test_a_record_that_is_held_already_is_not_sent_again(api, wells):
    for form in ("json", "dcat", "iso"):
        tag = api.ask(f"{WELLS}?f={form}")["ETag"]
        assert api.ask(f"{WELLS}?f={form}", if_none_match=tag).status_code == 304
        wells.abstract_zh += "。"
        wells.save()
        assert api.ask(f"{WELLS}?f={form}&lang=zh", if_none_match=tag).status_code == 200


@pytest.mark.parametrize("path", ["collections/records", LIST, WELLS])
def test_people_have_a_page_in_either_language(api, path):
    for language in ("zh", "en"):
        html = api.ask(f"{path}?lang={language}", accept="text/html").content.decode()
        assert html.count("<h1") == 1
        assert ("元数据目录" in html or "水井" in html) is (language == "zh")


def test_no_layer_takes_the_name_of_the_catalogue(wells):
    wells.slug = "records"
    with pytest.raises(ValidationError) as refused:
        wells.full_clean()
    assert set(refused.value.message_dict) == {"slug"}


def test_a_layer_is_about_what_its_branch_is_about(api, wells):
    wells.group, _made = LayerGroup.objects.get_or_create(
        slug="nature", defaults={"title_zh": "水系", "title_en": "Water"}
    )
    wells.save()
    document = etree.fromstring(api.ask(f"{WELLS}?f=iso").content)
    (data,) = MD_Metadata(document).identification
    assert data.topiccategory == ["inlandWaters"]
