"""Records keep their derived columns true however they are written."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError, connection
from django.utils import timezone

from layers.models import Layer, StoredFeature
from tests.factories import make_district, make_feature, make_layer, make_park, point, square

pytestmark = pytest.mark.django_db


def test_a_record_finds_its_county_and_follows_its_geometry():
    beilin = make_district()
    well = make_feature(make_layer())
    well.refresh_from_db()
    assert well.district == beilin
    StoredFeature.objects.filter(pk=well.pk).update(geom=point(120, 40))
    well.refresh_from_db()
    assert well.district is None


def test_records_of_every_table_follow_the_counties():
    well, park = make_feature(make_layer()), make_park()
    beilin = make_district()

    def districts():
        for record in (well, park):
            record.refresh_from_db()
        return {well.district, park.district}

    assert districts() == {beilin}
    beilin.state = "withdrawn"
    beilin.save()
    assert districts() == {None}
    beilin.state = "published"
    beilin.save()
    assert districts() == {beilin}
    beilin.geom = square(120, 40)
    beilin.save()
    assert districts() == {None}
    beilin.geom = square(126.5, 46.3, 1)
    beilin.save()
    assert districts() == {beilin}
    beilin.delete()
    assert districts() == {None}


def test_a_renamed_county_touches_no_record():
    well = make_feature(make_layer())
    beilin = make_district()
    well.refresh_from_db()
    before = well.row_version
    beilin.name_zh = "改名区"
    beilin.save()
    well.refresh_from_db()
    assert well.row_version == before


def test_any_change_of_a_record_raises_its_version_and_its_layers():
    layer = make_layer()
    well = make_feature(layer)
    before = Layer.objects.get(pk=layer.pk).version
    StoredFeature.objects.filter(pk=well.pk).update(properties={"name_zh": "改"})
    well.refresh_from_db()
    assert well.row_version == 2
    assert Layer.objects.get(pk=layer.pk).version > before


def test_an_unchanged_save_keeps_the_version():
    well = make_feature(make_layer())
    well.save()
    well.refresh_from_db()
    assert well.row_version == 1


def test_a_parks_utility_raises_the_version_of_the_parks_layer():
    park = make_park()
    before = Layer.objects.get(slug="parks").version
    park.utilities.filter(kind="power").update(headroom=10)
    assert Layer.objects.get(slug="parks").version > before


def test_depth_is_kept_for_every_vertex():
    line = GEOSGeometry("SRID=4490;LINESTRING Z(127 46.6 -2.1,127.001 46.6 -2.3)")
    pipe = make_feature(make_layer("pipes", geometry_type="LineString"), geom=line)
    pipe.refresh_from_db()
    assert pipe.geom.coords == ((127, 46.6, -2.1), (127.001, 46.6, -2.3))


def test_a_geometry_in_another_crs_is_refused_by_the_database():
    make_feature(make_layer())
    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError, match="feature_srid"),
    ):
        cursor.execute("UPDATE layers_storedfeature SET geom = ST_SetSRID(geom, 4326)")


def test_public_means_published_and_in_effect():
    layer = make_layer()
    now = timezone.now()
    hour = timedelta(hours=1)
    make_feature(layer, "now")
    make_feature(layer, "draft", state="draft")
    make_feature(layer, "later", effective_from=now + hour)
    make_feature(layer, "over", effective_until=now - hour)
    assert [f.key for f in StoredFeature.objects.public()] == ["now"]


@pytest.mark.parametrize("typed", ["一号", "yihao", "yhj", "WELL no.", "w-1"])
def test_a_record_is_found_by_name_pinyin_initials_english_and_key(typed):
    well = make_feature(make_layer())
    assert list(StoredFeature.objects.matching(typed)) == [well]
