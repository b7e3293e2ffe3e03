"""Every format that is promised, read whole and right."""

import json

import pytest
import shapely

from layers.models import Layer, StoredFeature
from tests.layers.importing.conftest import WELLS, codes

pytestmark = pytest.mark.django_db

POINTS = [shapely.Point(at) for _name, at in WELLS]
NAMES = [name for name, _at in WELLS]
SQUARE = shapely.box(126.9, 46.6, 127.0, 46.7)


def names():
    """The names that arrived, in the order of the file."""
    return [f.properties.get("name") for f in StoredFeature.objects.order_by("id")]


def test_a_shapefile_is_read_where_it_lies_and_left_as_it_was(run, written):
    path = written("wells.shp", POINTS, {"name": NAMES}, encoding="UTF-8")
    before = sorted((f.name, f.stat().st_mtime_ns) for f in path.parent.iterdir())
    report = run(path)
    assert (report.format, report.crs, names()) == ("Shapefile", _cgcs2000(), NAMES)
    assert sorted((f.name, f.stat().st_mtime_ns) for f in path.parent.iterdir()) == before


def _cgcs2000():
    return "EPSG:4490 China Geodetic Coordinate System 2000"


def test_a_zipped_shapefile_is_read(run, written, zipped):
    path = written("水井.shp", POINTS, {"name": NAMES}, encoding="UTF-8")
    report = run(zipped(path))
    assert (report.source_layer, names()) == ("水井", NAMES)


def test_a_missing_index_of_a_shapefile_is_rebuilt_and_said(run, written):
    path = written("wells.shp", POINTS, {"name": NAMES}, encoding="UTF-8")
    path.with_suffix(".shx").unlink()
    report = run(path)
    assert codes(report, "warning") == {"shx-missing": 1}
    assert names() == NAMES
    assert not path.with_suffix(".shx").exists()


def test_a_shapefile_without_attributes_gives_shapes(run, written):
    path = written("wells.shp", POINTS, {"name": NAMES}, encoding="UTF-8")
    path.with_suffix(".dbf").unlink()
    report = run(path)
    assert codes(report, "warning") == {"dbf-missing": 1}
    assert report.counts.added == 2


def test_integers_with_gaps_stay_integers(run, written):
    run(written("wells.gpkg", POINTS, {"name": NAMES, "depth": [40, None]}))
    assert [f.properties.get("depth") for f in StoredFeature.objects.order_by("id")] == [40, None]


def test_one_layer_of_a_geopackage_is_read_and_several_are_offered(run, written):
    path = written("city.gpkg", POINTS, {"name": NAMES}, layer="水 井")
    assert run(path, commit=False).source_layer == "水 井"
    written(
        "city.gpkg", [SQUARE], {"name": ["园区"]}, layer='园"区', crs="EPSG:4551", kind="Polygon"
    )
    refused = run(path)
    assert codes(refused) == {"several-layers": 1}
    assert '水 井, 园"区' in refused.problems.kept[0].message
    assert run(path, source_layer="水 井").counts.added == 2


def test_more_rows_of_a_geopackage_than_one_batch_arrive_once_each(run, written, monkeypatch):
    monkeypatch.setattr("layers.importing.readers.gdal.BATCH_ROWS", 4)
    shapes = [shapely.Point(126.5 + n / 100, 46.5) for n in range(11)]
    for name in ("many.gpkg", "many.shp"):
        path = written(name, shapes, {"code": [f"{n:02}" for n in range(11)]})
        report = run(path, layer=name.replace(".", "-"))
        assert (report.read, report.counts.added) == (11, 11)


def test_a_kml_gives_all_folders_as_one_layer(run, tmp_path):
    path = tmp_path / "wells.kml"
    path.write_text(_kml(_folder("甲", NAMES[0]) + _folder("乙", NAMES[1])), encoding="utf-8")
    report = run(path)
    assert report.format == "KML"
    features = StoredFeature.objects.order_by("id")
    assert [f.properties for f in features] == [
        {"name": NAMES[0], "folder": "甲"},
        {"name": NAMES[1], "folder": "乙"},
    ]
    assert run(path, layer="one", source_layer="乙").counts.added == 1


def test_a_kml_in_gbk_is_read_by_its_bytes(run, tmp_path):
    path = tmp_path / "wells.kml"
    text = _kml(_folder("水井", "绥化市北林区一号水井")).replace("UTF-8", "GBK")
    path.write_bytes(text.encode("gbk"))
    report = run(path)
    assert (report.encoding, names()) == ("gb18030", ["绥化市北林区一号水井"])


def test_a_kmz_is_a_zip_with_a_kml(run, zipped):
    archive = zipped(("doc.kml", _kml(_folder("甲", "井"))), name="wells.kmz")
    assert run(archive).counts.added == 1


def _kml(body):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'
    )


def _folder(folder, name):
    return (
        f"<Folder><name>{folder}</name><Placemark><name>{name}</name>"
        "<Point><coordinates>126.98,46.63</coordinates></Point></Placemark></Folder>"
    )


def test_extended_data_of_a_kml_become_fields_with_their_chinese_names(run, tmp_path):
    path = tmp_path / "wells.kml"
    extended = (
        '<ExtendedData><Data name="井深"><value>40</value></Data>'
        '<Data name="水位"><value>1.5</value></Data></ExtendedData>'
    )
    text = _kml(_folder("甲", "井").replace("<Point>", f"{extended}<Point>"))
    path.write_text(text, encoding="utf-8")
    run(path)
    properties = StoredFeature.objects.get().properties
    assert properties == {"name": "井", "jing_shen": 40, "shui_wei": 1.5, "folder": "甲"}


def test_heights_of_a_kml_count_only_where_they_are_not_clamped_to_the_ground(run, tmp_path):
    path = tmp_path / "wells.kml"
    high = _folder("甲", "高").replace("46.63", "46.63,120")
    absolute = high.replace("<Point>", "<Point><altitudeMode>absolute</altitudeMode>")
    path.write_text(_kml(high + absolute), encoding="utf-8")
    run(path)
    assert [f.geom.hasz for f in StoredFeature.objects.order_by("id")] == [False, True]


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Feature", "properties": {"name": "井"}, "geometry": None},
        {"type": "Point", "coordinates": [126.98, 46.63]},
    ],
    ids=["feature", "geometry"],
)
def test_geojson_may_be_one_feature_or_one_geometry(run, geojson, document):
    if document["type"] == "Feature":
        document["geometry"] = {"type": "Point", "coordinates": [126.98, 46.63]}
    assert run(geojson(document)).counts.added == 1


def test_newline_delimited_geojson_is_read(run, tmp_path):
    path = tmp_path / "wells.geojsonl"
    point = {"type": "Point", "coordinates": [127, 46]}
    features = [{"type": "Feature", "properties": {"code": c}, "geometry": point} for c in "abc"]
    path.write_text("\n".join(map(json.dumps, features)))
    assert run(path).counts.added == 3


def test_members_of_geojson_come_in_any_order(run, tmp_path):
    path = tmp_path / "wells.geojson"
    path.write_text(
        '{"features":[{"geometry":{"coordinates":[42500000,5165000],"type":"Point"},"properties":'
        '{"code":"a"},"type":"Feature"}],"name":"x","type":"FeatureCollection",'
        '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4530"}}}'
    )
    report = run(path)
    assert report.crs.startswith("EPSG:4530")
    lon, lat = StoredFeature.objects.get().geom.coords
    assert (round(lon, 6), round(lat, 2)) == (126.0, 46.62)


def test_geojson_is_read_in_pieces_smaller_than_a_feature(run, geojson, monkeypatch):
    monkeypatch.setattr("layers.importing.readers.jsonstream.PIECE", 5)
    path = geojson([((126.98, 46.63), {"code": n, "text": "长" * n}) for n in range(1, 40)])
    assert run(path).counts.added == 39
    assert StoredFeature.objects.get(key="39").properties["text"] == "长" * 39


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("名称,经度,纬度\n一号井,126.98,46.63\n", (126.98, 46.63)),
        ("名称;lng;lat\n一号井;126,98;46,63\n", (126.98, 46.63)),
        ("name\tLongitude\tLatitude\n一号井\t126°58'48\"E\t46°37′48″N\n", (126.98, 46.63)),
        ("name,lon,lat\n一号井,126-58-48,46 37 48\n", (126.98, 46.63)),
        ("name,geom\n一号井,POINT (126.98 46.63)\n", (126.98, 46.63)),
        ('name,WKT\n一号井,"SRID=4490;POINT(126.98 46.63)"\n', (126.98, 46.63)),
    ],
    ids=["chinese", "decimal-comma", "degrees", "dashes", "wkt", "ewkt"],
)
def test_csv_positions_are_read_as_people_write_them(run, tmp_path, text, where):
    path = tmp_path / "wells.csv"
    path.write_text(text, encoding="utf-8-sig")
    report = run(path)
    assert codes(report, "warning") == {"crs-assumed": 1}
    feature = StoredFeature.objects.get()
    assert feature.geom.coords == pytest.approx(where, abs=1e-9)
    assert feature.properties == {"name": "一号井"}


def test_csv_in_chinese_survey_order_is_turned_by_where_it_lands(run, tmp_path):
    path = tmp_path / "wells.csv"
    path.write_text("name,X,Y\n一号井,5165000,42500000\n")
    report = run(path, crs="EPSG:4530")
    assert codes(report, "warning") == {"axes-swapped": 1}
    assert StoredFeature.objects.get().geom.x == pytest.approx(126.0, abs=1e-6)


def test_csv_columns_may_be_named(run, tmp_path):
    path = tmp_path / "wells.csv"
    path.write_text("name,a,b\n一号井,126.98,46.63\n")
    assert codes(run(path)) == {"csv-no-coordinates": 1}
    assert run(path, x="a", y="b", crs="EPSG:4326").counts.added == 1


def test_csv_problems_name_the_row_as_a_spreadsheet_shows_it(run, tmp_path):
    path = tmp_path / "wells.csv"
    path.write_text("名称,经度,纬度\n甲,126.9\n\n乙,126.9,46.6,多\n丙,abc,46.6\n丁,126.9,46.6\n")
    report = run(path)
    found = {(p.row, p.code, p.field) for p in report.problems.kept if p.severity == "error"}
    assert found == {
        (2, "coordinate-missing", "纬度"),
        (4, "row-too-long", ""),
        (5, "coordinate-unreadable", "经度"),
    }


def test_types_are_found_and_leading_zeros_kept(run, tmp_path):
    path = tmp_path / "wells.csv"
    path.write_text(
        "名称,区号,井深,水位,日期,经度,纬度\n"
        "甲,0455,40,1.5,2024-05-01,127,46.6\n乙,0456,41,2,2024/6/1,127,46.7\n"
    )
    run(path)
    types = {f.label_zh: f.type for f in Layer.objects.get(slug="wells").fields.all()}
    assert types == {
        "名称": "text",
        "区号": "text",
        "井深": "integer",
        "水位": "number",
        "日期": "date",
    }
    first = StoredFeature.objects.order_by("id").first().properties
    assert first == {
        "name": "甲",
        "qu_hao": "0455",
        "jing_shen": 40,
        "shui_wei": 1.5,
        "ri_qi": "2024-05-01",
    }
