"""Counts the database keeps: what is counted is what is there, however rows are written."""

import random
from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import Polygon
from django.db import connection
from django.utils import timezone

from layers.models import CellCount, LayerCount, StoredFeature
from layers.records import summaries
from layers.records.summaries import summary_of
from tests.factories import make_feature, make_layer, point

pytestmark = pytest.mark.django_db

#: Every cell anew, from the rows: level, place, and how many are small, medium and large in it.
COUNTED_ANEW = """
    SELECT layer_id, level,
        (curve >> (2 * (29 - level) + 5)) << (2 * (29 - level) + 5) AS place,
        count(*) FILTER (WHERE (curve & 31) >= level + 3),
        count(*) FILTER (WHERE (curve & 31) IN (level + 1, level + 2)),
        count(*) FILTER (WHERE (curve & 31) = level),
        coalesce(avg(ST_X(ST_Centroid(Box2D(geom)))) FILTER (WHERE (curve & 31) > level), 0),
        coalesce(avg(ST_Y(ST_Centroid(Box2D(geom)))) FILTER (WHERE (curve & 31) > level), 0)
    FROM layers_storedfeature CROSS JOIN generate_series(5, 17) AS level
    WHERE state = 'published' AND effective_from IS NULL AND effective_until IS NULL
        AND curve >= 0 AND (curve & 31) >= level
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
COUNTED = """
    SELECT layer_id, level, place, small, medium, large,
        coalesce(lon / nullif(small + medium, 0), 0), coalesce(lat / nullif(small + medium, 0), 0)
    FROM layers_cellcount ORDER BY 1, 2, 3
"""


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [tuple(map(float, row)) for row in cursor.fetchall()]


def check_counts() -> None:
    anew, kept = rows(COUNTED_ANEW), rows(COUNTED)
    assert [row[:6] for row in kept] == [row[:6] for row in anew]
    for row, other in zip(kept, anew, strict=True):
        assert row == pytest.approx(other, abs=1e-6)
    for held in LayerCount.objects.all():
        records = StoredFeature.objects.filter(layer=held.layer_id, counted=True)
        whole = records.summary()
        assert held.number == whole.count
        if held.is_bounded:
            assert held.box == whole.box
    counted = StoredFeature.objects.filter(counted=True).values("layer").distinct().count()
    assert LayerCount.objects.count() == counted


def anything(dice: random.Random) -> dict:
    """A record of any size, anywhere near Suihua or far off, often not seen or not always."""
    lon, lat = dice.uniform(126, 128), dice.uniform(46, 48)
    size = dice.choice([0, 0, 1e-5, 0.001, 0.02, 0.5, 4, 40])
    geom = Polygon.from_bbox((lon, lat, lon + size, lat + size)) if size else point(lon, lat)
    geom.srid = 4490
    return {
        "geom": dice.choice([geom, geom, geom, geom, None]),
        "state": dice.choice(["published", "published", "published", "draft"]),
        "effective_from": dice.choice([None, None, None, timezone.now()]),
        "as_of": dice.choice([None, date(2020, 1, dice.randint(1, 28))]),
    }


@pytest.mark.parametrize("seed", range(6))
def test_counts_follow_whatever_is_written(seed):
    dice = random.Random(seed)
    layers = [make_layer(geometry_type="Geometry"), make_layer("other", geometry_type="Geometry")]
    for turn in range(12):
        act = dice.choice(["insert", "insert", "update", "move", "delete", "touch"])
        ids = list(StoredFeature.objects.values_list("pk", flat=True))
        some = StoredFeature.objects.filter(pk__in=dice.sample(ids, len(ids) // 3))
        if act == "insert":
            StoredFeature.objects.bulk_create(
                StoredFeature(layer=dice.choice(layers), key=f"{turn}-{n}", **anything(dice))
                for n in range(30)
            )
        elif act == "update":
            for feature in some:
                StoredFeature.objects.filter(pk=feature.pk).update(**anything(dice))
        elif act == "move":
            some.update(layer=dice.choice(layers), **anything(dice))
        elif act == "delete":
            some.delete()
        else:
            StoredFeature.objects.update(source_zh=f"第{turn}次")
        check_counts()


@pytest.mark.parametrize("seed", range(6))
def test_a_summary_says_what_reading_all_records_would(seed):
    dice = random.Random(seed)
    layer = make_layer(geometry_type="Geometry")
    for turn in range(10):
        given = anything(dice)
        if turn % 3 == 2:
            StoredFeature.objects.order_by("geom").first().delete()
        else:
            make_feature(layer, key=f"{turn}", **given)
        records = StoredFeature.objects.in_layer(layer.pk).public(timezone.now())
        assert summary_of(layer.pk, records) == records.summary()
        assert all(held.is_bounded for held in LayerCount.objects.all())


def test_the_begin_is_known_only_where_every_record_has_one():
    layer = make_layer()
    records = StoredFeature.objects.in_layer(layer.pk).public(timezone.now())
    make_feature(layer, key="a", as_of=date(2021, 3, 1))
    make_feature(layer, key="b", effective_from=timezone.now() - timedelta(days=9000))
    assert summary_of(layer.pk, records).begin == records.summary().begin
    assert summary_of(layer.pk, records).begin.year < 2021
    make_feature(layer, key="c", as_of=None)
    assert summary_of(layer.pk, records).begin is None


def test_a_layer_that_goes_takes_its_counts_along():
    layer = make_layer()
    make_feature(layer)
    assert CellCount.objects.count() == 13
    layer.delete()
    assert not CellCount.objects.exists()
    assert not LayerCount.objects.exists()


def test_nothing_is_counted_where_all_records_are_gone_at_once():
    make_feature(make_layer())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE layers_storedfeature")
    check_counts()


def test_a_box_found_anew_is_not_kept_where_something_has_changed_meanwhile(monkeypatch):
    layer = make_layer()
    records = StoredFeature.objects.in_layer(layer.pk).public(timezone.now())
    for number in range(3):
        make_feature(layer, key=f"{number}", geom=point(127 + number, 46))
    StoredFeature.objects.get(key="2").delete()
    may_mend = summaries.may_mend

    def and_meanwhile():
        make_feature(layer, key="far", geom=point(129.5, 46))
        return may_mend()

    monkeypatch.setattr(summaries, "may_mend", and_meanwhile)
    summary_of(layer.pk, records)
    assert not LayerCount.objects.get(layer=layer).is_bounded
    monkeypatch.undo()
    assert summary_of(layer.pk, records).box == (127, 46, 129.5, 46)
