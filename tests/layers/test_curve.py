"""The order of records in space: what lies in a box is found in stretches of numbers."""

import random

import pytest
from django.db import connection

from layers.models import Layer, StoredFeature
from layers.postgis.boxes import Box
from layers.postgis.curve import (
    END,
    FINEST,
    NOWHERE,
    Reading,
    Stretches,
    stretches_of,
    stretches_within,
)
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


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_whatever_meets_a_box_lies_in_its_stretches_also_where_they_are_cut_finely(seed, backwards):
    dice = random.Random(seed)
    extents = [random_extent(dice) for _ in range(300)]
    numbers = numbers_of(*(envelope(*extent) for extent in extents))
    levels = 0
    for number in numbers:
        levels |= 1 << (number & 31)
    met = 0
    for west, south, east, north in (random_extent(dice) for _ in range(100)):
        found = stretches_of(
            Box(west=west, south=south, east=east, north=north),
            levels,
            Reading(
                limit=dice.choice([1, 100, 10_000]),
                start=dice.choice([None, *numbers[:3]]),
                is_backwards=backwards,
                density=10 ** dice.uniform(3, 15),
            ),
        )
        ends = [end for pair in zip(found.lows, found.highs, strict=True) for end in pair]
        assert ends == sorted(ends)
        for (x0, y0, x1, y1), number in zip(extents, numbers, strict=True):
            if x0 <= east and x1 >= west and y0 <= north and y1 >= south:
                met += 1
                assert holds(found, number)
    assert met > 1000


#: A box, and how far around it lies what its stretches may hold, in degrees.
BOX = Box(west=126.213, south=46.107, east=126.871, north=46.548)
AROUND = 0.2


@pytest.fixture(scope="module")
def crowd() -> list[tuple[int, bool]]:
    """The numbers of points in and around the box, in order, and whether each is in the box."""
    dice = random.Random(3)
    places = [
        (
            dice.uniform(BOX.west - AROUND, BOX.east + AROUND),
            dice.uniform(BOX.south - AROUND, BOX.north + AROUND),
        )
        for _ in range(200_000)
    ]
    return sorted(
        (number_of_point(x, y), BOX.west <= x <= BOX.east and BOX.south <= y <= BOX.north)
        for x, y in places
    )


def number_of_point(lon: float, lat: float) -> int:
    cells = 1 << FINEST
    columns, rows = int((lon + 180) / 360 * cells), int((lat + 90) / 180 * cells)
    bits = zip(f"{rows:029b}", f"{columns:029b}", strict=True)
    return int("".join(row + column for row, column in bits), 2) << 5 | FINEST


def met_beyond(crowd, stretches: Stretches, reading: Reading) -> int:
    """How many points beyond the box are met until the page is full."""
    beyond = inside = 0
    start = reading.start or (END if reading.is_backwards else 0)
    ahead = reversed(crowd) if reading.is_backwards else iter(crowd)
    for number, is_inside in ahead:
        is_ahead = number < start if reading.is_backwards else number > start
        if is_ahead and holds(stretches, number):
            inside += is_inside
            beyond += not is_inside
            if inside == reading.limit:
                break
    return beyond


@pytest.mark.parametrize("place", [None, 0.2, 0.7])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_page_of_a_dense_layer_meets_few_records_beyond_its_box(crowd, place, backwards):
    wide, high = BOX.east - BOX.west + 2 * AROUND, BOX.north - BOX.south + 2 * AROUND
    reading = Reading(
        limit=1000,
        start=place and crowd[int(place * len(crowd))][0],
        is_backwards=backwards,
        density=len(crowd) * 360 * 180 / (wide * high),
    )
    coarse = met_beyond(crowd, stretches_of(BOX, 1 << FINEST), reading)
    fine = met_beyond(crowd, stretches_of(BOX, 1 << FINEST, reading), reading)
    assert fine < 1000
    assert fine <= coarse
    assert len(stretches_of(BOX, 1 << FINEST, reading).lows) < 200


def test_a_page_of_a_dense_layer_would_else_meet_thousands(crowd):
    first = Reading(limit=1000, start=None, is_backwards=False, density=0)
    assert met_beyond(crowd, stretches_of(BOX, 1 << FINEST), first) > 2000


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
