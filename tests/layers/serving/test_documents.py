"""The documents of the standard, and what our map reads of them."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from layers.models import Code, CodeList
from tests.factories import make_contact, make_feature, make_layer, make_park, point
from tests.layers.serving.conftest import href

pytestmark = pytest.mark.django_db
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def everything(api) -> list[tuple[str, dict]]:
    paths = [
        "", "conformance", "collections", "collections/wells", "collections/wells/items",
        "collections/wells/items/w-1",
    ]  # fmt: skip
    return [(path, api.json(path)) for path in paths]


def test_every_link_is_absolute_says_what_it_is_and_leads_somewhere(api):
    make_feature(make_layer())
    checked = set()
    for _path, document in everything(api):
        for link in [*document["links"], *(
            inner for each in document.get("collections", []) for inner in each["links"]
        )]:  # fmt: skip
            assert link["rel"]
            assert link["href"].startswith("http://testserver/")
            path = link["href"].removeprefix("http://testserver")
            if path not in checked:
                checked.add(path)
                response = api.client.get(path, headers={"accept": link["type"]})
                assert response.status_code == 200, path
                assert response["Content-Type"].removesuffix("; charset=utf-8") == link["type"]
    assert len(checked) > 30


def test_every_document_has_itself_and_its_other_format(api):
    make_feature(make_layer())
    for path, document in everything(api):
        assert href(document, "self") == f"http://testserver/api/{path}"
        assert href(document, "alternate", "text/html"), path


def test_the_landing_page_leads_to_the_description_the_conformance_and_the_data(api):
    document = api.json("?lang=en")
    openapi = "application/vnd.oai.openapi+json;version=3.0"
    assert document["title"] == "Suihua Investment Map"
    assert href(document, "service-desc", openapi)
    assert href(document, "service-doc", "text/html")
    assert href(document, "conformance")
    assert href(document, "data")
    assert href(document, "http://www.opengis.net/def/rel/ogc/1.0/functions")


def test_the_classes_of_part_1_are_declared(api):
    base = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
    declared = api.json("conformance")["conformsTo"]
    assert {f"{base}{name}" for name in ("core", "oas30", "html", "geojson")} <= set(declared)


def test_a_collection_is_the_same_in_the_list_and_by_itself(api):
    make_feature(make_layer())
    make_park()
    for entry in api.json("collections")["collections"]:
        assert api.json(f"collections/{entry['id']}") == entry


def test_layers_come_in_the_order_of_the_tree(api):
    make_layer()
    ids = [entry["id"] for entry in api.json("collections")["collections"]]
    assert ids == ["parks", "sites", "projects", "districts", "district-economy", "wells"]


def test_a_collection_has_what_the_standard_and_the_map_need(api):
    materials = CodeList.objects.create(slug="material", title_zh="材质", title_en="Material")
    Code.objects.create(code_list=materials, value="pe", label_zh="聚乙烯", label_en="PE", order=1)
    fields = [
        {"name": "depth", "label_zh": "深度", "label_en": "Depth", "type": "number",
         "unit_zh": "米", "unit_en": "m"},
        {"name": "material", "label_zh": "材质", "label_en": "Material", "type": "code",
         "code_list": materials},
        {"name": "secret", "label_zh": "内部", "label_en": "Internal", "type": "text",
         "public": False},
    ]  # fmt: skip
    layer = make_layer(
        fields=fields, abstract_en="Drinking water", steward=make_contact(role_en="Engineer"),
        source_en="Survey", licence_en="Open", cadence="yearly", as_of=date(2026, 6, 30),
        verify_by=timezone.localdate() - timedelta(days=1), min_zoom=9, max_zoom=20, order=3,
        visible=True, has_z=True, style={"kind": "single"}, keywords=["water"],
    )  # fmt: skip
    make_feature(layer)
    document = api.json("collections/wells?lang=en")
    layer.refresh_from_db()
    extension = document.pop("geoportal")
    base = "http://testserver/api/v/[0-9a-f]{16}/collections/wells"
    assert re.fullmatch(base, extension.pop("versioned"))
    assert extension == {
        "group": {"id": "other", "title": "Other", "order": 90},
        "order": 3,
        "visible": True,
        "minZoom": 9,
        "maxZoom": 20,
        "geometryType": "Point",
        "hasZ": True,
        "style": {"kind": "single"},
        "label": {"zh": "name_zh", "en": "name_en"},
        "key": "key",
        "fields": [
            {"name": "name_zh", "label": "Name (Chinese)", "type": "text"},
            {"name": "name_en", "label": "Name", "type": "text"},
            {"name": "depth", "label": "Depth", "type": "number", "unit": "m"},
            {"name": "material", "label": "Material", "type": "code",
             "codes": [{"value": "pe", "label": "PE"}]},
        ],
        "page": None,
        "steward": {
            "organisation": "Beilin Investment Promotion Bureau",
            "person": "Wang Min",
            "role": "Engineer",
            "phone": "0455-0000001",
            "email": "beilin@example.invalid",
        },
        "source": "Survey",
        "licence": "Open",
        "cadence": {"value": "yearly", "label": "yearly"},
        "asOf": "2026-06-30",
        "verifyBy": layer.verify_by.isoformat(),
        "overdue": True,
        "version": layer.version,
        "count": 1,
        "drawnFrom": "items",
    }  # fmt: skip
    assert document["title"] == "Wells"
    assert document["description"] == "Drinking water"
    assert document["itemType"] == "feature"
    assert document["crs"][0] == CRS84
    assert document["storageCrs"] in document["crs"]
    assert document["keywords"] == ["water"]


def test_a_layer_of_many_records_is_drawn_from_tiles(api, monkeypatch):
    monkeypatch.setattr("layers.serving.documents.WHOLE_AT_MOST", 1)
    layer = make_layer()
    make_feature(layer, key="a")
    assert "tiles" not in api.json("collections/wells")["geoportal"]
    make_feature(layer, key="b")
    told = api.json("collections/wells")["geoportal"]
    assert told["drawnFrom"] == "tiles"
    template = "/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}"
    assert told["tiles"] == told["versioned"] + template


def test_the_extent_holds_every_public_record_as_it_is_written(api):
    layer = make_layer()
    make_feature(layer, key="a", geom=point(126.12345678, 46.98765432), as_of=date(2020, 1, 1))
    make_feature(layer, key="b", geom=point(127.00000004, 45.00000006), as_of=date(2021, 1, 1))
    make_feature(layer, key="hidden", geom=point(10, 10), state="draft")
    extent = api.json("collections/wells")["extent"]
    ((west, south, east, north),) = extent["spatial"]["bbox"]
    for feature in api.json("collections/wells/items")["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        assert west <= lon <= east
        assert south <= lat <= north
    assert west == pytest.approx(126.1234567, abs=1e-7)
    assert extent["temporal"]["interval"] == [["2020-01-01T00:00:00+08:00", None]]
    found = api.json(f"collections/wells/items?bbox={west},{south},{east},{north}")
    assert found["numberMatched"] == 2


def test_an_empty_layer_has_no_extent(api):
    make_layer()
    assert "extent" not in api.json("collections/wells")


def test_one_record_without_time_leaves_the_begin_open(api):
    layer = make_layer()
    make_feature(layer, key="a", as_of=date(2020, 1, 1))
    make_feature(layer, key="b")
    assert "temporal" not in api.json("collections/wells")["extent"]


def test_the_schema_describes_what_the_records_have(api):
    fields = [
        {"name": "depth", "label_zh": "深度", "label_en": "Depth", "type": "number",
         "unit_zh": "米", "unit_en": "m", "minimum": 0, "required": True},
        {"name": "remark", "label_zh": "备注", "label_en": "Remark", "type": "text",
         "filter": False},
        {"name": "bbox", "label_zh": "框", "label_en": "Box", "type": "text"},
    ]  # fmt: skip
    make_feature(
        make_layer(fields=fields, geometry_type="LineString"),
        geom=GEOSGeometry("SRID=4490;LINESTRING(127 46, 128 47)"),
    )
    schema = api.json("collections/wells/schema?lang=en")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == "http://testserver/api/collections/wells/schema"
    assert schema["required"] == ["depth"]
    properties = schema["properties"]
    assert properties["depth"] == {
        "title": "Depth", "type": "number", "minimum": 0, "x-ogc-unit": "m",
        "x-ogc-unitLang": "text",
    }  # fmt: skip
    assert properties["id"] == {"type": "string", "x-ogc-role": "id"}
    assert properties["geometry"]["format"] == "geometry-linestring-or-multilinestring"
    queryables = api.json("collections/wells/queryables")
    assert queryables["additionalProperties"] is False
    # A field named like a parameter cannot be asked by; one not meant for filters is left out.
    assert set(queryables["properties"]) == {"name_zh", "name_en", "depth", "geometry"}


def test_a_typed_layer_names_its_key_and_its_codes(api):
    schema = api.json("collections/parks/schema?lang=en")
    assert schema["properties"]["slug"]["x-ogc-role"] == "id"
    assert "id" not in schema["properties"]
    level = schema["properties"]["level"]
    assert level["enum"] == ["national", "provincial", "municipal", "county"]
    assert {"const": "national", "title": "National"} in level["oneOf"]
    assert "C13" in schema["properties"]["industries"]["items"]["enum"]
