"""The look of a layer for desktop programs: rules that find the same records as our own style."""

import json
from pathlib import Path

import pytest

from layers.models import Code, CodeList
from tests.factories import make_district, make_feature, make_layer, make_park
from tests.layers.serving.conftest import href
from tests.layers.serving.styles.sheet import Rule, read

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]
STYLES = json.loads((ROOT / "fixtures/suihua/styles.json").read_text(encoding="utf-8"))
MEDIA_TYPE = "application/vnd.ogc.sld+xml;version=1.1"
LINE = {"geometry_type": "LineString"}


def rules_of(api, path: str = "collections/wells/style?f=sld&lang=zh") -> list[list[Rule]]:
    """The rules of each list of the style at an address."""
    response = api.ask(path)
    assert response.status_code == 200
    assert response["Content-Type"] == MEDIA_TYPE
    return read(response.content)


def titles(rules: list[Rule], properties: dict) -> list[str]:
    """The rules that draw a record."""
    return [rule.title for rule in rules if rule.finds(properties)]


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_style_of_the_demonstration_has_a_rule_for_each_of_its_own(api, name, language):
    make_feature(make_layer(style=STYLES[name]))
    drawn = rules_of(api, f"collections/wells/style?f=sld&lang={language}")[0]
    assert len(drawn) == len(STYLES[name]["rules"]) + 1
    for number, rule in enumerate(STYLES[name]["rules"]):
        value = rule["value"] if "value" in rule else rule["min"] or 0
        found = [each.finds({STYLES[name]["field"]: value}) for each in drawn]
        assert found.index(True) == number
        assert found.count(True) == 1


def test_a_single_style_is_one_rule_named_after_the_layer(api):
    look = {"color": "#123456", "width": 2, "dash": [6, 3], "casing": "#000000", "casingWidth": 4}
    make_layer(style={"kind": "single", "base": look}, **LINE)
    [[rule]] = rules_of(api)
    assert (rule.title, rule.filter, rule.least, rule.most) == ("水井", None, None, None)
    assert rule.kinds == ["Line", "Line"]
    assert rule.told("LineSymbolizer")["stroke"] == "#000000"
    told = rule.told("LineSymbolizer", 1)
    assert (told["stroke"], told["stroke-width"], told["stroke-dasharray"]) == (
        "#123456",
        "2",
        "6 3",
    )


def test_categories_are_rules_named_by_their_code_list(api):
    codes = CodeList.objects.create(slug="grades", title_zh="等级", title_en="Grades")
    Code.objects.create(code_list=codes, value="a", label_zh="甲", label_en="First")
    field = {"name": "grade", "label_zh": "等级", "label_en": "Grade", "type": "code"}
    rules = [{"value": "a", "color": "#ff0000"}, {"value": "b", "label": {"zh": "乙", "en": "B"}}]
    style = {"kind": "category", "field": "grade", "base": {"color": "#00ff00"}, "rules": rules}
    make_layer(style=style, fields=[{**field, "code_list": codes}], **LINE)
    [drawn] = rules_of(api)
    assert [rule.title for rule in drawn] == ["甲", "乙", "其他"]
    [english] = rules_of(api, "collections/wells/style?f=sld&lang=en")
    assert [rule.title for rule in english] == ["First", "B", "Others"]
    assert [rule.told("LineSymbolizer")["stroke"] for rule in drawn] == [
        *("#ff0000", "#00ff00", "#00ff00")
    ]
    told = [titles(drawn, {"grade": value}) for value in ("a", "b", "c", "", None)]
    assert told == [["甲"], ["乙"], ["其他"], ["其他"], ["其他"]]


def test_classes_are_told_apart_by_their_bounds(api):
    rules = [{"min": 1000, "max": None}, {"min": 0.5, "max": 1000}, {"min": None, "max": 0.5}]
    style = {"kind": "class", "field": "depth", "base": {"color": "#000000"}, "rules": rules}
    make_layer(style=style, **LINE)
    [drawn] = rules_of(api)
    told = {value: titles(drawn, {"depth": value}) for value in (1000, 999.9, 0.5, 0.4, None)}
    assert told == {
        1000: ["≥ 1,000"], 999.9: ["0.5 – 1,000"], 0.5: ["0.5 – 1,000"], 0.4: ["< 0.5"],
        None: ["其他"],
    }  # fmt: skip


def test_one_of_several_codes_is_found_whole(api):
    codes = CodeList.objects.create(slug="uses", title_zh="用途", title_en="Uses")
    field = {"name": "uses", "label_zh": "用途", "label_en": "Uses", "type": "codes"}
    field["code_list"] = codes
    rules = [{"value": "food"}, {"value": "seafood"}]
    style = {"kind": "category", "field": "uses", "base": {"color": "#000000"}, "rules": rules}
    make_layer(style=style, fields=[field], **LINE)
    [drawn] = rules_of(api)
    for uses in (["seafood"], ["seafood", "ice"], ["ice", "seafood"], ["ice", "seafood", "ale"]):
        assert titles(drawn, {"uses": uses}) == ["seafood"]
    assert titles(drawn, {"uses": ["ice"]}) == ["其他"]


def test_areas_have_a_fill_a_band_and_an_outline(api):
    look = {"fill": "#eeeeee", "fillOpacity": [[9, 0.2], [13, 0.6]], "halo": "#cfaed6"}
    style = {"kind": "single", "base": {**look, "color": "#7a3e72", "ground": "#ffffff"}}
    make_layer(style=style, geometry_type="Polygon")
    [[rule]] = rules_of(api)
    assert rule.kinds == ["Polygon", "Line", "Line"]
    assert rule.told("PolygonSymbolizer") == {"fill": "#eeeeee", "fill-opacity": "0.4"}
    assert rule.told("LineSymbolizer")["stroke-opacity"] == "0.6"


def test_points_are_marks_with_colour_and_size(api):
    marker = {"form": "badge", "color": "#1f6f5c", "size": 20}
    make_layer(style={"kind": "single", "base": {"fill": "#2b5c8a"}, "marker": marker})
    [[rule]] = rules_of(api)
    graphic = rule.drawn[0][0]
    assert graphic.findtext(".//{*}WellKnownName") == "square"
    assert graphic.findtext("{*}Size") == "16"
    assert rule.told("PointSymbolizer")["fill"] == "#2b5c8a"


def test_areas_with_a_marker_are_marked_where_they_are_small(api):
    make_district()
    make_park()
    areas, marks, _names = rules_of(api, "collections/parks/style?f=sld&lang=zh")
    assert [rule.title for rule in areas] == [rule.title for rule in marks]
    assert {kind for rule in marks for kind in rule.kinds} == {"Point"}
    # Our own map marks them up to zoom 12.
    assert all(zoom(rule.least) == pytest.approx(13, abs=0.2) for rule in marks)
    assert all(rule.least is None for rule in areas)


def zoom(scale: float) -> float:
    """The zoom of our map at a scale of the standard's pixel."""
    found, half = 0.0, 559_082_264.0287178
    while half / 2 > scale:
        found, half = found + 1, half / 2
    return found + (half / scale - 1)


def test_scales_are_those_of_zooms(api):
    rule = {"value": "a", "minZoom": 9, "maxZoom": 12, "width": [[9, 1], [13, 3]]}
    look = {"kind": "category", "field": "name_zh", "base": {"color": "#000000"}, "rules": [rule]}
    make_layer(style=look, min_zoom=4, **LINE)
    [[own, others]] = rules_of(api)
    # A little further out, so that a map of zoom 9 shows it whatever size its pixels have.
    assert 559_082_264 / 2**9 < own.most < 559_082_264 / 2**8.8
    assert 559_082_264 / 2**13 < own.least < 559_082_264 / 2**12.8
    assert own.told("LineSymbolizer")["stroke-width"] == "2"
    assert (others.least, others.most > own.most) == (None, True)


def test_names_are_one_rule_where_all_are_named_alike_and_in_the_readers_language(api):
    label = {"field": "name_zh", "field_en": "name_en", "size": 11, "minZoom": 8, "along": True}
    rules = [{"value": "a", "color": "#ff0000"}]
    style = {"kind": "category", "field": "name_zh", "base": {}, "rules": rules, "label": label}
    make_layer(style=style, **LINE)
    for language, field in (("zh", "name_zh"), ("en", "name_en")):
        _drawn, [name] = rules_of(api, f"collections/wells/style?f=sld&lang={language}")
        assert (name.filter, name.kinds) == (None, ["Text"])
        assert name.drawn[0].findtext("{*}Label/{*}PropertyName") == field
        assert name.drawn[0].find(".//{*}LinePlacement") is not None


def test_what_is_not_drawn_yet_is_not_named(api):
    make_layer(style=STYLES["towns"])
    drawn, names = rules_of(api)
    drawn_from = {rule.title: rule.most for rule in drawn}
    assert len(names) == len(drawn)
    assert all(rule.most <= drawn_from[rule.title] for rule in names if rule.title != "其他")


def test_a_layer_without_a_style_is_drawn_too(api):
    for slug, geometry in (
        ("a", "Point"),
        ("b", "LineString"),
        ("c", "Polygon"),
        ("d", "Geometry"),
    ):
        make_layer(slug=slug, geometry_type=geometry)
        [[rule]] = rules_of(api, f"collections/{slug}/style?f=sld")
        assert rule.drawn


def test_texts_that_xml_cannot_hold_lose_only_the_characters_it_cannot(api):
    label = {"zh": "甲\x08<乙>", "en": "x"}
    rules = [{"value": "a&b", "label": label}]
    style = {"kind": "category", "field": "name_zh", "base": {"color": "#000000"}, "rules": rules}
    make_layer(style=style, **LINE)
    [drawn] = rules_of(api)
    assert titles(drawn, {"name_zh": "a&b"}) == ["甲<乙>"]


def test_it_is_negotiated_validated_and_saved_under_the_layers_name(api):
    make_layer()
    path = "collections/wells/style"
    response = api.ask(f"{path}?f=sld")
    assert response["Content-Disposition"].startswith('attachment; filename="wells.sld"')
    assert api.ask(f"{path}?f=sld", if_none_match=response["ETag"]).status_code == 304
    assert "Accept-Language" in response["Vary"]
    for accept in (MEDIA_TYPE, "application/vnd.ogc.sld+xml", "application/vnd.ogc.se+xml"):
        assert api.ask(path, accept=accept)["Content-Type"] == MEDIA_TYPE
    for accept in ("*/*", "application/json", "text/html,application/xml;q=0.9,*/*;q=0.8"):
        assert api.ask(path, accept=accept)["Content-Type"].endswith("mapbox.style+json")
    refused = api.ask(path, accept="image/png", accept_language="en")
    assert (refused.status_code, refused.json()["code"]) == (406, "not-acceptable")
    assert api.ask(f"{path}?f=qml").json()["code"] == "bad-parameter"
    assert api.ask("style?f=sld").status_code == 400
    assert api.ask("collections/none/style?f=sld").status_code == 404


def test_the_layer_its_page_and_the_description_lead_to_it(api):
    make_layer()
    own = href(api.json("collections/wells"), "stylesheet", MEDIA_TYPE)
    assert own == "http://testserver/api/collections/wells/style?f=sld"
    page = api.ask("collections/wells?f=html&lang=en").content.decode()
    assert "/api/collections/wells/style?f=sld&amp;lang=en" in page
    description = api.json("openapi.json")
    got = description["paths"]["/collections/wells/style"]["get"]
    assert set(got["responses"]["200"]["content"]) == {
        "application/vnd.mapbox.style+json", MEDIA_TYPE
    }  # fmt: skip
    assert "406" in got["responses"]
