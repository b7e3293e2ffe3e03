"""What describes tiles: grids, tile sets, TileJSON, and the validators of tiles."""

import json
import re

import pytest

from layers.serving.tiles.contents import DEEPEST
from tests.factories import make_feature, make_layer, point
from tests.layers.serving.conftest import href
from tests.layers.serving.tiles.conftest import tile_of

pytestmark = pytest.mark.django_db
GRIDS = ("WebMercatorQuad", "WorldCRS84Quad", "CGCS2000Quad")
TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
ORIGIN = "http://testserver/api/"


def plain(url: str) -> str:
    """The path of an address without its version."""
    version, _slash, rest = url.removeprefix(f"{ORIGIN}v/").partition("/")
    assert re.fullmatch("[0-9a-f]{16}", version)
    return rest


@pytest.fixture
def wells():
    layer = make_layer(min_zoom=6, source_zh="测绘院", source_en="Survey")
    make_feature(layer, key="a", geom=point(126.2, 46.1))
    make_feature(layer, key="b", geom=point(127.9, 47.4))
    return layer


def test_the_landing_page_and_each_layer_lead_to_tiles(api, wells):
    assert href(api.json(""), TILESETS) == f"{ORIGIN}tiles"
    assert href(api.json(""), f"{SCHEME}s") == f"{ORIGIN}tileMatrixSets"
    assert href(api.json("collections/wells"), TILESETS) == f"{ORIGIN}collections/wells/tiles"


def test_web_mercator_has_the_scales_of_the_standard(api):
    """OGC 17-083r4, annex D: from 1 : 559 million, halved at each level."""
    grid = api.json("tileMatrixSets/WebMercatorQuad")
    assert grid["uri"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    assert grid["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    matrices = grid["tileMatrices"]
    assert [each["id"] for each in matrices] == [str(level) for level in range(25)]
    assert matrices[0]["scaleDenominator"] == pytest.approx(559082264.028717, rel=1e-9)
    assert matrices[24]["scaleDenominator"] == pytest.approx(33.3238997476524, rel=1e-9)
    assert matrices[0]["cellSize"] == pytest.approx(156543.033928041, rel=1e-9)
    assert matrices[0]["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])
    assert (matrices[3]["matrixWidth"], matrices[3]["matrixHeight"]) == (8, 8)


@pytest.mark.parametrize(
    ("name", "origin", "axes"),
    [("WorldCRS84Quad", [-180, 90], ["Lon", "Lat"]), ("CGCS2000Quad", [90, -180], ["Lat", "Lon"])],
)
def test_grids_of_degrees_are_two_tiles_wide(api, name, origin, axes):
    grid = api.json(f"tileMatrixSets/{name}")
    first = grid["tileMatrices"][0]
    assert (first["matrixWidth"], first["matrixHeight"]) == (2, 1)
    assert first["scaleDenominator"] == pytest.approx(279541132.014358, rel=1e-9)
    assert first["cellSize"] == 0.703125
    assert first["pointOfOrigin"] == origin
    assert grid["orderedAxes"] == axes


def test_every_grid_is_listed_and_found(api):
    listed = api.json("tileMatrixSets")["tileMatrixSets"]
    assert [each["id"] for each in listed] == list(GRIDS)
    for each in listed:
        assert api.follow(href(each, "self"))["title"] == each["title"]


@pytest.mark.parametrize("base", ["collections/wells/", ""])
def test_tile_sets_lead_to_their_grids_and_tiles(api, wells, base):
    listed = api.json(f"{base}tiles")["tilesets"]
    assert len(listed) == len(GRIDS)
    for each in listed:
        assert each["dataType"] == "vector"
        tileset = api.follow(href(each, "self"))
        assert {name: tileset[name] for name in ("crs", "tileMatrixSetURI", "title")} == {
            name: each[name] for name in ("crs", "tileMatrixSetURI", "title")
        }
        assert api.follow(href(tileset, SCHEME))["crs"] == tileset["crs"]
        (template,) = [link for link in tileset["links"] if link["rel"] == "item"]
        assert template["templated"] is True
        middle = tileset["tileMatrixSetLimits"][-1]
        place = {"tileMatrix": middle["tileMatrix"], "tileRow": middle["minTileRow"]}
        url = template["href"].format(**place, tileCol=middle["minTileCol"])
        assert api.ask(url.removeprefix(ORIGIN)).status_code == 200


def test_limits_hold_every_record_and_nothing_beyond(api, wells):
    tileset = api.json("collections/wells/tiles/WebMercatorQuad")
    limits = {each["tileMatrix"]: each for each in tileset["tileMatrixSetLimits"]}
    assert list(limits) == [str(level) for level in range(6, DEEPEST + 1)]
    for level in (6, 10, 16):
        _, row, column = map(int, tile_of(level, 126.2, 46.1).split("/"))
        _, top, right = map(int, tile_of(level, 127.9, 47.4).split("/"))
        each = limits[str(level)]
        assert (each["minTileRow"], each["maxTileRow"]) == (top, row)
        assert (each["minTileCol"], each["maxTileCol"]) == (column, right)
    assert tileset["boundingBox"]["lowerLeft"] == pytest.approx([126.2, 46.1])
    assert tileset["layers"][0]["minTileMatrix"] == "6"


def test_tilejson_tells_a_map_program_all_it_needs(api, wells):
    for path in ("collections/wells/tiles/WebMercatorQuad", "tiles/WebMercatorQuad"):
        response = api.ask(f"{path}?f=tilejson&lang=en")
        assert response["Content-Type"] == "application/vnd.mapbox.tile+json"
        told = json.loads(response.content)
        assert told["tilejson"] == "3.0.0"
        assert told["minzoom"] <= 6
        assert told["maxzoom"] == DEEPEST
        layer = next(each for each in told["vector_layers"] if each["id"] == "wells")
        assert {"id", "name_zh", "name_en"} <= set(layer["fields"])
        z, y, x = tile_of(8, 126.2, 46.1).split("/")
        url = told["tiles"][0].replace("{z}", z).replace("{y}", y).replace("{x}", x)
        assert "wells" in api.tile(plain(url))
    assert "Survey" in told["attribution"]


def test_tilejson_is_for_the_grid_of_web_maps_alone(api, wells):
    assert api.ask("collections/wells/tiles/WorldCRS84Quad?f=tilejson").status_code == 400


def test_pages_for_people_lead_through_the_tiles(api, wells):
    html = api.ask("tiles?f=html&lang=en").content.decode()
    leads = re.findall(r'href="http://testserver/api/([^"?]*)', html)
    assert "tiles/WebMercatorQuad" in leads
    page = api.ask("collections/wells/tiles/WebMercatorQuad?f=html&lang=en").content.decode()
    assert "{tileMatrix}/{tileRow}/{tileCol}" in page
    assert "f=tilejson" in page
    assert (
        "559,082,264" in api.ask("tileMatrixSets/WebMercatorQuad?f=html&lang=en").content.decode()
    )


# --- several layers, and validators ---------------------------------------------------------


def test_a_tile_of_the_map_holds_each_layer_by_itself(api, wells):
    make_feature(make_layer(slug="springs"), geom=point(126.2, 46.1))
    place = f"tiles/WebMercatorQuad/{tile_of(9, 126.2, 46.1)}"
    assert {"wells", "springs"} <= set(api.tile(place))
    assert set(api.tile(f"{place}?collections=springs")) == {"springs"}
    far = f"tiles/WebMercatorQuad/{tile_of(5, 126.2, 46.1)}"
    assert "wells" not in api.tile(far)
    assert api.ask(f"{far}?collections=wells").status_code == 404


def test_a_layer_that_is_not_public_is_in_no_tile_of_the_map(api, wells):
    wells.published = False
    wells.save()
    place = f"tiles/WebMercatorQuad/{tile_of(9, 126.2, 46.1)}"
    assert "wells" not in api.tile(place)
    assert api.ask(f"{place}?collections=wells").status_code == 404
    assert api.ask("collections/wells/tiles").status_code == 404


@pytest.mark.parametrize("base", ["collections/wells/", ""])
def test_a_tile_is_asked_for_again_only_when_its_layer_has_changed(api, wells, base):
    place = f"{base}tiles/WebMercatorQuad/{tile_of(9, 126.2, 46.1)}"
    tag = api.ask(place)["ETag"]
    assert api.ask(place, if_none_match=tag).status_code == 304
    make_feature(wells, key="c", geom=point(126.21, 46.1))
    changed = api.ask(place, if_none_match=tag)
    assert changed.status_code == 200
    assert changed["ETag"] != tag
    assert changed["Access-Control-Allow-Origin"] == "*"


def test_an_unknown_grid_is_not_found(api, wells):
    for path in ("tileMatrixSets/Nothing", "tiles/Nothing", "collections/wells/tiles/Nothing"):
        response = api.ask(path)
        assert response.status_code == 404
        assert json.loads(response.content)["code"] == "unknown-tile-matrix-set"
