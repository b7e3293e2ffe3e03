"""The order of records in space: what lies in a box is found in stretches of numbers."""

import random

import pytest
from django.db import connection

from layers.models import Layer, StoredFeature
from layers.postgis.boxes import Box
from layers.postgis.curve import END, FINEST, NOWHERE, Stretches, stretches_of, stretches_within
from tests.factories import make_feature, make_layer

pytestmark = pytest.mark.django_db
ALL_LEVELS = (1 << (FINEST + 1)) - 1


def numbers_of(*shapes: str) -> list[int]:
    """The numbers the database gives to geometries in WKT."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT layers_curve(ST_GeomFromText(wkt, 4490)) FROM unnest(%s) WITH ORDINALITY"
            " AS given (wkt, place) ORDER BY place",
            [list(shapes)],
        )
        return [number for (number,) in cursor.fetchall()]


def holds(stretches: Stretches, number: int) -> bool:
    pairs = zip(stretches.lows, stretches.highs, strict=True)
    return any(low <= number <= high for low, high in pairs)


def envelope(west, south, east, north) -> str:
    return f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"


def random_extent(dice: random.Random, around=(127.0, 46.6)) -> tuple:
    """An extent of any size, from a point to half the world; often near the others."""
    size = dice.choice([0, 1e-7, 1e-5, 0.001, 0.1, 2, 60])
    spread = dice.choice([1e-6, 0.01, 1, 50])
    west = min(180 - size, max(-180, around[0] + dice.uniform(-spread, spread)))
    south = min(90 - size, max(-90, around[1] + dice.uniform(-spread, spread)))
    return west, south, west + size * dice.random(), south + size * dice.random()


@pytest.mark.parametrize("seed", range(5))
def test_whatever_meets_a_box_lies_in_its_stretches(seed):
    dice = random.Random(seed)
    extents = [random_extent(dice) for _ in range(300)]
    numbers = numbers_of(*(envelope(*extent) for extent in extents))
    levels = 0
    for number in numbers:
        levels |= 1 << (number & 31)
    met = 0
    for west, south, east, north in (random_extent(dice) for _ in range(100)):
        found = stretches_of(Box(west=west, south=south, east=east, north=north), levels)
        for (x0, y0, x1, y1), number in zip(extents, numbers, strict=True):
            if x0 <= east and x1 >= west and y0 <= north and y1 >= south:
                met += 1
                assert holds(found, number)
    assert met > 1000


def test_what_only_touches_a_box_is_found_too_and_the_edge_of_the_world():
    edge = 127.001953125  # between two cells of most levels
    (beside,) = numbers_of(envelope(127.0, 46.0, edge, 46.001))
    assert holds(stretches_of(Box(west=edge, south=46, east=128, north=47), ALL_LEVELS), beside)
    (corner,) = numbers_of("POINT(180 90)")
    assert holds(stretches_of(Box(west=180, south=90, east=180, north=90), ALL_LEVELS), corner)


def test_a_box_is_a_few_stretches_in_order_and_apart():
    box = Box(west=126.2, south=46.1, east=127.3, north=47.05)
    for levels in (1 << FINEST, ALL_LEVELS):
        found = stretches_of(box, levels)
        assert 1 < len(found.lows) < 150
        ends = [end for pair in zip(found.lows, found.highs, strict=True) for end in pair]
        assert ends == sorted(ends)
    only_points = stretches_of(box, 1 << FINEST)
    assert len(only_points.lows) < 40


def test_whatever_begins_in_the_cells_within_a_box_begins_in_the_box():
    dice = random.Random(7)
    extents = [random_extent(dice) for _ in range(300)]
    numbers = numbers_of(*(envelope(*extent) for extent in extents))
    found = 0
    for west, south, east, north in (random_extent(dice) for _ in range(100)):
        box = Box(west=west, south=south, east=east, north=north)
        for level in (3, 8, 12):
            inner = stretches_within(box, level)
            for (x, y, *_), number in zip(extents, numbers, strict=True):
                if number & 31 >= level and holds(inner, number):
                    found += 1
                    assert west <= x <= east
                    assert south <= y <= north
    assert found > 50


def test_across_the_antimeridian_both_sides_are_found():
    east, west = numbers_of("POINT(179.5 0)", "POINT(-179.5 0)")
    found = stretches_of(Box(west=179, south=-1, east=-179, north=1), ALL_LEVELS)
    assert holds(found, east)
    assert holds(found, west)


def test_what_has_no_place_comes_first_and_meets_every_box():
    assert numbers_of("POINT EMPTY", "POLYGON EMPTY") == [NOWHERE, NOWHERE]
    assert holds(stretches_of(Box(west=1, south=1, east=2, north=2), 0), NOWHERE)


def test_stretches_are_cut_at_a_number():
    whole = Stretches([0, 10, 20], [5, 15, 25])
    assert whole.after(12) == Stretches([12, 20], [15, 25])
    assert whole.before(12) == Stretches([0, 10], [5, 12])
    assert whole.backwards() == Stretches([20, 10, 0], [25, 15, 5])


def test_numbers_stay_below_the_last():
    assert max(numbers_of("POINT(180 90)", "POINT(179.9 89.9)")) <= END


def test_a_layer_notes_the_levels_of_its_records_and_forgets_none():
    layer = make_layer()
    stale = Layer.objects.get(pk=layer.pk)
    feature = make_feature(layer)
    area = make_feature(layer, key="area", geom="SRID=4490;POLYGON((1 1,2 1,2 2,1 1))")
    expected = (1 << FINEST) | (1 << (StoredFeature.objects.get(pk=area.pk).curve & 31))
    assert Layer.objects.get(pk=layer.pk).levels == expected
    feature.delete()
    stale.save()
    assert Layer.objects.get(pk=layer.pk).levels == expected
