"""Drawings by PostGIS: clipped to the frame, in pixels, with a true scale."""

import re
from math import cos, radians

import pytest
from django.contrib.gis.geos import GEOSGeometry

from layers.models import StoredFeature
from layers.postgis.drawing import METRES_PER_DEGREE, Frame, drawn, labelled
from tests.factories import make_feature, make_layer, point, square

FRAME = Frame(127.0, 46.0, 128.0, 47.0, 400, 600)


def line(*places: tuple) -> GEOSGeometry:
    dimension = "Z" if len(places[0]) == 3 else ""
    text = ",".join(" ".join(map(str, place)) for place in places)
    return GEOSGeometry(f"SRID=4490;LINESTRING {dimension}({text})")


def paths(frame=FRAME) -> list[str]:
    return list(drawn(StoredFeature.objects.all(), frame).values_list("path", flat=True))


@pytest.mark.django_db
def test_a_shape_is_drawn_in_pixels_from_the_upper_left():
    make_feature(make_layer(), geom=line((127, 47), (128, 46)))
    assert paths() == ["M 0 0 l 400 600"]


@pytest.mark.django_db
def test_what_leaves_the_frame_is_cut_at_its_edge_and_what_is_outside_left_out():
    layer = make_layer()
    make_feature(layer, "across", geom=line((126, 46.5), (129, 46.5)))
    make_feature(layer, "outside", geom=line((120, 40), (121, 41)))
    assert paths() == ["M 0 300 l 400 0"]


@pytest.mark.django_db
def test_pipes_with_depth_are_drawn_flat_and_bends_below_a_pixel_are_dropped():
    bends = [(127 + n / 1000, 46.5 + n % 2 / 100_000, -2.5) for n in range(1000)]
    make_feature(make_layer(), geom=line(*bends))
    assert len(re.findall(r"-?[\d.]+ -?[\d.]+", paths()[0])) < 5


@pytest.mark.django_db
def test_a_name_stands_inside_its_shape():
    make_feature(make_layer(), geom=square(127.25, 46.25, 0.5))
    named = labelled(StoredFeature.objects.all(), FRAME).get()
    assert (named.x, named.y) == (pytest.approx(200), pytest.approx(300))


@pytest.mark.django_db
def test_a_point_touching_the_frame_is_found_for_a_name():
    make_feature(make_layer(), geom=point(127, 46))
    assert labelled(StoredFeature.objects.all(), FRAME).get().y == pytest.approx(600)


def test_a_frame_keeps_the_form_of_what_it_shows():
    frame = Frame.around((127.0, 46.0, 127.2, 46.2), width=500, height=400)
    across, down = frame.scale
    assert across / down == pytest.approx(cos(radians(46.1)))
    assert frame.west < 127.0
    assert frame.east > 127.2
    assert frame.south < 46.0
    assert frame.north > 46.2


def test_a_point_gets_a_frame_of_the_least_width():
    frame = Frame.around((127, 46, 127, 46), width=500, height=400, margin=0, least_m=5000)
    width_m = (frame.east - frame.west) * METRES_PER_DEGREE * cos(radians(46))
    assert width_m == pytest.approx(5000)


def test_a_place_stands_where_its_degrees_say():
    assert FRAME.place(127.5, 46.25) == (200, 450)


@pytest.mark.parametrize("height_km", [0.4, 3, 17, 90, 400])
def test_the_scale_bar_is_round_true_and_short_enough(height_km):
    degrees = height_km * 1000 / METRES_PER_DEGREE
    metres, pixels = Frame(127, 46, 128, 46 + degrees, 400, 500).scale_bar()
    assert pixels <= 120
    assert metres / pixels == pytest.approx(height_km * 1000 / 500, rel=0.01)
    assert str(metres).strip("0") in ("1", "2", "5")
