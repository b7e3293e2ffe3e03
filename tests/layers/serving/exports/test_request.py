"""An export takes what a page takes, is named, validated and refused as pages are."""

import csv
import json
import tracemalloc
from datetime import timedelta

import pytest
from django.utils import timezone

from layers.models import StoredFeature
from layers.serving.exports.formats import FORMATS
from tests.factories import make_feature, make_layer, make_park, point
from tests.layers.serving.conftest import href
from tests.layers.serving.exports.conftest import epsg, text_of

pytestmark = pytest.mark.django_db
UNKNOWN_DEPTH = '{"op": "isNull", "args": [{"property": "depth"}]}'


def keys(exporter, **parameters) -> list[str]:
    document = json.loads(exporter.body("geojson", **parameters))
    return [feature["id"] for feature in document["features"]]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["w-0", "w-1", "w-2"]),
        ({"bbox": "127.13,46,127.14,47"}, ["w-1"]),
        ({"bbox": "46,127.13,47,127.14", "bbox-crs": epsg(4326)}, ["w-1"]),
        ({"datetime": "../2026-01-01"}, []),
        ({"name_zh": "一号井"}, ["w-0"]),
        ({"filter": "depth > 11"}, ["w-1"]),
        (
            {"filter": '{"op":"isNull","args":[{"property":"depth"}]}', "filter-lang": "cql2-json"},
            ["w-2"],
        ),
        ({"filter": "S_INTERSECTS(geometry, BBOX(127.12, 46, 127.13, 47))"}, ["w-0"]),
        ({"q": "镕基"}, ["w-1"]),
        ({"sortby": "-depth"}, ["w-1", "w-0", "w-2"]),
        ({"filter": "depth > 1", "sortby": "-depth", "bbox": "127,46,128,47"}, ["w-1", "w-0"]),
    ],
)
def test_what_a_page_can_ask_an_export_can(wells, exporter, asked, expected):
    wells.features.update(as_of="2026-06-30")
    found = keys(exporter, **asked)
    assert found == expected if "sortby" in asked else sorted(found) == expected


@pytest.mark.parametrize("fmt", FORMATS)
def test_only_the_properties_asked_for_are_in_the_file(wells, exporter, fmt):
    everything, some = exporter.body(fmt), exporter.body(fmt, properties="name_zh")
    # A GeoPackage is counted in blocks.
    assert len(some) < len(everything) or fmt == "gpkg"
    if fmt in ("gpkg", "fgb", "shp"):
        (record, *_others) = exporter.opened(fmt, properties="name_zh,depth").records
        assert [*record] == ["name_zh", "depth"]


def test_simplified_shapes_have_fewer_vertices(exporter):
    layer = make_layer("round", geometry_type="Polygon")
    make_feature(layer, geom=point(127, 46).buffer(0.1, quadsegs=64))
    whole = exporter.opened("gpkg", "round").shapes[0]
    simple = exporter.opened("gpkg", "round", **{"zoom-level": 6}).shapes[0]
    assert len(simple.coords[0]) < len(whole.coords[0]) / 4


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_format_has_its_media_type_name_and_validator(wells, exporter, fmt):
    response = exporter.ask(fmt)
    assert response["Content-Type"].startswith(FORMATS[fmt].media_type)
    ending = FORMATS[fmt].ending
    assert f'filename="wells.{ending}"' in response["Content-Disposition"]
    again = exporter.ask(fmt, headers={"if_none_match": response["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, response["ETag"])
    other = exporter.ask(fmt, headers={"if_none_match": response["ETag"]}, lang="en")
    assert other.status_code == 200
    make_feature(wells, "new")
    assert exporter.ask(fmt, headers={"if_none_match": response["ETag"]}).status_code == 200


def test_head_makes_no_file(wells, exporter, monkeypatch):
    monkeypatch.setattr("layers.serving.exports.views.file_response", None)
    head = exporter.api.ask("collections/wells/export?f=gpkg", "head")
    assert (head.status_code, head.content) == (200, b"")
    assert "wells.gpkg" in head["Content-Disposition"]


def test_accept_chooses_the_format_where_the_address_does_not(wells, exporter):
    api = exporter.api
    parquet = api.ask("collections/wells/export", accept="application/vnd.apache.parquet")
    assert parquet["Content-Type"] == "application/vnd.apache.parquet"
    assert api.ask("collections/wells/export")["Content-Type"] == "application/geo+json"
    assert api.ask("collections/wells/export", accept="image/png").status_code == 406


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("f=dxf", "f"),
        ("limit=5", "limit"),
        ("after=2a-1", "after"),
        ("crs=EPSG:4326", "crs"),
        ("f=gpkg&bbox=1", "bbox"),
        ("f=csv&filter=depth+%3E", "filter"),
        ("f=shp&properties=nothing", "properties"),
    ],
)
def test_what_cannot_be_is_refused_by_name(wells, exporter, query, parameter):
    response = exporter.api.ask(f"collections/wells/export?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["parameter"] == parameter


@pytest.mark.parametrize("fmt", [name for name, each in FORMATS.items() if not each.only_degrees])
def test_a_record_outside_of_the_system_is_told_before_the_file_begins(wells, exporter, fmt):
    make_feature(wells, "far", geom=point(36, 0))
    response = exporter.ask(fmt, crs=epsg(4550))
    assert response.status_code == 400
    assert response.json()["parameter"] == "crs"
    assert exporter.body(fmt, crs=epsg(4550), bbox="127,46,128,47")


@pytest.mark.parametrize("fmt", FORMATS)
def test_only_what_is_public_leaves(wells, exporter, fmt):
    make_feature(wells, "draft", properties={"name_zh": "草稿井"}, state="draft")
    over = {"effective_until": timezone.now() - timedelta(hours=1)}
    make_feature(wells, "over", properties={"name_zh": "失效井"}, **over)
    if fmt in ("geojson", "geojsonl", "csv", "kml"):
        text = exporter.body(fmt).decode()
    elif fmt in ("gpkg", "fgb", "shp", "shp-gbk"):
        text = str(exporter.opened(fmt).records)
    else:
        return
    assert "一号井" in text
    assert "草稿井" not in text
    assert "失效井" not in text


def test_typed_layers_leave_with_whole_addresses(exporter):
    make_park()
    (row,) = csv.DictReader(text_of(exporter.body("csv", "parks", lang="en")))
    assert row["Page"] == "http://testserver/en/parks/beilin-park/"
    (record,) = exporter.opened("gpkg", "parks").records
    assert record["page"] == "http://testserver/parks/beilin-park/"


def test_a_collection_leads_to_its_downloads(wells, exporter):
    document = exporter.api.json("collections/wells")
    for name, each in FORMATS.items():
        address = href(document, "enclosure", each.media_type)
        assert address.startswith("http://testserver/api/collections/wells/export?f=")
        assert any(link["href"].endswith(f"export?f={name}") for link in document["links"])


@pytest.mark.parametrize(("lang", "words"), [("zh", "下载"), ("en", "Download")])
def test_pages_offer_every_format_of_what_they_show(wells, exporter, lang, words):
    for path in ("collections/wells", "collections/wells/items"):
        page = exporter.api.ask(f"{path}?f=html&lang={lang}").content.decode()
        assert words in page
        for name in FORMATS:
            assert f"export?f={name}&amp;lang={lang}" in page or f"f={name}&amp;lang={lang}" in page
    filtered = exporter.api.ask("collections/wells/items?f=html&q=镕基&limit=1").content.decode()
    assert "export?q=%E9%95%95%E5%9F%BA&amp;f=gpkg" in filtered
    assert "limit=1&amp;f=gpkg" not in filtered


def fill(layer, number: int) -> None:
    StoredFeature.objects.bulk_create(
        StoredFeature(
            layer=layer,
            key=f"m-{index}",
            geom=point(127 + index / 1e6, 46),
            properties={"name_zh": "井" * 60, "name_en": "Well" * 30},
            state="published",
        )
        for index in range(number)
    )


@pytest.mark.parametrize("fmt", ["geojson", "csv", "kml", "gpkg", "shp"])
def test_memory_does_not_grow_with_the_records(exporter, fmt, monkeypatch):
    for module in ("export", "delimited", "placemarks"):
        monkeypatch.setattr(f"layers.serving.exports.{module}.CHUNK", 400)
    fill(make_layer("few"), 2_000)
    fill(make_layer("many"), 12_000)
    assert peak_of(exporter, fmt, "many") < 1.5 * peak_of(exporter, fmt, "few")


def peak_of(exporter, fmt: str, slug: str) -> int:
    """The most that Python held while the file was made and sent, in bytes."""
    for _piece in exporter.ask(fmt, slug).streaming_content:
        pass
    tracemalloc.start()
    try:
        for _piece in exporter.ask(fmt, slug).streaming_content:
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
