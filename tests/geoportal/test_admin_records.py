"""Records of stored layers in the administration: their place and what their layer declares."""

import json
import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from geoportal.people.models import User
from layers.models import Layer, StoredFeature
from tests.factories import make_district, make_feature, make_layer, point
from tests.geoportal.staffing import errors_of, saved, staff

pytestmark = pytest.mark.django_db

DEPTH = {
    **{"name": "depth_m", "label_zh": "深度", "label_en": "Depth", "type": "number"},
    **{"required": True, "maximum": 300},
}


def feature_form(layer: Layer, **given) -> dict:
    values = {
        "layer": layer.pk,
        "key": "w-9",
        "properties": json.dumps({"name_zh": "九号井", "name_en": "Well No. 9"}),
        "geom": "POINT (127 46.6)",
        "state": "draft",
    }
    return {**values, **given}


def test_a_record_keeps_the_place_by_which_its_staff_find_it():
    beilin = make_district()
    client = staff(area=beilin)
    User.objects.get().user_permissions.set(Permission.objects.all())
    feature = make_feature(make_layer())
    path = reverse("admin:layers_storedfeature_change", args=[feature.pk])
    assert "没有位置的记录" in errors_of(saved(client, path, geom=""))["geom"][0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"depth_m": "deep"}, "深度 (depth_m): “deep”不是数值。"),
        ({"depth_m": 900}, "深度 (depth_m): 900 高于允许的最大值 300。"),
        ({}, "深度 (depth_m): 此项必填。"),
        ({"depth_m": 12, "colour": "red"}, "数据字典中没有以下字段：colour"),
    ],
)
def test_properties_are_held_to_the_data_dictionary(admin, given, told):
    layer = make_layer(fields=[DEPTH])
    form = feature_form(layer, properties=json.dumps(given))
    answer = admin.post(reverse("admin:layers_storedfeature_add"), form)
    assert errors_of(answer)["properties"] == [told]


def test_properties_are_kept_as_an_import_keeps_them(admin):
    layer = make_layer(fields=[DEPTH])
    form = feature_form(layer, properties=json.dumps({"name_zh": " 九号井 ", "depth_m": "1,200"}))
    layer.fields.filter(name="depth_m").update(maximum=None)
    answer = admin.post(reverse("admin:layers_storedfeature_add"), form)
    assert answer.status_code == 302, errors_of(answer)
    assert StoredFeature.objects.get().properties == {"name_zh": "九号井", "depth_m": 1200}


@pytest.mark.parametrize(
    "text",
    ["POINT (127 46.6)", "SRID=4490;POINT(127 46.6)", '{"type":"Point","coordinates":[127,46.6]}'],
)
def test_geometry_is_taken_as_wkt_and_as_geojson(admin, text):
    layer = make_layer()
    answer = admin.post(reverse("admin:layers_storedfeature_add"), feature_form(layer, geom=text))
    assert answer.status_code == 302, errors_of(answer)
    assert StoredFeature.objects.get().geom.equals_exact(point(127, 46.6))


@pytest.mark.parametrize(
    "seat", ["POLYGON((127 46,127.1 46,127.1 46.1,127 46))", "POINT Z (127 46.6 9)"]
)
def test_a_seat_is_a_flat_point(admin, seat):
    beilin = make_district()
    path = reverse("admin:layers_district_change", args=[beilin.pk])
    assert "Point" in errors_of(saved(admin, path, seat=seat))["seat"][0]
    assert saved(admin, path, seat="POINT (127 46.6)").status_code == 302


def test_depths_survive_an_edit(admin):
    layer = make_layer(geometry_type="LineString", has_z=True)
    pipe = make_feature(layer, geom="SRID=4490;LINESTRING Z (127 46.6 -2.1, 127.1 46.6 -2.4)")
    path = reverse("admin:layers_storedfeature_change", args=[pipe.pk])
    answer = saved(admin, path, properties=json.dumps({"name_zh": "改名", "name_en": "Renamed"}))
    assert answer.status_code == 302, errors_of(answer)
    pipe.refresh_from_db()
    assert pipe.properties["name_zh"] == "改名"
    assert [z for _, _, z in pipe.geom.coords] == [-2.1, -2.4]


@pytest.mark.parametrize(
    "given",
    [
        {"geom": "here"},
        {"geom": '{"type": "Point"}'},
        {"geom": '{"type": "Feature"}'},
        {"geom": "POINT (520000 5160000)"},
        {"geom": "POINT EMPTY"},
        {"geom": "SRID=3857;POINT(127 46.6)"},
        {"geom": "POINT (nan 46.6)"},
        {"geom": "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"},
        {"geom": "LINESTRING (127 46, 127.1 46)"},
        {"geom": "\x00"},
        {"properties": "[]"},
        {"properties": '"text"'},
        {"properties": '{"name_zh": "井", "name_en": "Well", "depth": 3}'},
        {"properties": "{"},
    ],
)
def test_a_bad_record_is_refused_in_words(admin, given):
    layer = make_layer()
    answer = admin.post(reverse("admin:layers_storedfeature_add"), feature_form(layer, **given))
    assert answer.status_code == 200
    words = errors_of(answer)[next(iter(given))]
    assert re.search(r"[\u4e00-\u9fff]", str(words))
    assert not StoredFeature.objects.exists()
