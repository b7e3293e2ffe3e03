"""A hostile or broken file is refused with a sentence and leaves no trace."""

import os
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest

from layers.importing.errors import CallRefused
from layers.models import Layer, StoredFeature
from tests.layers.importing.conftest import codes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def leaves_nothing(tmp_path, monkeypatch):
    """No record, no layer, no file in the temporary folder or beside it."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    yield
    assert list(scratch.rglob("*")) == []
    assert not StoredFeature.objects.exists()
    assert not Layer.objects.filter(slug="wells").exists()


def refused(report, code):
    """The report is one refusal with this code and a sentence."""
    assert codes(report) == {code: 1}
    assert not report.written
    return report.problems.kept[0].message


@pytest.mark.parametrize(
    "name", ["../../evil.geojson", "/tmp/evil.geojson", "..\\evil.geojson", "C:\\evil.geojson"]
)
def test_a_zip_that_names_a_file_outside_itself_is_refused(run, zipped, name):
    assert name in refused(run(zipped((name, "{}"))), "zip-unsafe-name")


def test_a_zip_with_a_link_is_refused(run, zipped):
    link = zipfile.ZipInfo("wells.prj")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(run(zipped((link, "/etc/passwd"))), "zip-link")


def test_a_zip_bomb_is_refused_by_what_it_declares(run, zipped):
    refused(run(zipped(("wells.dbf", b"\0" * 50_000_000))), "zip-too-large")


def test_a_zip_that_lies_about_sizes_is_refused(run, zipped):
    path = zipped(("wells.geojson", os.urandom(200_000)))
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 10)
    path.write_bytes(data)
    refused(run(path), "zip-damaged")


def test_a_zip_of_very_many_files_is_refused(run, zipped):
    refused(run(zipped(*((f"{n}.txt", "") for n in range(1001)))), "zip-too-many-files")


def test_a_zip_with_two_files_of_one_name_is_refused(run, zipped):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(("a.geojson", "{}"), ("a.geojson", "[]"))
    refused(run(path), "zip-name-twice")


def test_a_zip_cut_short_is_refused(run, zipped):
    path = zipped(("wells.geojson", os.urandom(5000)))
    path.write_bytes(path.read_bytes()[:2500])
    refused(run(path), "zip-damaged")


def test_a_locked_zip_is_refused(run, zipped):
    path = zipped(("wells.geojson", "{}"))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)
    refused(run(path), "zip-encrypted")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_by_an_unusual_method_is_refused_before_it_is_read(run, zipped, method):
    member = zipfile.ZipInfo("wells.geojson")
    member.compress_type = method
    path = zipped((member, "{}" * 5000))
    data = bytearray(path.read_bytes())
    data[60:80] = b"\xff" * 20
    path.write_bytes(data)
    assert "wells.geojson" in refused(run(path), "zip-method")


def test_a_damaged_member_is_refused_in_words(run, zipped):
    member = zipfile.ZipInfo("wells.geojson")
    member.compress_type = zipfile.ZIP_DEFLATED
    path = zipped((member, "{}" * 5000))
    data = bytearray(path.read_bytes())
    data[43:55] = b"\xff" * 12
    path.write_bytes(data)
    refused(run(path), "zip-unreadable")


def test_a_zip_whose_names_are_no_utf8_is_refused_in_words(run, zipped):
    path = zipped(("河.geojson", "{}"))
    path.write_bytes(path.read_bytes().replace("河".encode(), b"\xff\xff\xff"))
    refused(run(path), "zip-unreadable")


def test_a_bomb_in_many_small_files_is_refused(run, zipped):
    small = []
    for number in range(40):
        member = zipfile.ZipInfo(f"{number}.dbf")
        member.compress_type = zipfile.ZIP_DEFLATED
        small.append((member, b"\0" * 1_000_000))
    refused(run(zipped(*small)), "zip-too-large")


def test_a_zip_without_a_shp_says_that_the_geometry_is_missing(run, zipped):
    assert ".shp" in refused(run(zipped(("wells.dbf", "x"))), "zip-nothing-to-read")


def test_an_unknown_kind_of_file_is_refused(run, tmp_path):
    path = tmp_path / "wells.dxf"
    path.write_text("0\nSECTION\n")
    assert "GeoPackage" in refused(run(path), "format-unknown")


def test_a_missing_file_is_a_mistake_of_the_call(run, tmp_path):
    with pytest.raises(CallRefused, match="There is no file"):
        run(tmp_path / "none.geojson")


@pytest.mark.parametrize("name", ["a.geojson", "a.csv", "a.kml", "a.gpkg", "a.shp", "a.zip"])
def test_an_empty_file_of_any_kind_is_refused(run, tmp_path, name):
    path = tmp_path / name
    path.touch()
    report = run(path)
    assert report.problems.errors == 1
    assert report.problems.kept[0].message


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.kml", "a.geojson", "a.csv"])
def test_noise_under_any_name_is_refused(run, tmp_path, name):
    path = tmp_path / name
    noise = {"a.gpkg": b"SQLite format 3\0", "a.shp": b"\0\0\x27\x0a", "a.geojson": b"{"}
    path.write_bytes(noise.get(name, b"") + bytes(range(256)) * 40)
    assert run(path).problems.errors


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"type":"FeatureCollection","features":[', "json-damaged"),
        ('{"type":"FeatureCollection","features":[{"type":"Feature"}}', "json-damaged"),
        ('{"type":"Point","coordinates":[NaN,46]}', "json-not-a-number"),
        ('{"type":"Point","coordinates":[127,-Infinity]}', "json-not-a-number"),
        ('{"type":"GeometryCollection","geometries":' + "[" * 100_000, "json-too-deep"),
        ('{"type":"Topology","objects":{}}', "geojson-not-features"),
        ('{"type":{"a":1}}', "geojson-not-features"),
        ("[1, 2]", "geojson-not-features"),
        ('{"type":"FeatureCollection","features":[]} and more', "geojson-trailing"),
        ("\x00\x01{", "not-text"),
        ('{"type":"FeatureCollection","features":[]}', "file-empty"),
    ],
)
def test_json_that_is_no_geojson_is_refused(run, tmp_path, text, code):
    path = tmp_path / "wells.geojson"
    path.write_text(text)
    assert codes(run(path)) == {code: 1}


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "ogcwkt"}},
        {"type": "name", "properties": {"name": 4326}},
        "EPSG:4326",
    ],
)
def test_a_crs_by_link_is_refused_and_not_fetched(run, geojson, crs):
    refused(run(geojson([((126.98, 46.63), {})], crs=crs)), "crs-link")


def test_a_crs_inside_a_geometry_is_refused(run, geojson):
    inner = {"type": "Point", "coordinates": [127, 46], "crs": {"type": "link"}}
    outer = {"type": "GeometryCollection", "geometries": [inner]}
    refused(run(geojson([(outer, {})])), "crs-inside-feature")


ENTITIES = '<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
FETCHED = '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize("declared", [ENTITIES, LAUGHS, FETCHED])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_kml_with_a_document_type_is_refused(run, tmp_path, declared, codec):
    path = tmp_path / "wells.kml"
    body = "<Placemark><name>&a;</name><Point><coordinates>127,46</coordinates></Point></Placemark>"
    path.write_bytes(f'<?xml version="1.0"?>{declared}<kml>{body}</kml>'.encode(codec))
    refused(run(path), "xml-doctype")


def test_a_geopackage_with_an_endless_view_is_refused_at_once(run, written):
    import sqlite3  # noqa: PLC0415

    import shapely  # noqa: PLC0415

    path = written("v.gpkg", [shapely.Point(127, 46)], {"a": ["x"]}, layer="wells")
    with sqlite3.connect(path) as opened:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n"
        opened.execute("ALTER TABLE wells RENAME TO hidden")
        opened.execute(f"CREATE VIEW wells AS SELECT i AS fid, NULL AS geom FROM ({endless})")
    refused(run(path), "gpkg-view")


def test_names_in_a_zip_are_read_in_gbk_and_in_utf8_without_its_flag(written, zipped, tmp_path):
    from layers.archives import member_name  # noqa: PLC0415

    for codec in ("gbk", "utf-8"):
        entry = zipfile.ZipInfo("x")
        entry.flag_bits = 0
        entry.orig_filename = "绥化市.shp".encode(codec).decode("cp437")
        assert member_name(entry) == "绥化市.shp"


def test_a_name_longer_than_a_file_system_allows_is_no_trouble(tmp_path):
    from layers.importing.intake.workspace import workspace  # noqa: PLC0415

    path = tmp_path / "long.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("长" * 100 + ".geojson", '{"type":"Point","coordinates":[127,46]}')
    with workspace(Path(path)) as found:
        assert found[0].name == "长" * 100
