"""Typed layers: districts by their codes, others by their plain columns."""

import json

import pytest

from investment.models import Park
from layers.models import District, Layer, StoredFeature
from tests.factories import (
    make_district,
    make_feature,
    make_layer,
    make_park,
    point,
    square,
)
from tests.layers.importing.conftest import codes

pytestmark = pytest.mark.django_db


def county(code, name, where, **more):
    shape = json.loads(where.geojson)
    return (shape, {"adcode": code, "name": name, "parent": {"adcode": code // 100 * 100}, **more})


@pytest.fixture
def city(geojson):
    """The city and two of its counties, the children first."""
    return geojson(
        [
            county(231202, "北林区", square(126.8, 46.5, 0.4)),
            county(231281, "安达市", square(125.2, 46.3, 0.4)),
            (
                {**county(231200, "绥化市", square(125, 46, 3))[0]},
                {"adcode": 231200, "name": "绥化市"},
            ),
        ]
    )


def test_districts_get_level_parent_and_english_name(run, city):
    report = run(city, "districts")
    assert report.counts.added == 3
    assert codes(report, "warning")["name-from-pinyin"] == 3
    beilin = District.objects.get(code="231202")
    assert (beilin.level, beilin.parent.code, beilin.name_en) == ("county", "231200", "Beilin")
    assert District.objects.get(code="231200").level == "prefecture"
    assert District.objects.matching("suihua").get().code == "231200"


def test_a_second_import_of_districts_changes_nothing(run, city):
    run(city, "districts")
    before = Layer.objects.get(slug="districts").version
    assert run(city, "districts").counts == (0, 0, 3, 0, 0)
    assert Layer.objects.get(slug="districts").version == before


def test_what_people_wrote_in_a_district_stays(run, city):
    make_district(name_en="Beilin District", population=698025)
    report = run(city, "districts")
    assert (report.counts.added, report.counts.changed) == (2, 1)
    beilin = District.objects.get(code="231202")
    assert (beilin.name_en, beilin.population) == ("Beilin District", 698025)


def test_records_find_their_county_again_when_boundaries_come_in(run, city):
    feature = make_feature(make_layer(), geom=point(127.0, 46.65))
    feature.refresh_from_db()
    assert feature.district is None
    run(city, "districts")
    assert StoredFeature.objects.get().district.code == "231202"


def test_a_bad_code_is_an_error_and_nothing_is_written(run, geojson):
    report = run(geojson([county(23120, "某区", square(126.8, 46.5))]), "districts")
    assert "GB/T 2260" in next(p.message for p in report.problems.kept if p.field == "code")
    assert not District.objects.exists()


def test_a_rule_of_the_model_is_named_and_nothing_is_written(run, geojson):
    shape = json.loads(square(127.1, 46.7).geojson)
    values = {"slug": "new", "name": "新区", "level": "county", "area_ha": 9}
    values |= {"name_en": "New Zone", "industries": "C13", "area_available_ha": 10}
    report = run(geojson([(shape, values)]), "parks")
    problem = report.problems.kept[-1]
    assert problem.message == "The available area cannot be more than the planned area."
    assert problem.field == "area_available_ha"
    assert not Park.objects.exists()


def test_a_removal_that_others_depend_on_is_refused_whole(run, geojson):
    make_district("231200", "绥化市", "Suihua", level="prefecture")
    path = geojson([county(231202, "北林区", square(126.8, 46.5, 0.4))])
    report = run(path, "districts", replace=True)
    assert codes(report) == {"write-refused": 1}
    assert not report.written
    assert [d.code for d in District.objects.all()] == ["231200"]


def test_a_park_is_changed_by_its_plain_columns_only(run, geojson):
    park = make_park()
    shape = json.loads(square(127.1, 46.7).geojson)
    path = geojson([(shape, {"slug": park.slug, "name": "北林新区", "area_ha": 1300.456})])
    report = run(path, "parks")
    assert report.counts.changed == 1
    park.refresh_from_db()
    assert (park.name_zh, park.name_en) == ("北林新区", "Beilin Economic Development Zone")
    assert park.geom.extent[0] == pytest.approx(127.1)
    assert run(path, "parks").counts.unchanged == 1


def test_a_value_that_the_model_refuses_is_an_error_of_its_row(run, geojson):
    shape = json.loads(square(127.1, 46.7).geojson)
    report = run(geojson([(shape, {"slug": "new", "name": "新区", "level": "galactic"})]), "parks")
    assert report.problems.errors
    assert {p.row for p in report.problems.kept if p.severity == "error"} == {1}


def test_a_typed_layer_needs_its_key(run, geojson):
    from layers.importing.errors import CallRefused  # noqa: PLC0415

    with pytest.raises(CallRefused, match="slug"):
        run(geojson([(json.loads(square(127.1, 46.7).geojson), {"name": "x"})]), "parks")
