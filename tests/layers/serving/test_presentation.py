"""Records written as asked for: some properties, no geometry, simplified shapes; words to find."""

import json
import math
from urllib.parse import quote

import pytest
from django.contrib.gis.geos import GEOSGeometry

from tests.factories import make_feature, make_layer, point

pytestmark = pytest.mark.django_db
ITEMS = "collections/wells/items"


@pytest.fixture
def wells():
    field = {"name": "depth", "label_zh": "深度", "label_en": "Depth", "type": "number"}
    layer = make_layer(fields=[field, {**field, "name": "secret", "public": False}])
    names = {"name_zh": "一号井", "name_en": "Well 1", "depth": 12, "secret": 7}
    make_feature(layer, properties=names)
    return layer


def circle(points: int = 720) -> GEOSGeometry:
    turns = [2 * math.pi * n / points for n in range(points)]
    ring = [(126 + 0.1 * math.cos(t), 46 + 0.1 * math.sin(t)) for t in turns]
    text = ", ".join(f"{x!r} {y!r}" for x, y in [*ring, ring[0]])
    return GEOSGeometry(f"SRID=4490;POLYGON(({text}))")


@pytest.fixture
def lake():
    layer = make_layer(geometry_type="Polygon")
    make_feature(layer, geom=circle())
    return layer


@pytest.mark.parametrize("path", [ITEMS, f"{ITEMS}/w-1"])
def test_only_the_properties_asked_for_are_given(api, wells, path):
    document = api.json(f"{path}?properties=depth,name_en")
    feature = document.get("features", [document])[0]
    assert feature["properties"] == {"depth": 12, "name_en": "Well 1"}
    assert feature["geometry"]["type"] == "Point"


@pytest.mark.parametrize("names", ["nothing", "depth,", "secret", "depth,geometry"])
def test_properties_that_a_layer_does_not_give_are_refused(api, wells, names):
    for path in (ITEMS, f"{ITEMS}/w-1"):
        response = api.ask(f"{path}?properties={names}")
        assert response.status_code == 400
        assert json.loads(response.content)["parameter"] == "properties"


def test_a_geometry_may_be_left_out(api, wells):
    (feature,) = api.json(f"{ITEMS}?skipGeometry=true")["features"]
    assert feature["geometry"] is None
    assert feature["properties"]["depth"] == 12
    assert api.json(f"{ITEMS}/w-1?skipGeometry=true")["geometry"] is None
    assert api.json(f"{ITEMS}/w-1?skipGeometry=false")["geometry"]


@pytest.mark.parametrize(
    "asked",
    ["skipGeometry=yes", "zoom-level=25", "zoom-level=-1", "zoom-level=1.5", "zoom-level=x",
     "max-allowable-offset=-1", "max-allowable-offset=x", "max-allowable-offset=1e999",
     "zoom-level=3&max-allowable-offset=1"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(api, wells, asked):
    for path in (ITEMS, f"{ITEMS}/w-1"):
        response = api.ask(f"{path}?{asked}")
        assert response.status_code == 400
        assert json.loads(response.content)["parameter"] == asked.split("=")[0]


def test_a_shape_is_simplified_by_no_more_than_is_allowed(api, lake):
    whole = api.json(ITEMS)["features"][0]["geometry"]
    for offset in (0.0001, 0.001, 0.01):
        (feature,) = api.json(f"{ITEMS}?max-allowable-offset={offset}")["features"]
        shape = feature["geometry"]
        assert len(shape["coordinates"][0]) < len(whole["coordinates"][0]) / 2
        simple, true = (GEOSGeometry(json.dumps(each)) for each in (shape, whole))
        assert simple.boundary.distance(true.boundary) <= offset
        assert simple.sym_difference(true).area <= offset * true.length


def test_a_zoom_gives_fewer_vertices_and_digits_the_farther_it_is(api, lake):
    sizes = []
    for zoom in (6, 9, 12, 15):
        response = api.ask(f"{ITEMS}/w-1?zoom-level={zoom}")
        sizes.append(len(json.loads(response.content)["geometry"]["coordinates"][0]))
    assert sizes == sorted(sizes)
    assert sizes[0] < 10 < sizes[-1]
    text = api.ask(f"{ITEMS}/w-1?zoom-level=6").content.decode()
    assert "125.90" in text or "125.9," in text or "126.1" in text
    assert "125.900000" not in text


def test_nothing_vanishes_at_the_smallest_scale(api, lake):
    (feature,) = api.json(f"{ITEMS}?zoom-level=0")["features"]
    assert len(feature["geometry"]["coordinates"][0]) >= 4


def test_an_offset_in_a_zone_is_in_metres(api, lake):
    zone = "crs=http://www.opengis.net/def/crs/EPSG/0/4551"
    fine = api.json(f"{ITEMS}/w-1?{zone}&max-allowable-offset=1")["geometry"]["coordinates"][0]
    coarse = api.json(f"{ITEMS}/w-1?{zone}&max-allowable-offset=1000")["geometry"]["coordinates"][0]
    assert 4 <= len(coarse) < len(fine) / 4


def test_words_find_records_by_names_codes_and_pinyin(api, wells):
    make_feature(wells, key="w-2", properties={"name_zh": "二号井"}, geom=point(127.1, 46.6))
    assert api.keys(f"{ITEMS}?q=一号") == ["w-1"]
    assert api.keys(f"{ITEMS}?q=erhaojing") == ["w-2"]
    assert api.keys(f"{ITEMS}?q=WELL") == ["w-1"]
    assert api.keys(f"{ITEMS}?q=w-2") == ["w-2"]
    page = api.json(f"{ITEMS}?q=well nothing")
    assert (page["features"], page["numberMatched"]) == ([], 0)


@pytest.mark.parametrize("words", ["%20", "a " * 9, "x" * 101])
def test_words_have_a_limit(api, wells, words):
    response = api.ask(f"{ITEMS}?q={words}")
    assert response.status_code == 400
    assert json.loads(response.content)["parameter"] == "q"


def test_words_and_presentation_stand_in_the_links(api, wells):
    for number in range(2, 5):
        make_feature(wells, key=f"w-{number}", properties={"name_zh": "井", "depth": number})
    page = api.json(f"{ITEMS}?q={quote('井')}&properties=depth&skipGeometry=true&limit=3")
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    (feature,) = api.follow(following)["features"]
    assert feature["geometry"] is None
    assert list(feature["properties"]) == ["depth"]
