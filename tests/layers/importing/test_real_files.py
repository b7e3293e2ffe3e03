"""Real third-party files: counties, rivers, railways, and every awkward file made for us."""

import csv
import json
from pathlib import Path

import pytest
import shapely

from layers.models import District, Layer, StoredFeature
from tests.factories import make_district, square
from tests.layers.importing.conftest import codes

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]

MADE_HERE = Path("nasty/made-here")


@pytest.fixture
def city():
    """Suihua's extent, so that data is judged by where it lands."""
    make_district("231299", "绥化市", "Suihua", geom=square(124.2, 45.5, 4.0))


def test_the_counties_of_heilongjiang_come_in_from_gcj02(run, shared_data):
    path = shared_data / "boundaries/datav/heilongjiang_counties.geojson"
    report = run(path, "districts", crs="GCJ-02")
    assert report.counts.added == 129
    assert codes(report, "warning")["geometry-repaired"] == 1
    assert District.objects.filter(level="county").count() == 129
    assert all(district.geom.valid for district in District.objects.all())
    assert run(path, "districts", crs="GCJ-02").counts == (0, 0, 129, 0, 0)


def test_the_counties_of_suihua_land_where_the_derived_file_has_them(run, shared_data):
    run(shared_data / "boundaries/datav/suihua_231200_full.json", "districts", crs="GCJ-02")
    expected = json.loads(
        (shared_data / "boundaries/derived/suihua_counties_wgs84.geojson").read_text()
    )
    assert len(expected["features"]) == 10
    for feature in expected["features"]:
        mine = shapely.from_wkb(
            bytes(District.objects.get(code=feature["properties"]["adcode"]).geom.wkb)
        )
        theirs = shapely.from_geojson(json.dumps(feature["geometry"]))
        # The derived file is rounded to six decimals: half a unit of the last one.
        assert shapely.hausdorff_distance(mine, theirs) < 1e-6


def test_each_county_seat_lies_in_its_county(run, shared_data):
    run(shared_data / "boundaries/datav/suihua_231200_full.json", "districts", crs="GCJ-02")
    run(shared_data / "boundaries/derived/suihua_county_seats.geojson", "seats")
    seats = StoredFeature.objects.filter(layer__slug="seats")
    assert seats.count() == 10
    assert all(seat.district.code == seat.properties["adcode"] for seat in seats)


@pytest.mark.parametrize(
    ("path", "count", "geometry"),
    [
        ("infra/rail-railvista/suihua_railways.geojson", 3, "LineString"),
        ("infra/hlj-liruiyi/rivers_osm.geojson", 1069, "LineString"),
        ("infra/hlj-liruiyi/places_osm.geojson", 10, "Point"),
        ("infra/natural-earth/ne_10m_rivers_lake_centerlines_ne-china.geojson", 29, "LineString"),
        ("infra/natural-earth/ne_10m_lakes_ne-china.geojson", 7, "Polygon"),
        ("infra/natural-earth/ne_10m_airports_ne-china.geojson", 5, "Point"),
        ("infra/natural-earth/ne_10m_populated_places_zh_ne-china.geojson", 103, "Point"),
    ],
)
@pytest.mark.usefixtures("city")
def test_real_infrastructure_comes_in_whole_and_only_once(run, shared_data, path, count, geometry):
    report = run(shared_data / path, "real")
    assert (report.counts.added, report.problems.errors) == (count, 0)
    layer = Layer.objects.get(slug="real")
    assert layer.geometry_type == geometry
    assert layer.features.public().count() == count
    version = layer.version
    assert run(shared_data / path, "real").counts.unchanged == count
    assert Layer.objects.get(slug="real").version == version


def test_a_real_shapefile_without_attributes_far_away_needs_a_word(run, shared_data, city):
    path = shared_data / "infra/natural-earth/roads-subset-without-dbf/ne_10m_roads.shp"
    assert codes(run(path, "roads-us")) == {"crs-far-from-city": 1}
    report = run(path, "roads-us", crs="EPSG:4326")
    assert report.counts.added == 7368
    assert "dbf-missing" in codes(report, "warning")


#: The file, and what becomes of it: records added, or the code of an error.
EXPECTED = {
    "shp-encoding/suihua_gbk_cpg-936.zip": 10,
    "shp-encoding/suihua_gbk_ldid-4D_nocpg.zip": 10,
    "shp-encoding/suihua_gbk_ldid-00_nocpg.zip": 10,
    "shp-encoding/suihua_utf8_mislabelled-GBK.zip": 10,
    "shp-encoding/suihua_field-cut-midchar.zip": 10,
    "shp-encoding/suihua_fieldnames-collide-after-truncation.zip": 10,
    "shp-parts/suihua_missing-dbf.zip": 10,
    "shp-parts/suihua_missing-shp.zip": "zip-nothing-to-read",
    "shp-parts/suihua_epsg4530.zip": 10,
    "shp-parts/suihua_epsg4530_no-prj.zip": "crs-missing",
    "shp-parts/suihua_beijing54_gk126.zip": 10,
    "shp-parts/suihua_latlon_swapped.zip": "crs-off-the-earth",
    "shp-parts/two_layers_in_one_zip.zip": "several-layers",
    "shp-parts/extra_files_ignored.zip": 10,
    "shp-corrupt/shp_truncated_half.zip": "file-damaged",
    "shp-corrupt/shp_numparts_huge.zip": "file-damaged",
    "shp-corrupt/dbf_recordcount_huge.zip": 10,
    "shp-corrupt/shp_nan_inf_coordinates.zip": "geometry-unreadable",
    "zip-names/chinese_names_gbk_noflag.zip": 10,
    "zip-names/chinese_names_utf8_noflag.zip": 10,
    "zip-names/chinese_dir_spaces_parens.zip": 10,
    "zip-names/very_long_name.zip": 3,
    "zip-hostile/slip_dotdot.zip": "zip-unsafe-name",
    "zip-hostile/slip_absolute.zip": "zip-unsafe-name",
    "zip-hostile/symlink_entries.zip": "zip-link",
    "zip-hostile/bomb_400MB_dbf.zip": "zip-too-large",
    "zip-hostile/bomb_6000_entries.zip": "zip-too-many-files",
    "zip-hostile/declared_size_lies.zip": "zip-damaged",
    "zip-hostile/truncated.zip": "zip-damaged",
    "zip-hostile/duplicate_member_names.zip": "zip-name-twice",
    # Content decides, so what is a zip of a shapefile is read as one.
    "zip-hostile/zip_renamed.kml": 10,
    "geojson/crs_member_epsg4490.geojson": 10,
    "geojson/crs_member_epsg4551_metres.geojson": 10,
    "geojson/crs_unknown.geojson": "crs-unknown",
    "geojson/gbk_encoded.geojson": 3,
    "geojson/utf16le_bom.geojson": 3,
    "geojson/mixed_geometry.geojson": 4,
    "geojson/duplicate_ids.geojson": "key-repeated",
    "geojson/bowtie_and_spike.geojson": 3,
    "geojson/antimeridian_unsplit.geojson": "crs-far-from-city",
    "geojson/huge_coordinates.geojson": "crs-off-the-earth",
    "geojson/nan_infinity_tokens.geojson": "json-not-a-number",
    "geojson/3d_and_4d_positions.geojson": 2,
    "geojson/deep_nesting_20000.geojson": "json-too-deep",
    "geojson/xss_and_formula_properties.geojson": 1,
    "geojson/seq_newline.geojsonl": 10,
    "geojson/clockwise_rings.geojson": 1,
    "geojson/polygon_40k_vertices.geojson": 1,
    "kml/xxe_http.kml": "xml-doctype",
    "kml/networklink.kml": 1,
    "kml/folders_nested_chinese.kml": 10,
    "kml/slip_in_kmz.kmz": "zip-unsafe-name",
    "csv/points_utf8.csv": 10,
    "csv/points_gbk.csv": 10,
    "csv/points_utf16_tab.csv": 10,
    "csv/points_dms.csv": 3,
    "csv/wkt_column.csv": 10,
    "csv/ragged_and_empty_rows.csv": "row-too-long",
    "gpkg/three_layers_chinese.gpkg": "several-layers",
    "gpkg/view_infinite_recursion.gpkg": "gpkg-view",
    "gpkg/srs_undefined.gpkg": "several-layers",
    # Formats of a later issue: refused with the list of those that are read.
    "dxf/suihua_gbk_layers_epsg4551.dxf": "format-unknown",
    "gpx/chinese_track.gpx": "format-unknown",
}


@pytest.mark.parametrize("path", EXPECTED)
def test_an_awkward_file_ends_as_it_should(run, shared_data, city, path):
    report = run(shared_data / MADE_HERE / path, "nasty")
    expected = EXPECTED[path]
    if isinstance(expected, int):
        assert codes(report) == {}
        assert StoredFeature.objects.count() == report.counts.added == expected
        _lie_in_the_city()
    else:
        assert expected in codes(report)
        assert not Layer.objects.filter(slug="nasty").exists()


def _lie_in_the_city():
    for feature in StoredFeature.objects.all():
        west, south, east, north = feature.geom.extent
        assert 124 < west <= east < 130
        assert 45 < south <= north < 49
        assert not any("\ufffd" in str(value) for value in feature.properties.values())


def test_every_awkward_file_made_for_us_has_its_expectation(shared_data):
    with (shared_data / MADE_HERE / "CASES.csv").open(encoding="utf-8-sig") as file:
        assert {case["path"] for case in csv.DictReader(file)} == set(EXPECTED)


@pytest.mark.parametrize(
    "name",
    ["gbk_cpg-936", "gbk_ldid-4D_nocpg", "gbk_ldid-00_nocpg", "utf8_mislabelled-GBK"],
)
def test_the_names_of_the_counties_are_read_right(run, shared_data, city, name):
    run(shared_data / MADE_HERE / f"shp-encoding/suihua_{name}.zip", "counties")
    names = [f.properties["name"] for f in StoredFeature.objects.order_by("id")]
    assert (names[0], names[-1]) == ("北林区", "海伦市")


@pytest.mark.parametrize(
    ("name", "crs"),
    [("epsg4530", ""), ("epsg4530_no-prj", "EPSG:4530"), ("beijing54_gk126", "")],
)
def test_beilin_holds_its_seat_after_the_way_from_metres(run, shared_data, city, name, crs):
    run(shared_data / MADE_HERE / f"shp-parts/suihua_{name}.zip", "counties", crs=crs)
    beilin = StoredFeature.objects.order_by("id").first()
    assert beilin.properties["name"] == "北林区"
    assert shapely.from_wkb(bytes(beilin.geom.wkb)).contains(shapely.Point(126.979, 46.636))


@pytest.mark.parametrize("layer", ["县界", "驻地 点", 'gk"42'])
def test_each_layer_of_a_geopackage_can_be_chosen(run, shared_data, city, layer):
    path = shared_data / MADE_HERE / "gpkg/three_layers_chinese.gpkg"
    assert run(path, "chosen", source_layer=layer).counts.added == 10


def test_an_undefined_system_in_a_geopackage_is_asked_for(run, shared_data, city):
    path = shared_data / MADE_HERE / "gpkg/srs_undefined.gpkg"
    assert codes(run(path, "x", source_layer="县界")) == {"crs-missing": 1}
    assert run(path, "x", source_layer="县界", crs="EPSG:4490").counts.added == 10


READABLE = {".shp", ".geojson", ".json", ".zip", ".kml", ".kmz", ".gpkg", ".csv"}


def test_no_file_of_the_corpus_ends_in_anything_but_a_report(run, shared_data, city):
    files = [p for p in sorted((shared_data / "nasty").rglob("*")) if p.suffix in READABLE]
    assert len(files) > 250
    for path in files:
        report = run(path, "corpus", commit=False, crs="EPSG:4326")
        told = report.problems.kept
        assert report.counts.added or told, path
        assert all(p.message and "Traceback" not in p.message for p in told), path
    assert not StoredFeature.objects.exists()
