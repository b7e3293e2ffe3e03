"""The nearest record on the ground is found, by the index, among public records only."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layers.bilingual import Text
from layers.catalog.declarations import declaration_for
from layers.models import StoredFeature
from layers.records.proximity import candidates, nearest, nearest_of_each
from layers.registry import typed_declarations
from tests.factories import make_feature, make_layer, make_park, point, square

pytestmark = pytest.mark.django_db

HERE = (127.0, 46.6)
#: Geodesic length on the ellipsoid from HERE, by GeographicLib.
EAST_0_01_M = 766.2


@pytest.fixture
def hubs():
    kind = {"name": "kind", "label_zh": "类型", "label_en": "Kind", "type": "text"}
    return make_layer("hubs", fields=[kind])


def put(layer, key, lon, lat, kind="station", **given):
    names = {"name_zh": f"{key}站", "name_en": f"Station {key}", "kind": kind}
    return make_feature(layer, key, geom=point(lon, lat), properties=names, **given)


def keys(found) -> list[str]:
    return [record.key for record in found]


def test_distance_is_in_metres_on_the_ground(hubs):
    put(hubs, "east", 127.01, 46.6)
    (found,) = nearest(geom=point(*HERE), declaration=declaration_for(hubs))
    assert found.distance_m == pytest.approx(EAST_0_01_M, abs=0.5)
    assert found.name == Text("east站", "Station east")
    assert found.properties["kind"] == "station"


def test_nearest_on_the_ground_beats_nearest_in_degrees(hubs):
    # 0.012° of longitude are 919 m here, 0.01° of latitude 1,112 m.
    put(hubs, "north", 127.0, 46.61)
    put(hubs, "east", 127.012, 46.6)
    found = nearest(geom=point(*HERE), declaration=declaration_for(hubs))
    assert keys(found) == ["east"]
    both = nearest(geom=point(*HERE), declaration=declaration_for(hubs), count=2)
    assert [round(n.distance_m) for n in both] == [919, 1112]


def test_the_nearest_is_chosen_among_the_records_given(hubs):
    put(hubs, "near", 127.001, 46.6, kind="coach")
    put(hubs, "far", 127.3, 46.7, kind="airport")
    airports = StoredFeature.objects.filter(properties__kind="airport")
    found = nearest(geom=point(*HERE), declaration=declaration_for(hubs), records=airports)
    assert keys(found) == ["far"]


def test_the_nearest_of_several_sets_are_found_in_two_statements(hubs):
    put(hubs, "north", 127.0, 46.61)
    put(hubs, "east", 127.012, 46.6)
    put(hubs, "far", 127.3, 46.7, kind="airport")
    declaration = declaration_for(hubs)
    sets = [
        StoredFeature.objects.in_layer(hubs.pk).filter(properties__kind=kind)
        for kind in ("airport", "port", "station")
    ]
    with CaptureQueriesContext(connection) as asked:
        found = nearest_of_each(geom=point(*HERE), among=[(declaration, each) for each in sets])
    assert [one and one.key for one in found] == ["far", None, "east"]
    assert found[2].name == Text("east站", "Station east")
    assert len(asked) == 2


def test_only_public_records_are_near(hubs):
    past = timezone.now() - timedelta(days=1)
    put(hubs, "draft", 127.001, 46.6, state="draft")
    put(hubs, "over", 127.002, 46.6, effective_until=past)
    put(hubs, "open", 127.05, 46.6)
    assert keys(nearest(geom=point(*HERE), declaration=declaration_for(hubs), count=3)) == ["open"]


def test_an_empty_layer_has_nothing_near(hubs):
    assert nearest(geom=point(*HERE), declaration=declaration_for(hubs)) == []
    assert nearest(geom=None, declaration=declaration_for(hubs)) == []


def test_distance_of_areas_and_lines_is_between_their_edges(hubs):
    line = GEOSGeometry("SRID=4490;LINESTRING(127.03 46.5, 127.03 46.7)")
    make_feature(hubs, "road", geom=line)
    (found,) = nearest(geom=square(127.0, 46.6), declaration=declaration_for(hubs))
    assert found.distance_m == pytest.approx(EAST_0_01_M, abs=1)
    make_feature(hubs, "through", geom=GEOSGeometry("SRID=4490;LINESTRING(127 46.5, 127.01 47)"))
    assert nearest(geom=square(127.0, 46.6), declaration=declaration_for(hubs))[0].distance_m == 0


def test_typed_layers_are_near_too():
    make_park()
    (found,) = nearest(geom=point(126.99, 46.605), declaration=typed_declarations()["parks"])
    assert (found.key, found.name.en) == ("beilin-park", "Beilin Economic Development Zone")


def test_the_index_gives_the_order(hubs):
    StoredFeature.objects.bulk_create(
        [
            StoredFeature(
                layer=hubs,
                key=str(i),
                geom=point(125 + i % 60 / 20, 46 + i // 60 / 50),
                properties={"kind": "station"},
                state="published",
            )
            for i in range(3000)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE layers_storedfeature")
    records = declaration_for(hubs).public_records()
    plan = candidates(records, point(*HERE), 1).explain()
    assert "Index Scan using feature_layer_geom" in plan
    assert "Order By: (geom <-> " in plan
    assert "Sort" not in plan
