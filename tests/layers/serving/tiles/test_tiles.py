"""What a tile shows: the records of its layer, where they lie, with what a map needs of them."""

import json
import random
from collections.abc import Callable
from urllib.parse import quote

import pyproj
import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layers.models import StoredFeature
from layers.postgis import tiles
from tests.factories import make_district, make_feature, make_layer, make_park, point
from tests.layers.serving.tiles.conftest import Drawn, tile_of

pytestmark = pytest.mark.django_db
HALF = 20037508.3427892
FIELDS = [
    {"name": "depth", "label_zh": "深度", "label_en": "Depth", "type": "number"},
    {"name": "year", "label_zh": "年份", "label_en": "Year", "type": "year"},
    {"name": "used", "label_zh": "在用", "label_en": "Used", "type": "boolean"},
    {"name": "built", "label_zh": "建成", "label_en": "Built", "type": "date"},
    {"name": "secret", "label_zh": "内部", "label_en": "Internal", "type": "text", "public": False},
]


@pytest.fixture
def wells():
    return make_layer(fields=FIELDS)


def in_tile(zoom: int, lon: float, lat: float) -> tuple[float, float]:
    """Where a place lies in its tile, in units from the lower left, by PROJ."""
    x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    size = 2 * HALF / 2**zoom
    return ((x + HALF) % size) / size * 4096, ((y - HALF) % size) / size * 4096


@pytest.mark.parametrize("zoom", [0, 6, 10, 14, 16])
def test_a_record_lies_where_the_map_has_it(api, wells, zoom):
    make_feature(wells)
    (drawn,) = api.wells(zoom)
    x, y = in_tile(zoom, 127.0, 46.65)
    assert (drawn.shape.x, drawn.shape.y) == (pytest.approx(x, abs=1), pytest.approx(y, abs=1))


def test_a_record_carries_its_key_its_names_and_what_the_style_looks_at(api):
    style = {"kind": "class", "field": "depth", "themes": [{"field": "year", "rules": []}]}
    layer = make_layer(fields=FIELDS, style=style)
    given = {"name_zh": "一号井", "depth": 12.5, "year": 1987, "used": True, "secret": "x"}
    make_feature(layer, properties=given)
    (drawn,) = api.wells(12)
    expected = {"id": "w-1", "name_zh": "一号井", "depth": 12.5, "year": 1987}
    assert {name: drawn.properties.get(name) for name in expected} == expected
    assert set(drawn.properties) <= {*expected, "mvt_id"}


def test_other_properties_are_given_when_asked_for_by_their_types(api, wells):
    given = {"depth": 12.5, "used": True, "built": "2020-01-01", "year": "no number"}
    make_feature(wells, properties=given)
    (drawn,) = api.wells(12, "?properties=depth,used,built,year")
    assert drawn.properties["depth"] == 12.5
    assert drawn.properties["used"] in (True, 1)
    assert drawn.properties["built"] == "2020-01-01"
    assert "year" not in drawn.properties
    assert (
        api.ask(
            f"collections/wells/tiles/WebMercatorQuad/{tile_of(12, 127, 46.65)}?properties=secret"
        ).status_code
        == 400
    )


def test_what_is_not_public_is_in_no_tile(api, wells):
    for state in ("draft", "withdrawn"):
        make_feature(wells, key=state, state=state)
    assert api.wells(10) == []
    make_feature(wells, key="seen")
    assert [drawn.properties["id"] for drawn in api.wells(10)] == ["seen"]
    wells.published = False
    wells.save()
    path = f"collections/wells/tiles/WebMercatorQuad/{tile_of(10, 127, 46.65)}"
    assert api.ask(path).status_code == 404


def test_a_record_without_a_place_is_in_no_tile(api, wells):
    make_feature(wells, geom=None)
    assert api.wells(0) == []


def test_filters_hold_for_tiles_as_for_pages(api, wells):
    for key, depth in (("shallow", 3), ("deep", 30)):
        make_feature(wells, key=key, properties={"depth": depth, "name_zh": key})
    asked = [f"filter={quote('depth > 10')}", "depth=30", "q=deep"]
    for query in asked:
        assert [d.properties["id"] for d in api.wells(9, f"?{query}")] == ["deep"]
    assert len(api.wells(9)) == 2


def test_a_filter_that_nothing_can_match_gives_an_empty_tile(api, wells):
    make_feature(wells)
    assert api.wells(9, "?year=99999999999999999999999") == []


def test_lines_and_areas_are_cut_at_the_tile_and_its_margin(api):
    layer = make_layer(geometry_type="LineString")
    make_feature(layer, geom=GEOSGeometry("SRID=4490;LINESTRING(120 46.65, 130 46.65)"))
    (drawn,) = api.wells(10)
    west, _south, east, _north = drawn.shape.bounds
    assert (west, east) == (-64, 4096 + 64)


def test_heights_are_left_out(api):
    layer = make_layer(geometry_type="LineString", has_z=True)
    make_feature(layer, geom=GEOSGeometry("SRID=4490;LINESTRING Z (126.9 46.6 -2, 127.1 46.7 -3)"))
    (drawn,) = api.wells(10)
    assert not drawn.shape.has_z


def test_a_tile_of_a_typed_layer(api):
    make_district()
    make_park()
    drawn = api.tile(f"collections/parks/tiles/WebMercatorQuad/{tile_of(9, 127, 46.65)}")["parks"]
    assert [each.properties["id"] for each in drawn] == ["beilin-park"]
    assert drawn[0].properties["name_zh"] == "北林经济开发区"


@pytest.mark.parametrize("grid", ["WorldCRS84Quad", "CGCS2000Quad"])
def test_grids_of_degrees_hold_the_same(api, wells, grid):
    make_feature(wells)
    level = 9
    row, column = int((90 - 46.65) / 180 * 2**level), int((127 + 180) / 360 * 2 ** (level + 1))
    drawn = api.tile(f"collections/wells/tiles/{grid}/{level}/{row}/{column}")["wells"]
    size = 180 / 2**level
    x, y = (127 + 180) % size / size * 4096, (46.65 + 90) % size / size * 4096
    assert (drawn[0].shape.x, drawn[0].shape.y) == pytest.approx((x, y), abs=1)


@pytest.mark.parametrize(
    "place",
    ["WebMercatorQuad/0/0/1", "WebMercatorQuad/0/1/0", "WebMercatorQuad/25/0/0", "Nothing/0/0/0",
     "WebMercatorQuad/-1/0/0", "WebMercatorQuad/a/0/0", "WebMercatorQuad/0/0/00000000000",
     "WorldCRS84Quad/0/1/0", "WorldCRS84Quad/0/0/2", "WebMercatorQuad/٣/0/0"],
)  # fmt: skip
def test_a_tile_that_the_grid_does_not_have_is_not_found(api, wells, place):
    response = api.ask(f"collections/wells/tiles/{quote(place)}")
    assert response.status_code == 404
    assert json.loads(response.content)["code"] == "unknown-tile"


def test_the_corners_of_the_world_have_tiles(api, wells):
    for place in ("0/0/0", "16/0/0", f"16/{2**16 - 1}/{2**16 - 1}", "3/7/7"):
        assert api.tile(f"collections/wells/tiles/WebMercatorQuad/{place}") == {}


def test_a_tile_beyond_the_records_or_the_levels_of_a_layer_is_not_found(api, wells):
    make_feature(wells)
    wells.min_zoom = 8
    wells.save()
    assert api.wells(8)
    base = "collections/wells/tiles/WebMercatorQuad"
    _, row, column = tile_of(8, 127, 46.65).split("/")
    for place in (tile_of(7, 127, 46.65), tile_of(17, 127, 46.65), f"8/{row}/{int(column) + 1}"):
        assert api.ask(f"{base}/{place}").status_code == 404


# --- many records ---------------------------------------------------------------------------


@pytest.fixture
def crowd(wells, monkeypatch):
    """A thousand wells in a tenth of a degree, and one alone; a tile holds a hundred."""
    monkeypatch.setattr(tiles, "CROWD", 100)
    chance = random.Random(1)
    StoredFeature.objects.bulk_create(
        StoredFeature(
            layer=wells,
            key=f"w-{number}",
            geom=point(127 + chance.random() / 10, 46.6 + chance.random() / 10),
            state="draft" if number % 10 == 9 else "published",
            search_text=f"w-{number}",
        )
        for number in range(1000)
    )
    make_feature(wells, key="alone", geom=point(127.6, 46.65))
    return wells


def test_where_many_lie_they_are_gathered_and_counted_and_none_vanishes(api, crowd):
    drawn = api.wells(8)
    singles = [d for d in drawn if "id" in d.properties]
    gathered = [d.properties[tiles.COUNT] for d in drawn if tiles.COUNT in d.properties]
    assert len(singles) + len(gathered) == len(drawn) < 100
    assert sum(gathered) + len(singles) == 901
    assert "alone" in [d.properties["id"] for d in singles]
    assert min(gathered) > 1


def test_a_reader_is_told_whether_records_are_gathered(api, crowd):
    near = f"collections/wells/tiles/WebMercatorQuad/{tile_of(8, 127.05, 46.65)}"
    close = f"collections/wells/tiles/WebMercatorQuad/{tile_of(16, 127.6, 46.65)}"
    assert api.ask(near)["Geoportal-Tile"] == "gathered"
    assert api.ask(close)["Geoportal-Tile"] == "whole"


def test_no_record_is_counted_in_two_tiles(api, crowd, monkeypatch):
    """Of each tile only what lies within it counts: what lies in the margin is its neighbour's."""
    monkeypatch.setattr(tiles, "CROWD", 10)
    total, base = 0, "collections/wells/tiles/WebMercatorQuad"
    limits = next(
        each for each in api.json(base)["tileMatrixSetLimits"] if each["tileMatrix"] == "11"
    )
    for row in range(limits["minTileRow"], limits["maxTileRow"] + 1):
        for column in range(limits["minTileCol"], limits["maxTileCol"] + 1):
            for drawn in api.tile(f"{base}/11/{row}/{column}").get("wells", []):
                if 0 <= drawn.shape.x < 4096 and 0 < drawn.shape.y <= 4096:
                    total += drawn.properties.get(tiles.COUNT, 1)
    assert total == pytest.approx(901, abs=2)


#: Holds for every record; with a filter, records are read to be counted.
ANY = "?filter=" + quote("depth IS NULL")


def placed(drawn: list[Drawn]) -> list[tuple]:
    """Where tiles show what: the middle, the number gathered or the key."""
    told = [(d.properties.get(tiles.COUNT) or d.properties["id"], d.shape.centroid) for d in drawn]
    return sorted((str(what), round(at.x / 16), round(at.y / 16)) for what, at in told)


@pytest.mark.parametrize(("zoom", "number"), [(0, 801), (4, 801), (8, 801), (10, 800)])
def test_what_the_counts_of_cells_tell_is_what_reading_the_records_does(api, crowd, zoom, number):
    StoredFeature.objects.filter(key__endswith="7").update(effective_from="2020-01-01T00:00Z")
    StoredFeature.objects.filter(key__endswith="5").update(effective_until="2020-01-01T00:00Z")
    counted, read = api.wells(zoom), api.wells(zoom, ANY)
    assert sum(d.properties.get(tiles.COUNT, 1) for d in counted) == number
    assert placed(counted) == placed(read)


def test_a_tile_of_a_crowd_is_drawn_without_reading_it(api, crowd, settings):
    settings.DATABASE_PREPARE = False
    assert 0 < records_read(lambda: api.wells(7)) < 100


def test_a_tile_that_counts_its_records_reads_those_around_it_alone(
    api, crowd, settings, monkeypatch
):
    settings.DATABASE_PREPARE = False
    monkeypatch.setattr(tiles, "CROWD", 5)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE layers_storedfeature")
    drawn = []
    read = records_read(lambda: drawn.extend(api.wells(15, ANY, (127.05, 46.65))))
    assert len(drawn) > 5
    assert read < 150


def records_read(ask: Callable[[], object]) -> int:
    """How many records the statements of a tile read."""
    with connection.cursor() as cursor:
        # Else the plan is the one for what the table held when it was last looked at.
        cursor.execute("ANALYZE layers_storedfeature, layers_cellcount")
    with CaptureQueriesContext(connection) as asked:
        ask()
    return sum(rows_read(query["sql"]) for query in asked if "ST_AsMVT" in query["sql"])


def rows_read(statement: str) -> int:
    """How many records a statement reads, those it throws away among them."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        plan = cursor.fetchone()[0][0]["Plan"]
    return sum(
        node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in nodes(plan)
        if node.get("Relation Name") == "layers_storedfeature"
    )


def nodes(node: dict):
    yield node
    for inner in node.get("Plans", []):
        yield from nodes(inner)


def test_a_filter_gathers_only_what_it_finds(api, crowd):
    drawn = api.wells(8, "?q=w-99")
    assert sum(d.properties.get(tiles.COUNT, 1) for d in drawn) == 9
    assert (
        api.ask(f"collections/wells/tiles/WebMercatorQuad/{tile_of(8, 127, 46.65)}?q=w-99")[
            "Geoportal-Tile"
        ]
        == "whole"
    )


def test_large_shapes_are_drawn_where_small_ones_are_gathered(api, monkeypatch):
    monkeypatch.setattr(tiles, "CROWD", 50)
    layer = make_layer(geometry_type="Polygon")
    make_feature(layer, key="lake", geom=GEOSGeometry(
        "SRID=4490;POLYGON((126.8 46.5,127.2 46.5,127.2 46.8,126.8 46.8,126.8 46.5))"
    ))  # fmt: skip
    for number in range(200):
        x, y = 127 + number % 20 / 100, 46.6 + number // 20 / 100
        ring = f"({x} {y},{x + 0.0005} {y},{x + 0.0005} {y + 0.0005},{x} {y})"
        make_feature(layer, key=f"p-{number}", geom=GEOSGeometry(f"SRID=4490;POLYGON({ring})"))
    drawn = api.wells(8)
    assert next(d.properties["id"] for d in drawn if d.shape.geom_type != "Point") == "lake"
    counted = sum(d.properties.get(tiles.COUNT, 1) for d in drawn)
    assert counted == 201


def test_a_tile_too_heavy_is_gathered_too(api, monkeypatch):
    monkeypatch.setattr(tiles, "HEAVY", 2000)
    layer = make_layer(geometry_type="LineString")
    for number in range(60):
        line = ",".join(f"{126.9 + n / 300} {46.6 + (number + n % 2) / 600}" for n in range(40))
        make_feature(layer, key=f"l-{number}", geom=GEOSGeometry(f"SRID=4490;LINESTRING({line})"))
    response = api.ask(f"collections/wells/tiles/WebMercatorQuad/{tile_of(9, 127, 46.65)}")
    assert response["Geoportal-Tile"] == "gathered"
    assert len(response.content) <= 2000
    drawn = api.wells(9)
    assert sum(d.properties.get(tiles.COUNT, 1) for d in drawn) == 60
