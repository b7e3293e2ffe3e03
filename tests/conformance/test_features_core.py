"""OGC API – Features, Part 1: Core (OGC 17-069r4), annex A.2: class Core."""

import json
from datetime import UTC, datetime

import pytest
from django.contrib.gis.geos import GEOSGeometry, Polygon
from openapi_spec_validator import validate

from tests.conformance.conftest import GEOJSON, OPENAPI, items_of, links

pytestmark = pytest.mark.django_db
CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
CRS84 = (
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "http://www.opengis.net/def/crs/OGC/0/CRS84h",
)


def all_pages(service, href: str, **query) -> list[dict]:
    """The features of every page."""
    page = service.body(href, GEOJSON, **query)
    features = page["features"]
    while following := links(page, "next"):
        page = service.body(following[0]["href"], GEOJSON)
        features += page["features"]
    return features


def shape(feature: dict) -> GEOSGeometry | None:
    geometry = feature["geometry"]
    return geometry and GEOSGeometry(json.dumps(geometry))


def test_http(service):
    """/conf/core/http"""
    response = service.get("http://testserver/api/")
    assert response.status_code == 200
    assert response.headers["Content-Type"]


def test_landing_page(service):
    """/conf/core/root-op, /conf/core/root-success"""
    landing = service.landing
    relations = {each["rel"] for each in landing["links"]}
    assert {"service-desc", "service-doc", "conformance", "data"} <= relations
    assert landing["title"]


def test_api_definition(service):
    """/conf/core/api-definition-op, /conf/core/api-definition-success"""
    (desc,), (doc,) = links(service.landing, "service-desc"), links(service.landing, "service-doc")
    assert service.get(desc["href"], OPENAPI)["Content-Type"] == desc["type"] == OPENAPI
    assert service.get(doc["href"], "text/html").status_code == 200
    validate(service.description)


def test_conformance_declaration(service):
    """/conf/core/conformance-op, /conf/core/conformance-success"""
    (link,) = links(service.landing, "conformance")
    for href in (link["href"], "http://testserver/api/conformance"):
        declared = service.body(href)["conformsTo"]
        assert all(isinstance(each, str) for each in declared)
        assert CORE in declared
        assert len(set(declared)) == len(declared)


def test_query_parameter_that_is_invalid(service):
    """/conf/core/query-param-invalid"""
    for collection in service.collections:
        assert service.get(items_of(collection), limit="unlimited").status_code == 400


def test_query_parameter_that_is_unknown(service):
    """/conf/core/query-param-unknown"""
    for collection in service.collections:
        response = service.get(items_of(collection), unknownQueryParameter="1", limit=10)
        assert response.status_code == 400


def test_collections(service):
    """/conf/core/fc-md-op, /conf/core/fc-md-success, /conf/core/fc-md-links"""
    (link,) = links(service.landing, "data")
    document = service.body(link["href"])
    assert document["collections"]
    (own,) = links(document, "self", "application/json")
    assert service.body(own["href"])["collections"]
    (other,) = links(document, "alternate", "text/html")
    assert service.get(other["href"]).headers["Content-Type"].startswith("text/html")
    assert all({"rel", "type"} <= set(each) for each in document["links"])
    if "crs" in document:
        assert document["crs"][0] in CRS84


def test_each_collection_is_described(service):
    """/conf/core/fc-md-items, /conf/core/fc-md-items-links"""
    found = service.collections
    assert {"wells", "pipes", "lakes", "districts", "parks"} <= {each["id"] for each in found}
    for collection in found:
        assert {each["type"] for each in links(collection, "items")} == {GEOJSON, "text/html"}
        assert all({"rel", "type"} <= set(each) for each in collection["links"])


def test_extent_holds_all_geometries_and_times(service):
    """/conf/core/fc-md-extent"""
    for collection in service.collections:
        extent = collection.get("extent", {})
        features = all_pages(service, items_of(collection), limit=10)
        if "spatial" in extent:
            box = Polygon.from_bbox(extent["spatial"]["bbox"][0])
            assert all(box.covers(each) for each in map(shape, features) if each)
        for begin, end in extent.get("temporal", {}).get("interval", ()):
            assert begin is None or datetime.fromisoformat(begin).tzinfo
            assert end is None or begin is None or begin <= end


def test_a_collection_by_itself_says_what_the_list_says(service):
    """/conf/core/sfc-md-op, /conf/core/sfc-md-success"""
    for entry in service.collections:
        alone = service.json(f"collections/{entry['id']}")
        for name in ("id", "title", "description", "extent", "itemType"):
            assert alone.get(name) == entry.get(name)
        told = {(each["rel"], each["href"]) for each in alone["links"]}
        assert {(each["rel"], each["href"]) for each in entry["links"]} <= told


def checked(service, href: str, **query) -> dict:
    """A page that is what the standard says."""
    before = datetime.now(UTC)
    page = service.body(href, GEOJSON, **query)
    assert page["type"] == "FeatureCollection"
    assert all(each["type"] == "Feature" for each in page["features"])
    assert page["numberReturned"] == len(page["features"])
    stamp = datetime.fromisoformat(page["timeStamp"])
    assert stamp.timestamp() == pytest.approx(before.timestamp(), abs=30)
    (own,) = links(page, "self", GEOJSON)
    assert service.body(own["href"])["numberReturned"] == page["numberReturned"]
    assert links(page, "alternate", "text/html")
    assert all({"rel", "type"} <= set(each) for each in page["links"])
    if "numberMatched" in page:
        assert page["numberMatched"] == len(all_pages(service, href, **query))
    return page


def test_features(service):
    """/conf/core/fc-op, /conf/core/fc-response, /conf/core/fc-links, /conf/core/fc-timeStamp,
    /conf/core/fc-numberMatched, /conf/core/fc-numberReturned"""
    for collection in service.collections:
        checked(service, items_of(collection), limit=10)


def test_geometries_are_in_crs84(service):
    """/conf/core/crs84"""
    for collection in service.collections:
        for feature in service.body(items_of(collection))["features"]:
            if found := shape(feature):
                west, south, east, north = found.extent
                assert -180 <= west <= east <= 180
                assert -90 <= south <= north <= 90


def test_bbox_is_defined(service):
    """/conf/core/fc-bbox-definition"""
    for collection in service.collections:
        bbox = service.parameter(f"/collections/{collection['id']}/items", "bbox")
        assert (bbox["in"], bbox["required"]) == ("query", False)
        assert (bbox["style"], bbox["explode"]) == ("form", False)
        schema = bbox["schema"]
        assert (schema["type"], schema["items"]) == ("array", {"type": "number"})
        assert (schema["minItems"], schema["maxItems"]) == (4, 6)
        assert schema["oneOf"] == [
            {"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}
        ]  # fmt: skip


@pytest.mark.parametrize(
    "box",
    ["126.1,46,126.3,46.2", "-1.5,50,1.5,53", "-80,-5,-70,5", "177,65,-177,70",
     "-180,-90,180,90", "-180,85,180,90"],
)  # fmt: skip
def test_bbox_finds_what_meets_it_and_what_has_no_geometry(service, box):
    """/conf/core/fc-bbox-response"""
    west, south, east, north = map(float, box.split(","))
    halves = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    boxes = [Polygon.from_bbox((left, south, right, north)) for left, right in halves]
    for collection in service.collections:
        href = items_of(collection)
        every = all_pages(service, href, limit=100)
        page = checked(service, href, bbox=box, limit=100)
        expected = {
            each["id"]
            for each in every
            if (found := shape(each)) is None or any(found.intersects(half) for half in boxes)
        }
        assert {each["id"] for each in page["features"]} == expected


def test_limit_is_defined(service):
    """/conf/core/fc-limit-definition"""
    limit = service.parameter("/collections/wells/items", "limit")
    assert (limit["in"], limit["required"]) == ("query", False)
    assert (limit["style"], limit["explode"]) == ("form", False)
    assert limit["schema"]["type"] == "integer"
    assert {"minimum", "maximum", "default"} <= set(limit["schema"])


def test_limit_is_kept(service):
    """/conf/core/fc-limit-response"""
    most = service.parameter("/collections/wells/items", "limit")["schema"]["maximum"]
    for collection in service.collections:
        for limit in (1, 7, most, most + 1):
            page = checked(service, items_of(collection), limit=limit)
            assert len(page["features"]) <= min(limit, most)


def test_datetime_is_defined(service):
    """/conf/core/fc-time-definition"""
    for collection in service.collections:
        moment = service.parameter(f"/collections/{collection['id']}/items", "datetime")
        assert (moment["in"], moment["required"]) == ("query", False)
        assert (moment["style"], moment["explode"]) == ("form", False)
        assert moment["schema"]["type"] == "string"


@pytest.mark.parametrize(
    ("asked", "years"),
    [
        ("2020-06-01T00:00:00Z", {2020}),
        ("../2020-12-31T10:00:00Z", {2020}),
        ("2020-01-01T00:00:00Z/2021-06-01T00:00:00Z", {2020, 2021}),
        ("2019-01-01T00:00:00Z/..", {2020, 2021, 2022}),
        ("2018-01-01/2018-12-31", set()),
    ],
)
def test_datetime_finds_what_meets_it_and_what_has_no_time(service, asked, years):
    """/conf/core/fc-time-response"""
    page = checked(service, "http://testserver/api/collections/wells/items", datetime=asked)
    found = {each["id"] for each in page["features"]}
    # A record runs from its day on; those of a year and earlier meet a later time.
    expected = {f"w-{n}" for n in range(25) if 2020 + n % 3 in years}
    expected |= {"nowhere"} if 2020 in years else set()
    assert found == expected | {"always"}


def test_each_feature_by_itself(service):
    """/conf/core/f-op, /conf/core/f-success, /conf/core/f-links"""
    for collection in service.collections:
        for feature in service.body(items_of(collection), limit=5)["features"]:
            alone = service.json(f"collections/{collection['id']}/items/{feature['id']}")
            assert alone["properties"] == feature["properties"]
            assert alone["geometry"] == feature["geometry"]
            (own,) = links(alone, "self", GEOJSON)
            assert service.body(own["href"])["id"] == feature["id"]
            assert links(alone, "alternate", "text/html")
            (parent,) = links(alone, "collection")
            assert service.body(parent["href"])["id"] == collection["id"]
            assert all({"rel", "type"} <= set(each) for each in alone["links"])
