"""Where data lands: given or declared systems, never a guess, never axes the wrong way round."""

import numpy as np
import pyproj
import pytest

from layers.importing.crs import shifted
from layers.importing.crs.systems import system_declared, system_given
from layers.importing.errors import CallRefused
from layers.models import StoredFeature
from tests.factories import make_district
from tests.layers.importing.conftest import codes

BEILIN = (126.98, 46.63)


def landed():
    return StoredFeature.objects.get().geom.coords


def in_system(code, lon=BEILIN[0], lat=BEILIN[1]):
    transform = pyproj.Transformer.from_crs(4490, code, always_xy=True)
    return tuple(round(v, 3) for v in transform.transform(lon, lat))


def test_the_shift_of_chinese_web_maps_is_undone_to_a_tenth_of_a_millimetre():
    places = np.random.default_rng(1).uniform([74, 4], [135, 53], (5000, 2))
    for there, back in (
        (shifted.to_gcj02, shifted.from_gcj02),
        (shifted.to_bd09, shifted.from_bd09),
    ):
        assert np.abs(back(there(places)) - places).max() < 1e-9


def test_the_shift_is_some_hundred_metres_in_suihua_and_none_abroad():
    lon, lat = shifted.to_gcj02(np.array([BEILIN]))[0]
    metres = pyproj.Geod(ellps="GRS80").inv(*BEILIN, lon, lat)[2]
    assert 400 < metres < 700
    abroad = np.array([[2.35, 48.85]])
    assert (shifted.to_gcj02(abroad) == abroad).all()


def test_nan_and_no_positions_do_not_stop_the_shift():
    assert shifted.from_gcj02(np.empty((0, 2))).shape == (0, 2)
    result = shifted.from_gcj02(np.array([[np.nan, 46.0], list(BEILIN)]))
    assert np.isfinite(result[1]).all()


@pytest.mark.parametrize("code", range(4513, 4555))
def test_every_cgcs2000_three_degree_zone_is_read_easting_first(code):
    crs = pyproj.CRS.from_epsg(code)
    middle = (crs.area_of_use.west + crs.area_of_use.east) / 2
    there = in_system(code, middle, 40.0)
    lon, lat = system_given(f"EPSG:{code}").to_degrees(np.array([there]))[0]
    assert (round(lon, 6), round(lat, 6)) == (round(middle, 6), 40.0)


@pytest.mark.parametrize("code", [4490, 4326, 4530, 4551, 4509, 3857, 32652])
def test_esri_definitions_without_a_code_are_identified(code):
    wkt = pyproj.CRS.from_epsg(code).to_wkt("WKT1_ESRI")
    assert "AUTHORITY" not in wkt
    assert system_declared(wkt).epsg == code


def test_a_city_s_own_grid_is_never_taken_for_a_known_one():
    wkt = pyproj.CRS.from_epsg(4549).to_wkt("WKT1_ESRI").replace("120.0", "120.5")
    assert pyproj.CRS.from_wkt(wkt).to_epsg(min_confidence=20) is not None
    assert system_declared(wkt) is None


def test_a_system_may_be_given_as_a_file_of_wkt(tmp_path):
    path = tmp_path / "grid.prj"
    path.write_text(pyproj.CRS.from_epsg(4549).to_wkt("WKT1_ESRI").replace("120.0", "126.5"))
    system = system_given(str(path))
    assert system.to_degrees(np.array([[500000.0, 5165000.0]]))[0][0] == pytest.approx(126.5)


@pytest.mark.parametrize(
    "text", ["EPSG:999999", "EPSG:abc", "mars", "/etc/passwd", "+proj=longlat"]
)
def test_an_unknown_system_is_a_mistake_of_the_call(text):
    with pytest.raises(CallRefused, match="unknown"):
        system_given(text)


@pytest.mark.django_db
@pytest.mark.parametrize("code", [4530, 4551, 4509, 3857, 32652])
def test_metres_arrive_at_their_place(run, geojson, code):
    run(geojson([(in_system(code), {"code": "a"})]), crs=f"EPSG:{code}")
    assert landed() == pytest.approx(BEILIN, abs=1e-7)


@pytest.mark.django_db
def test_shifted_coordinates_are_moved_back_and_stored_as_cgcs2000(run, geojson):
    there = shifted.to_gcj02(np.array([BEILIN]))[0]
    run(geojson([(tuple(there), {"code": "a"})]), crs="gcj02")
    assert landed() == pytest.approx(BEILIN, abs=1e-9)
    assert StoredFeature.objects.get().geom.srid == 4490


@pytest.mark.django_db
def test_metres_without_a_system_are_refused_with_the_systems_that_fit(run, geojson):
    make_district()
    report = run(geojson([(in_system(4530), {"code": "a"})]))
    assert codes(report) == {"crs-off-the-earth": 1}
    message = report.problems.kept[0].message
    assert "not degrees" in message
    assert "EPSG:4530" in message
    assert "126.98, 46.63" in message
    assert "EPSG:4531" not in message


@pytest.mark.django_db
def test_an_unknown_system_in_the_file_is_asked_for_and_not_taken_for_wgs84(run, geojson):
    make_district()
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}
    report = run(geojson([(BEILIN, {"code": "a"})], crs=crs))
    assert codes(report) == {"crs-unknown": 1}
    assert "GCJ-02" in report.problems.kept[0].message


@pytest.mark.django_db
def test_a_shapefile_without_prj_is_asked_for_its_system(run, written):
    import shapely  # noqa: PLC0415

    make_district()
    path = written("wells.shp", [shapely.Point(in_system(4551))], {"code": ["a"]}, crs="EPSG:4551")
    path.with_suffix(".prj").unlink()
    report = run(path)
    assert codes(report) == {"crs-missing": 1}
    assert "EPSG:4551" in report.problems.kept[0].message
    assert run(path, crs="EPSG:4551").counts.added == 1


@pytest.mark.django_db
def test_longitude_and_latitude_in_the_wrong_order_are_noticed(run, geojson):
    path = geojson([(BEILIN[::-1], {"code": "a"})])
    report = run(path)
    assert codes(report) == {"crs-off-the-earth": 1}
    assert "wrong order" in report.problems.kept[0].message
    assert run(path, swap=True).counts.added == 1
    assert landed() == BEILIN


@pytest.mark.django_db
def test_data_far_from_the_city_needs_a_person_s_word(run, geojson):
    make_district()
    path = geojson([((-94.7, 37.8), {"code": "a"})])
    assert codes(run(path)) == {"crs-far-from-city": 1}
    report = run(path, crs="EPSG:4326")
    assert report.counts.added == 1
    assert codes(report, "warning") == {"far-from-city": 1}


@pytest.mark.django_db
def test_a_neighbouring_prefecture_is_near_enough(run, geojson):
    make_district()
    assert run(geojson([((133.5, 46.0), {"code": "a"})])).counts.added == 1


@pytest.mark.django_db
def test_a_few_stray_rows_are_errors_of_their_rows_and_do_not_mislead(run, geojson):
    good = [((126.5 + n / 100, 46.6), {"code": f"g{n}"}) for n in range(30)]
    report = run(geojson([*good, ((1e300, 46.6), {"code": "x"}), ((540.0, 95.0), {"code": "y"})]))
    assert codes(report) == {"off-the-earth": 2}
    assert {p.row for p in report.problems.kept} == {31, 32}


@pytest.mark.django_db
def test_another_datum_is_transformed_with_a_warning_on_its_accuracy(run, geojson):
    report = run(geojson([((500_000, 5_165_000), {"code": "a"})]), crs="EPSG:2439")
    assert codes(report, "warning") == {"datum-shift": 1}
    assert "Beijing 1954" in report.problems.kept[0].message


@pytest.mark.django_db
def test_geojson_without_a_system_says_that_web_maps_are_shifted(run, geojson):
    silent = {"type": "Feature", "geometry": None, "properties": {}}
    silent["geometry"] = {"type": "Point", "coordinates": [126.98, 46.64]}
    document = {"type": "FeatureCollection", "features": [silent]}
    assert codes(run(geojson(document)), "warning") == {"crs-by-standard": 1}
    assert not codes(run(geojson(document), crs="GCJ-02"), "warning")


@pytest.mark.django_db
def test_a_number_of_thousands_of_digits_is_a_value_like_others(run, geojson):
    path = geojson([((126.98, 46.64), {"depth": 1})])
    path.write_text(path.read_text().replace('"depth": 1', f'"depth": {"9" * 5000}'))
    assert not codes(run(path))
    assert StoredFeature.objects.get().properties["depth"] == "9" * 5000
