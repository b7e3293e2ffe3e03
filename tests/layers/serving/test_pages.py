"""What people see below /api/: every resource as a page, in both languages, with its links."""

import re

import pytest
from django.test import override_settings

from layers.models import Code, CodeList
from tests.factories import make_contact, make_feature, make_layer, make_park

pytestmark = pytest.mark.django_db
PATHS = [
    "", "conformance", "collections", "collections/wells", "collections/wells/queryables",
    "collections/wells/schema", "collections/wells/items", "collections/wells/items/w-1",
    "openapi.html",
]  # fmt: skip


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def wells():
    materials = CodeList.objects.create(slug="material", title_zh="材质", title_en="Material")
    Code.objects.create(code_list=materials, value="pe", label_zh="聚乙烯", label_en="PE")
    field = {"label_zh": "材质", "label_en": "Material", "type": "code", "code_list": materials}
    link = {"name": "site", "label_zh": "网址", "label_en": "Site", "type": "url"}
    layer = make_layer(fields=[{**field, "name": "material"}, link], steward=make_contact())
    make_feature(layer, properties={"name_zh": "一号井", "name_en": "Well 1", "material": "pe"})
    return layer


def page(api, path: str, language="en") -> str:
    separator = "&" if "?" in path else "?"
    response = api.ask(f"{path}{separator}lang={language}", accept="text/html")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    return response.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_every_resource_is_a_page_with_one_heading_in_either_language(api, path):
    for language, tag in (("zh", "zh-hans"), ("en", "en")):
        html = page(api, path, language)
        assert f'<html lang="{tag}">' in html
        assert html.count("<h1") == 1
        other = "en" if language == "zh" else "zh"
        assert f"lang={other}" in html


@pytest.mark.parametrize("path", [path for path in PATHS if path != "openapi.html"])
def test_every_page_leads_to_its_json(api, path):
    assert re.search(r'href="[^"]*f=json[^"]*"', page(api, path))


def test_a_layers_page_shows_dictionary_codes_steward_and_count(api):
    html = page(api, "collections/wells")
    for text in ("Data dictionary", "<code>material</code>", "PE", "Wang Min", "1 record"):
        assert text in html
    assert "?layers=wells" in html


def test_records_are_shown_with_labels_and_lead_to_themselves(api):
    html = page(api, "collections/wells/items")
    assert "1 of 1 shown" in html
    assert "<td>PE</td>" in html
    assert "collections/wells/items/w-1" in html
    assert "?layers=wells" in html


def test_numbers_are_set_in_thousands_and_years_and_identifiers_as_they_are(api):
    kinds = {"yield_m3": "number", "drilled_year": "year", "owner": "text"}
    fields = [{"name": n, "label_zh": n, "label_en": n, "type": kind} for n, kind in kinds.items()]
    values = {"yield_m3": 186000.0, "drilled_year": 2011, "owner": "suihua-water"}
    make_feature(make_layer("bores", fields=fields), key="b-1", properties=values)
    table = page(api, "collections/bores/items")
    for text in ("186,000", "2011", "suihua-water"):
        assert f">{text}</td>" in table
    record = page(api, "collections/bores/items/b-1")
    assert '<div class="fact fact--as-written"><dt>owner</dt><dd>suihua-water' in record


def test_pages_of_records_lead_on(api, wells):
    make_feature(wells, key="w-2")
    html = page(api, "collections/wells/items?limit=1")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', html)
    path = following.removeprefix("http://testserver/api/").replace("&amp;", "&")
    assert "w-2" in page(api, path.replace("&lang=en", ""))


def test_a_record_leads_to_its_own_page_and_to_the_map(api):
    make_park()
    html = page(api, "collections/parks/items/beilin-park")
    assert 'href="/en/parks/beilin-park/"' in html
    assert "?select=parks/beilin-park" in html
    assert "Beilin Economic Development Zone" in html


def test_a_record_without_a_place_does_not_lead_to_the_map(api, wells):
    make_feature(wells, key="x", geom=None)
    html = page(api, "collections/wells/items/x")
    assert "no place on the map" in html
    assert "?select=" not in html


def test_what_people_typed_is_shown_as_text(api, wells):
    make_feature(wells, key="x", properties={"name_zh": "<script>alert(1)</script>"})
    for path in ("collections/wells/items", "collections/wells/items/x"):
        assert "<script>alert" not in page(api, path)


def test_an_address_of_another_scheme_is_no_link(api, wells):
    make_feature(wells, key="x", properties={"site": "javascript:alert(1)"})
    for path in ("collections/wells/items", "collections/wells/items/x"):
        assert 'href="javascript' not in page(api, path)


@override_settings(SITE_TITLE={"zh": "某市地图", "en": "Some City Map"})
def test_the_landing_page_carries_the_name_of_the_service(api):
    assert "Some City Map" in page(api, "")
