"""Records in other coordinate systems, and boxes given in them (OGC API – Features Part 2)."""

import json
from itertools import pairwise
from urllib.parse import quote

import pyproj
import pytest
from django.contrib.gis.geos import GEOSGeometry

from tests.factories import make_feature, make_layer, point

pytestmark = pytest.mark.django_db
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84H = "http://www.opengis.net/def/crs/OGC/0/CRS84h"
LON, LAT = 127.0, 46.65


def epsg(number: int) -> str:
    return f"http://www.opengis.net/def/crs/EPSG/0/{number}"


@pytest.fixture
def wells():
    layer = make_layer()
    make_feature(layer, geom=point(LON, LAT))
    return layer


def asked(**parameters) -> str:
    pairs = (f"{name.replace('_', '-')}={quote(str(value))}" for name, value in parameters.items())
    return "collections/wells/items?" + "&".join(pairs)


def projected(number: int, lon: float, lat: float) -> tuple[float, float]:
    """By PROJ itself, in the order of the authority's axes."""
    system = pyproj.CRS.from_epsg(number)
    return pyproj.Transformer.from_crs(system.geodetic_crs, system).transform(lat, lon)


def test_every_layer_lists_its_systems_the_stored_one_among_them(api, wells):
    found = api.json("collections")["collections"]
    (listed,) = (each for each in found if each["id"] == "wells")
    alone = api.json("collections/wells")
    zones = [epsg(number) for number in (4529, 4530, 4531, 4550, 4551, 4552)]
    for document in (listed, alone):
        assert document["crs"] == [CRS84, epsg(4326), epsg(4490), epsg(3857), *zones]
        assert document["storageCrs"] == epsg(4490)


def test_a_layer_with_heights_offers_the_system_with_heights(api):
    layer = make_layer(slug="shafts", has_z=True)
    make_feature(layer, geom=GEOSGeometry("SRID=4490;POINT Z (127 46.65 -3.5)"))
    assert CRS84H in api.json("collections/shafts")["crs"]
    page = api.json(f"collections/shafts/items?crs={CRS84H}")
    assert page["features"][0]["geometry"]["coordinates"] == [127, 46.65, -3.5]
    zone = api.json(f"collections/shafts/items?crs={epsg(4551)}")
    assert zone["features"][0]["geometry"]["coordinates"][2] == -3.5


@pytest.mark.parametrize("uri", [CRS84, epsg(4326), epsg(4490), epsg(3857), epsg(4550), epsg(4529)])
def test_positions_have_the_axes_of_the_system_asked_for(api, wells, uri):
    number = int(uri.rsplit("/", 1)[1]) if "EPSG" in uri else None
    expected = (LON, LAT) if number is None else projected(number, LON, LAT)
    for path in (asked(crs=uri), f"collections/wells/items/w-1?crs={quote(uri)}"):
        response = api.ask(path)
        assert response["Content-Crs"] == f"<{uri}>"
        document = json.loads(response.content)
        feature = document["features"][0] if "features" in document else document
        precision = 1e-7 if number in (None, 4326, 4490) else 0.001
        assert feature["geometry"]["coordinates"] == pytest.approx(expected, abs=precision)


def test_without_a_system_records_come_in_crs84(api, wells):
    response = api.ask("collections/wells/items")
    assert response["Content-Crs"] == f"<{CRS84}>"


@pytest.mark.parametrize("name", ["crs", "bbox-crs", "filter-crs"])
@pytest.mark.parametrize("value", [epsg(4214), epsg(2154), "EPSG:4326", "4326", "4490' OR 1=1"])
def test_a_system_that_is_not_offered_is_refused(api, wells, name, value):
    response = api.ask(f"collections/wells/items?{name}={quote(value)}")
    assert response.status_code == 400
    assert json.loads(response.content)["parameter"] == name


def test_one_record_refuses_a_system_that_is_not_offered(api, wells):
    assert api.ask("collections/wells/items/w-1?crs=EPSG:4326").status_code == 400


@pytest.mark.parametrize("number", [4326, 4490, 3857, 4550, 4551, 4529])
def test_a_box_may_be_given_in_any_system_offered(api, wells, number):
    make_feature(wells, key="w-2", geom=point(LON + 0.01, LAT))
    x, y = projected(number, LON, LAT)
    reach = 1e-5 if number in (4326, 4490) else 1
    box = f"{x - reach},{y - reach},{x + reach},{y + reach}"
    assert api.keys(asked(bbox=box, bbox_crs=epsg(number))) == ["w-1"]


def test_a_box_of_a_zone_is_exact_where_its_edges_bend(api):
    """300 km east of the middle of the zone its northings bend by kilometres across a degree."""
    layer = make_layer()
    north, west = projected(4550, 125, 46)
    _north, east = projected(4550, 128, 46)
    middle = (west + east) / 2
    unproject = pyproj.Transformer.from_crs(4550, 4490)
    for key, up in (("inside", 2), ("outside", -2)):
        lat, lon = unproject.transform(north + up, middle)
        make_feature(layer, key=key, geom=point(lon, lat))
    box = f"{north},{west},{north + 50000},{east}"
    assert api.keys(asked(bbox=box, bbox_crs=epsg(4550))) == ["inside"]


def test_a_point_of_a_zone_is_a_box_too(api, wells):
    lat, lon = pyproj.Transformer.from_crs(4551, 4490).transform(5_170_000, 576_000)
    make_feature(wells, key="spot", geom=GEOSGeometry(f"SRID=4490;POINT({lon!r} {lat!r})"))
    near = f"{5_170_000 - 0.01},{576_000 - 0.01},{5_170_000 + 0.01},{576_000 + 0.01}"
    assert api.keys(asked(bbox=near, bbox_crs=epsg(4551))) == ["spot"]
    assert (
        api.ask(asked(bbox="5170000,576000,5170000,576000", bbox_crs=epsg(4551))).status_code == 200
    )


@pytest.mark.parametrize(
    ("number", "box"),
    [
        (4326, "46,181,47,182"),
        (4326, "91,126,92,127"),
        (4326, "47,126,46,127"),
        (3857, "1e9,1e9,2e9,2e9"),
        (3857, "14137575,5886200,14137577,5885000"),
        (4550, "1e9,1e9,2e9,2e9"),
        (4550, "5200000,600000,5100000,700000"),
        (4550, "5100000,700000,5200000,600000"),
        (4550, "1,2,3"),
        (4550, "1,2,9,3,4,8"),
    ],
)
def test_a_box_that_the_system_does_not_have_is_refused(api, wells, number, box):
    response = api.ask(asked(bbox=box, bbox_crs=epsg(number)))
    assert response.status_code == 400, response.content
    assert json.loads(response.content)["parameter"] == "bbox"


def test_a_box_with_latitude_first_may_span_the_antimeridian(api, wells):
    make_feature(wells, key="fiji", geom=point(179.9, -17))
    box = {"bbox": "-18,179,-16,-179", "bbox_crs": epsg(4326)}
    assert api.keys(asked(**box)) == ["fiji"]


def test_pages_in_another_system_lead_on_in_it(api, wells):
    for number in range(2, 6):
        make_feature(wells, key=f"w-{number}", geom=point(LON + number / 100, LAT))
    page = api.json(asked(crs=epsg(4550), limit=2))
    keys = [feature["id"] for feature in page["features"]]
    while following := [link["href"] for link in page["links"] if link["rel"] == "next"]:
        page = api.follow(following[0])
        assert page["features"][0]["geometry"]["coordinates"][0] > 5_000_000
        keys += [feature["id"] for feature in page["features"]]
    assert sorted(keys) == [f"w-{number}" for number in range(1, 6)]


def test_records_that_a_zone_cannot_show_are_refused_in_words(api, wells):
    make_feature(wells, key="africa", geom=point(36, 0))
    for path in (asked(crs=epsg(4550)), f"collections/wells/items/africa?crs={epsg(4550)}"):
        response = api.ask(path, accept_language="en")
        assert response.status_code == 400
        assert "lie outside of EPSG:4550" in json.loads(response.content)["detail"]
    assert api.keys(asked(crs=epsg(4550), bbox="126,46,128,47")) == ["w-1"]


def test_rings_turn_as_they_do_on_the_map_in_every_system(api):
    layer = make_layer(geometry_type="Polygon")
    ring = "(126 46, 126 47, 127 47, 127 46, 126 46)"
    make_feature(layer, geom=GEOSGeometry(f"SRID=4490;POLYGON({ring})"))
    for uri, turned in ((CRS84, False), (epsg(3857), False), (epsg(4326), True)):
        (feature,) = api.json(asked(crs=uri))["features"]
        ring = [pair[::-1] if turned else pair for pair in feature["geometry"]["coordinates"][0]]
        twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
        assert twice > 0


def test_the_page_for_people_stays_in_degrees(api, wells):
    html = api.ask(asked(crs=epsg(4550), f="html")).content.decode()
    assert "w-1" in html
