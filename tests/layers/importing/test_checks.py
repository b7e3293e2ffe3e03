"""Shapes and values are checked row by row; errors block, repairs are told."""

import pytest
import shapely

from layers.bilingual import Text
from layers.models import Layer, StoredFeature
from layers.registry import Field, FieldType
from layers.registry.values import Reader
from tests.factories import make_layer
from tests.layers.importing.conftest import codes

HOLE_OUTSIDE = [
    [[127, 46], [127.1, 46], [127.1, 46.1], [127, 46.1], [127, 46]],
    [[127.2, 46.2], [127.3, 46.2], [127.3, 46.3], [127.2, 46.2]],
]
BOW_TIE = [[[127, 46], [127.2, 46.2], [127.2, 46], [127, 46.2], [127, 46]]]
SPIKE = [
    [[127, 46], [127.1, 46], [127.1, 46.1], [127.3, 46.1], [127.1, 46.1], [127, 46.1], [127, 46]]
]


def polygon(rings):
    return {"type": "Polygon", "coordinates": rings}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rings", "reason", "area"),
    [
        (BOW_TIE, "crosses itself", 0.02),
        (SPIKE, "ring touches", 0.01),
        (HOLE_OUTSIDE, "hole", None),
    ],
    ids=["bow tie", "spike", "hole outside"],
)
def test_an_invalid_polygon_is_repaired_and_the_place_told(run, geojson, rings, reason, area):
    report = run(geojson([(polygon(rings), {"code": "a"})]))
    assert codes(report, "warning") == {"geometry-repaired": 1}
    problem = report.problems.kept[0]
    assert reason in problem.message
    assert 127 <= problem.place[0] <= 127.4
    shape = StoredFeature.objects.get().geom
    assert shape.valid
    assert shape.geom_type in ("Polygon", "MultiPolygon")
    if area:
        assert shape.area == pytest.approx(area, rel=1e-6)


@pytest.mark.django_db
def test_a_repaired_file_imported_again_is_unchanged(run, geojson):
    path = geojson([(polygon(BOW_TIE), {"code": "a"})])
    run(path)
    assert run(path).counts.unchanged == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "geometry-missing"),
        ({"type": "Polygon", "coordinates": []}, "geometry-empty"),
        ({"type": "Point", "coordinates": ["a", "b"]}, "geometry-unreadable"),
        ({"type": "Point", "coordinates": [127]}, "geometry-unreadable"),
        ({"type": "LineString", "coordinates": [[127, 46]]}, "geometry-unreadable"),
        ({"type": "Circle", "coordinates": [127, 46]}, "geometry-unreadable"),
        ({"type": "LineString", "coordinates": [[127, 46], [127, 46.1]]}, "geometry-type"),
        ({"type": "Point", "coordinates": [1e308, 46]}, "off-the-earth"),
        ({"type": "Point", "coordinates": [127, 90.1]}, "off-the-earth"),
        (polygon([[[127, 46], [127, 46], [127, 46], [127, 46]]]), "geometry-invalid"),
    ],
)
def test_a_bad_shape_is_an_error_of_its_row(run, geojson, geometry, code):
    kind = "Polygon" if code == "geometry-invalid" else "Point"
    make_layer(geometry_type=kind)
    good = polygon([[[127, 46], [127.1, 46], [127.1, 46.1], [127, 46]]])
    first = (127, 46) if kind == "Point" else good
    report = run(geojson([(first, {"key": "a"}), (first, {"key": "b"}), (geometry, {"key": "c"})]))
    assert codes(report) == {code: 1}
    assert report.problems.kept[-1].row == 3
    assert not StoredFeature.objects.exists()


@pytest.mark.django_db
def test_an_uncut_crossing_of_the_180th_meridian_is_an_error(run, geojson):
    wide = polygon([[[-170, 46], [175, 46], [175, 47], [-170, 47], [-170, 46]]])
    report = run(geojson([(wide, {"code": "a"})]))
    assert codes(report) == {"crosses-antimeridian": 1}
    assert "345" in report.problems.kept[0].message


@pytest.mark.django_db
def test_single_and_multi_shapes_of_one_family_go_into_one_layer(run, geojson):
    line = shapely.LineString([(127, 46), (127.1, 46)])
    collection = {"type": "GeometryCollection", "geometries": [shapely.geometry.mapping(line)] * 2}
    shapes = [line, shapely.MultiLineString([line]), collection]
    run(geojson([(shape, {"code": str(n)}) for n, shape in enumerate(shapes)]))
    assert [f.geom.geom_type for f in StoredFeature.objects.order_by("key")] == [
        "LineString",
        "MultiLineString",
        "MultiLineString",
    ]


@pytest.mark.django_db
def test_a_new_layer_of_mixed_shapes_takes_any(run, geojson):
    line = shapely.LineString([(127, 46), (127.1, 46)])
    run(geojson([((127, 46), {"code": "a"}), (line, {"code": "b"})]))
    assert Layer.objects.get(slug="wells").geometry_type == "Geometry"


@pytest.mark.django_db
def test_heights_that_are_not_everywhere_are_left_out_with_a_warning(run, geojson):
    flat_and_high = {
        "type": "MultiLineString",
        "coordinates": [[[127, 46, 5], [127.1, 46, 5]], [[127, 46.1], [127.1, 46.1]]],
    }
    report = run(geojson([(flat_and_high, {"code": "a"})]))
    assert codes(report, "warning") == {"height-incomplete": 1}
    assert not StoredFeature.objects.get().geom.hasz


def field(kind, **given):
    return Field(name="x", label=Text("甲", "X"), type=FieldType(kind), **given)


COLOURS = {"r": Text("红", "Red"), "g": Text("绿", "Green")}


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", "  a ", "a"),
        ("text", 12.0, "12"),
        ("text", {"adcode": 1}, '{"adcode": 1}'),
        ("integer", "1,234", 1234),
        ("integer", 12.0, 12),
        ("number", "1.5", 1.5),
        ("number", "", None),
        ("boolean", "是", True),
        ("boolean", 0, False),
        ("date", "2026年6月30日", "2026-06-30"),
        ("date", "2026/6/3", "2026-06-03"),
        ("date", 20260630, "2026-06-30"),
        ("datetime", "2026-06-30 08:00", "2026-06-30T00:00:00Z"),
        ("datetime", "2026-06-30T08:00:00+09:00", "2026-06-29T23:00:00Z"),
        ("url", "https://example.invalid/a", "https://example.invalid/a"),
        ("code", "红", "r"),
        ("code", "GREEN", "g"),
        ("codes", "红；g", ["r", "g"]),
        ("codes", ["r"], ["r"]),
    ],
)
def test_a_value_is_read_as_people_write_it(kind, given, kept):
    assert Reader(field(kind), COLOURS).read(given) == (kept, None)


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("integer", "1.5", "type"),
        ("integer", "abc", "type"),
        ("number", "NaN", "type"),
        ("number", float("inf"), "type"),
        ("number", True, "type"),
        ("boolean", "maybe", "type"),
        ("date", "2026-02-30", "type"),
        ("datetime", "soon", "type"),
        ("url", "javascript:alert(1)", "type"),
        ("code", "blue", "code-unknown"),
        ("codes", "r,blue", "code-unknown"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(kind, given, code):
    value, fault = Reader(field(kind), COLOURS).read(given)
    assert (value, fault.code) == (None, code)
    assert fault.message


def test_required_and_range_are_held():
    bounded = Reader(field("number", minimum=0, maximum=10, required=True), {})
    assert [fault.code for _v, fault in map(bounded.read, (None, "", -1, 11))] == [
        "required",
        "required",
        "range",
        "range",
    ]
    assert bounded.read(10) == (10, None)


@pytest.mark.django_db
def test_a_row_s_faults_name_row_key_and_field(run, geojson):
    make_layer(
        fields=[
            {
                "name": "depth",
                "label_zh": "井深",
                "label_en": "Depth",
                "type": "number",
                "minimum": 0,
            }
        ]
    )
    report = run(geojson([((127, 46), {"key": "a", "井深": -3}), ((127, 46), {"key": "b"})]))
    problem = next(p for p in report.problems.kept if p.severity == "error")
    assert (problem.row, problem.key, problem.field, problem.code) == (1, "a", "井深", "range")


@pytest.mark.django_db
def test_fields_are_matched_by_name_label_stem_and_cut_name(run, geojson):
    fields = [
        {"name": "status", "label_zh": "运行状态", "label_en": "State of repair", "type": "text"},
        {"name": "construction_year", "label_zh": "建成", "label_en": "Built", "type": "integer"},
    ]
    make_layer(fields=fields)
    path = geojson([((127, 46), {"KEY": "a", "Name": "井", "运行状态": "好", "constructi": 1998})])
    report = run(path)
    assert report.fields == {
        "Name": "name_zh",
        "运行状态": "status",
        "constructi": "construction_year",
    }
    english = geojson([((127, 46), {"KEY": "a", "NAME": "Well"})])
    assert run(english, commit=False).fields == {"NAME": "name_en"}


@pytest.mark.django_db
def test_a_field_outside_the_dictionary_is_left_out_with_a_warning_and_a_guess(run, geojson):
    make_layer()
    path = geojson([((127, 46), {"key": "a", "name_zhh": "井", "colour": "red"})])
    report = run(path)
    messages = {p.field: p.message for p in report.problems.kept}
    assert "--map name_zhh=name_zh" in messages["name_zhh"]
    assert "Perhaps" not in messages["colour"]
    mapped = run(path, mapping={"name_zhh": "name_zh", "colour": ""})
    assert codes(mapped, "warning") == {"field-left-out": 1}
    assert StoredFeature.objects.get().properties == {"name_zh": "井"}


@pytest.mark.django_db
def test_a_required_field_that_the_file_lacks_is_an_error(run, geojson):
    required = {"name": "owner", "label_zh": "权属", "label_en": "Owner", "type": "text"}
    make_layer(fields=[{**required, "required": True}])
    report = run(geojson([((127, 46), {"key": "a"})]))
    assert codes(report) == {"field-missing": 1}
