"""Every format read back: counts, Chinese texts, values, positions, systems, origin."""

import json
import sqlite3
import zipfile
from contextlib import closing
from xml.etree import ElementTree

import pyogrio
import pyproj
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from pyarrow import parquet

from layers.serving.exports.formats import FORMATS
from layers.serving.exports.shapefile import short_names
from tests.factories import make_feature, make_layer, square
from tests.layers.serving.exports.conftest import NAMES, epsg, opened

pytestmark = pytest.mark.django_db
#: What GDAL of the wheel reads as vector data with geometry.
READ_BY_GDAL = ("geojson", "geojsonl", "kml", "shp", "shp-gbk", "gpkg", "fgb")
IN_ANY_SYSTEM = ("geojson", "geojsonl", "shp", "gpkg", "fgb")
LICENCE = "可自由使用，注明来源"


def name_of(record: dict) -> str:
    return record["name_zh"]


@pytest.mark.parametrize("fmt", READ_BY_GDAL)
def test_records_come_back_with_their_texts_and_places(wells, exporter, fmt):
    found = exporter.opened(fmt)
    by_name = dict(zip(map(name_of, found.records), found.shapes, strict=True))
    assert set(by_name) == set(NAMES)
    for number, name in enumerate(NAMES):
        expected = (127.1234567 + number / 100, 46.7654321)
        assert by_name[name].coords[:2] == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("fmt", ["gpkg", "fgb", "shp", "shp-gbk"])
def test_values_have_the_types_of_the_dictionary_and_nothing_is_null(wells, exporter, fmt):
    found = exporter.opened(fmt)
    types = dict(zip(found.info["fields"], found.info["dtypes"], strict=True))
    assert types["depth"] == "float64"
    # FlatGeobuf knows no days, only instants.
    assert types["drilled"] == ("datetime64[ms]" if fmt == "fgb" else "datetime64[D]")
    records = {name_of(record): record for record in found.records}
    assert records["一号井"]["depth"] == 10.5
    assert str(records["一号井"]["drilled"])[:10] == "2019-05-04"
    assert records["一号井"]["in_use"] == 1
    assert str(records["一号井"]["checked"]).startswith("2026-06-30T08:00:00")
    assert records["𠮷野井"]["depth"] != records["𠮷野井"]["depth"]


def test_geoparquet_has_types_labels_system_and_box(wells, exporter):
    path = exporter.saved("parquet")
    table = parquet.read_table(path)
    rows = {row["name_zh"]: row for row in table.to_pylist()}
    assert set(rows) == set(NAMES)
    assert rows["一号井"]["depth"] == 10.5
    assert rows["𠮷野井"]["in_use"] is None
    place = shapely.from_wkb(rows["一号井"]["geometry"])
    assert (place.x, place.y) == pytest.approx((127.1234567, 46.7654321), abs=1e-7)
    assert table.schema.field("depth").metadata == {
        b"label": "depth中".encode(),
        b"unit": "米".encode(),
    }
    told = parquet.read_metadata(path).metadata
    geo = json.loads(told[b"geo"])
    assert geo["version"] == "1.1.0"
    column = geo["columns"][geo["primary_column"]]
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    assert pyproj.CRS.from_json_dict(column["crs"]).to_epsg() == 4490
    west, south, east, north = column["bbox"]
    assert (west, east) == pytest.approx((127.1234567, 127.1434567), abs=1e-9)
    assert south == north == pytest.approx(46.7654321, abs=1e-9)
    assert told[b"licence"].decode() == LICENCE


@pytest.mark.parametrize("fmt", IN_ANY_SYSTEM)
@pytest.mark.parametrize("number", [4551, 3857, 4326])
def test_another_system_is_named_and_east_comes_first(wells, exporter, fmt, number):
    found = exporter.opened(fmt, crs=epsg(number), name_zh="一号井")
    system = pyproj.CRS.from_epsg(number)
    to_system = pyproj.Transformer.from_crs(system.geodetic_crs, system, always_xy=True)
    expected = to_system.transform(127.1234567, 46.7654321)
    assert found.shapes[0].coords[:2] == pytest.approx(
        expected, abs=1e-7 if number == 4326 else 0.001
    )
    if fmt != "geojsonl":
        named = pyproj.CRS.from_user_input(found.info["crs"])
        assert named.equals(system, ignore_axis_order=True) or (number in (4551,) and fmt == "shp")


def test_without_a_system_files_name_the_one_of_storage_and_geojson_is_plain(wells, exporter):
    for fmt in ("gpkg", "fgb", "shp", "shp-gbk"):
        assert exporter.opened(fmt).info["crs"] == "EPSG:4490"
    plain = json.loads(exporter.body("geojson"))
    assert "crs" not in plain
    assert exporter.ask("geojson")["Content-Crs"].endswith("CRS84>")


def test_geojson_in_another_system_says_so(wells, exporter):
    document = json.loads(exporter.body("geojson", crs=epsg(4551)))
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4551"
    assert exporter.ask("geojson", crs=epsg(4551))["Content-Crs"] == f"<{epsg(4551)}>"


def test_each_line_of_geojsonl_is_a_record_and_the_first_tells_the_origin(wells, exporter):
    lines = [json.loads(line) for line in exporter.body("geojsonl").decode().splitlines()]
    assert [line["properties"]["name_zh"] for line in lines] == [*NAMES]
    assert {line["type"] for line in lines} == {"Feature"}
    assert lines[0]["licence"] == LICENCE
    assert "licence" not in lines[1]


def test_kml_shows_labels_and_tells_its_origin(wells, exporter):
    names = {"k": "http://www.opengis.net/kml/2.2"}
    document = ElementTree.fromstring(exporter.body("kml", lang="en")).find("k:Document", names)
    assert "Free to use with attribution" in document.find("k:Snippet", names).text
    assert "Water bureau" in document.find("k:description", names).text
    assert "2026-06-30" in document.find("k:description", names).text
    first = document.find("k:Placemark", names)
    assert first.find("k:name", names).text == "Well 0"
    labels = {
        each.find("k:displayName", names).text: each.find("k:value", names).text
        for each in first.iterfind(".//k:Data", names)
    }
    assert labels["depth (m)"] == "10.5"
    assert labels["in_use"] == "yes"


def test_kml_takes_no_other_system(wells, exporter):
    response = exporter.ask("kml", crs=epsg(4551))
    assert response.status_code == 400
    assert response.json()["parameter"] == "crs"
    assert (
        exporter.ask("kml", crs="http://www.opengis.net/def/crs/OGC/1.3/CRS84").status_code == 200
    )


def test_kml_keeps_what_xml_could_not_write_out_of_the_file(wells, exporter):
    make_feature(wells, "odd", properties={"name_zh": "<井>&\x0b\x1f井"})
    assert b"&lt;\xe4\xba\x95&gt;&amp;\xe4\xba\x95" in exporter.body("kml")
    ElementTree.fromstring(exporter.body("kml"))


# --- shapefiles -----------------------------------------------------------------------------


def parts_of(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_shapefile_has_all_its_parts_and_a_note(wells, exporter):
    parts = parts_of(exporter.saved("shp"))
    endings = ("shp", "shx", "dbf", "prj", "cpg")
    assert {f"wells.{ending}" for ending in endings} | {"README.txt"} == set(parts)
    assert parts["wells.cpg"] == b"UTF-8"
    note = parts["README.txt"].decode("utf-8-sig")
    for told in (LICENCE, "市水务局", "2026-06-30", "王敏", "depth\tdepth\tdepth中\t米"):
        assert told in note


def test_texts_of_gbk_are_in_gbk_and_marked_so(wells, exporter):
    parts = parts_of(exporter.saved("shp-gbk", filter="name_zh <> '𠮷野井'"))
    assert parts["wells.cpg"] == b"GBK"
    assert parts["wells.dbf"][29] == 0x4D
    assert "镕基井".encode("gbk") in parts["wells.dbf"]
    assert "GB18030" not in parts["README.txt"].decode("utf-8-sig")


def test_what_gbk_has_not_is_kept_in_gb18030_and_told(wells, exporter):
    path = exporter.saved("shp-gbk")
    parts = parts_of(path)
    assert parts["wells.cpg"] == b"GB18030"
    assert "𠮷野井".encode("gb18030") in parts["wells.dbf"]
    assert "GB18030" in parts["README.txt"].decode("utf-8-sig")
    assert {name_of(record) for record in opened(path).records} == set(NAMES)


def test_gbk_is_read_by_programs_that_know_only_the_mark(wells, exporter, tmp_path):
    path = exporter.saved("shp-gbk", name_zh="镕基井")
    for name, body in parts_of(path).items():
        if not name.endswith("cpg"):
            (tmp_path / name).write_bytes(body)
    assert name_of(opened(tmp_path / "wells.shp").records[0]) == "镕基井"


def test_long_texts_are_cut_at_a_character_and_counted(wells, exporter):
    make_feature(wells, "long", properties={"name_zh": "井" * 200, "name_en": "x" * 254})
    for fmt, characters in (("shp", 84), ("shp-gbk", 127)):
        path = exporter.saved(fmt)
        names = {record["name_en"]: name_of(record) for record in opened(path).records}
        assert names["x" * 254] == "井" * characters
        assert "name_zh：有 1 条文本" in parts_of(path)["README.txt"].decode("utf-8-sig")


def test_each_type_of_geometry_is_a_shapefile_and_none_is_lost(exporter):
    layer = make_layer("mixed", geometry_type="Geometry")
    line = "LINESTRING(127 46,127.1 46.1)"
    shapes = {
        "p": "POINT(127 46)",
        "l": line,
        "ll": "MULTILINESTRING((127 46,127.1 46.1),(127 47,127.1 47.1))",
        "a": square(127, 46).wkt,
        "n": None,
    }
    for key, shape in shapes.items():
        geom = shape and GEOSGeometry(f"SRID=4490;{shape}")
        make_feature(layer, key, geom=geom, properties={"name_zh": key})
    path = exporter.saved("shp", "mixed")
    layers = dict(pyogrio.list_layers(path))
    assert layers == {"mixed_point": "Point", "mixed_line": "LineString", "mixed_area": "Polygon"}
    found = [opened(path, layer=name) for name in layers]
    names = sorted(name_of(record) for each in found for record in each.records)
    assert names == ["a", "l", "ll", "n", "p"]


def test_a_collection_of_geometries_is_refused_in_words(exporter):
    layer = make_layer("mixed", geometry_type="Geometry")
    shape = GEOSGeometry("SRID=4490;GEOMETRYCOLLECTION(POINT(127 46),LINESTRING(127 46,128 46))")
    make_feature(layer, geom=shape)
    response = exporter.ask("shp", "mixed")
    assert (response.status_code, response.json()["code"]) == (400, "unfit-for-format")
    assert exporter.opened("gpkg", "mixed").shapes[0].geom_type == "GeometryCollection"


def test_short_names_are_unique_and_ten_bytes_at_most():
    long = [f"population_density_{number}" for number in range(120)]
    names = ["population", "population_2020", "Population_2021", *long, "a", "名称名称名称"]
    short = short_names(names)
    assert list(short) == names
    assert (short["population"], short["a"]) == ("population", "a")
    assert len({name.upper() for name in short.values()}) == len(names)
    assert all(len(name.encode()) <= 10 for name in short.values())


def test_the_note_leads_from_short_names_to_full_ones(exporter):
    names = ("groundwater_depth_min", "groundwater_depth_max")
    fields = [{"name": n, "label_zh": f"{n}名", "label_en": n, "type": "number"} for n in names]
    layer = make_layer("levels", fields=fields)
    make_feature(layer, properties={"name_zh": "井", names[0]: 1, names[1]: 2})
    path = exporter.saved("shp", "levels")
    (record,) = opened(path).records
    lines = parts_of(path)["README.txt"].decode("utf-8-sig").splitlines()
    short = {line.split("\t")[1]: line.split("\t")[0] for line in lines if line.count("\t") >= 2}
    assert (record[short[names[0]]], record[short[names[1]]]) == (1, 2)


# --- origin and oddities --------------------------------------------------------------------


def test_a_geopackage_and_a_flatgeobuf_tell_their_origin(wells, exporter):
    told = pyogrio.read_info(exporter.saved("fgb"))["layer_metadata"]
    assert (told["licence"], told["asOf"], told["source"]) == (LICENCE, "2026-06-30", "市水务局")
    path = exporter.saved("gpkg")
    assert pyogrio.read_info(path)["layer_metadata"]["licence"] == LICENCE
    with closing(sqlite3.connect(path)) as database:
        ((described,),) = database.execute("SELECT description FROM gpkg_contents")
    assert LICENCE in described
    assert "王敏" in described


def test_csv_has_metres_where_metres_are_asked_for(wells, exporter):
    heading, row = (
        exporter.body("csv", lang="en", crs=epsg(4551), name_zh="一号井").decode().splitlines()
    )
    assert heading.endswith("Easting (m),Northing (m)")
    system = pyproj.CRS.from_epsg(4551)
    to_system = pyproj.Transformer.from_crs(system.geodetic_crs, system, always_xy=True)
    expected = to_system.transform(127.1234567, 46.7654321)
    assert tuple(map(float, row.split(",")[-2:])) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize("fmt", FORMATS)
def test_records_without_geometry_and_geometry_nobody_wants(wells, exporter, fmt):
    make_feature(wells, "nowhere", geom=None, properties={"name_zh": "无位井"})
    assert len(exporter.body(fmt)) > 100
    assert len(exporter.body(fmt, skipGeometry="true")) > 100
    if fmt in ("gpkg", "fgb", "shp"):
        assert len(exporter.opened(fmt).records) == 4
        assert exporter.opened(fmt, skipGeometry="true").shapes == [None] * 4


def test_heights_are_kept(exporter):
    layer = make_layer("shafts", has_z=True)
    make_feature(layer, geom=GEOSGeometry("SRID=4490;POINT Z (127 46.65 -3.5)"))
    for fmt in ("geojson", "shp", "gpkg", "fgb", "kml"):
        assert exporter.opened(fmt, "shafts").shapes[0].coords == (127, 46.65, -3.5)
    geo = json.loads(parquet.read_metadata(exporter.saved("parquet", "shafts")).metadata[b"geo"])
    assert geo["columns"]["geometry"]["geometry_types"] == ["Point Z"]


def test_fields_called_like_the_columns_of_a_format_do_no_harm(exporter):
    names = ("fid", "geom", "geometry")
    fields = [{"name": n, "label_zh": n, "label_en": n, "type": "text"} for n in names]
    layer = make_layer("odd", fields=fields)
    make_feature(layer, properties=dict.fromkeys(("name_zh", *names), "值"))
    for fmt in ("gpkg", "fgb", "shp"):
        (record,) = exporter.opened(fmt, "odd").records
        assert [record[name] for name in names] == ["值"] * 3
    (row,) = parquet.read_table(exporter.saved("parquet", "odd")).to_pylist()
    assert [row[name] for name in names] == ["值"] * 3


def test_large_numbers_survive_the_table_of_a_shapefile(exporter):
    fields = [{"name": "sum", "label_zh": "数", "label_en": "Sum", "type": "number"}]
    layer = make_layer("sums", fields=fields)
    for number, value in enumerate((1234567890123.5, -0.000001234, 9e15)):
        make_feature(layer, f"{number}", properties={"name_zh": "x", "sum": value})
    found = sorted(record["sum"] for record in exporter.opened("shp", "sums").records)
    assert found == pytest.approx([-0.000001234, 1234567890123.5, 9e15], rel=1e-9)
