"""OGC API – Features, Part 1: Core (OGC 17-069r4), annex A.3 to A.6: HTML, GeoJSON, OpenAPI 3.0."""

import json
import re

import pytest
from django.test import Client
from openapi_spec_validator import validate

from tests.conformance.conftest import GEOJSON, OPENAPI, items_of, links

pytestmark = pytest.mark.django_db
OTHER = ("", "conformance", "collections", "collections/wells")
FEATURES = ("collections/wells/items", "collections/wells/items/w-1")


def test_html_is_given_to_who_asks_for_it(service):
    """/conf/html/definition, /conf/html/content"""
    for path in (*OTHER, *FEATURES):
        response = service.ask(path, accept="text/html")
        assert response.status_code == 200
        assert response["Content-Type"] == "text/html; charset=utf-8"
        text = response.content.decode()
        assert text.lstrip().lower().startswith("<!doctype html>")
        assert re.search("<title>.+</title>", text, re.DOTALL)


def test_json_and_geojson_are_given_to_who_asks_for_them(service):
    """/conf/geojson/definition"""
    for path in FEATURES:
        assert service.ask(path, accept=GEOJSON)["Content-Type"] == GEOJSON
    for path in OTHER:
        assert service.ask(path, accept="application/json")["Content-Type"] == "application/json"


def test_features_are_geojson(service):
    """/conf/geojson/content"""
    for collection in service.collections:
        page = service.body(items_of(collection))
        for feature in page["features"]:
            assert feature["type"] == "Feature"
            assert isinstance(feature["properties"], dict)
            assert feature["geometry"] is None or feature["geometry"]["coordinates"]
        feature = page["features"][0]
        path = f"collections/{collection['id']}/items/{feature['id']}"
        assert service.json(path)["id"] == feature["id"]


def test_the_definition_comes_as_json_and_html(service):
    """/conf/oas30/oas-definition-1, /conf/oas30/oas-definition-2"""
    (desc,) = links(service.landing, "service-desc", OPENAPI)
    (doc,) = links(service.landing, "service-doc", "text/html")
    assert service.get(desc["href"])["Content-Type"] == OPENAPI
    assert service.get(doc["href"])["Content-Type"].startswith("text/html")
    assert service.description["openapi"].startswith("3.0.")
    validate(service.description)


def test_every_status_is_described(service):
    """/conf/oas30/completeness, /conf/oas30/exceptions-codes"""
    described = service.operation("/collections/wells/items")["responses"]
    asked = {
        "200": service.ask("collections/wells/items"),
        "400": service.ask("collections/wells/items?limit=0"),
        "406": service.ask("collections/wells/items", accept="image/png"),
    }
    tag = asked["200"]["ETag"]
    asked["304"] = service.ask("collections/wells/items", if_none_match=tag)
    for status, response in asked.items():
        assert response.status_code == int(status)
        assert status in described
    one = service.operation("/collections/wells/items/{featureId}")["responses"]
    assert service.ask("collections/wells/items/none").status_code == 404
    assert "404" in one


def test_every_path_works(service):
    """/conf/oas30/oas-impl"""
    description = service.description
    (server,) = description["servers"]
    places = {"featureId": "w-1", "recordId": "wells", "tileMatrixSetId": "WebMercatorQuad"}
    # The tile of level 6 that holds the wells, and everything else.
    places |= {"tileMatrix": "6", "tileRow": "22", "tileCol": "54"}
    skipped = 0
    for path in description["paths"]:
        if "{jobId}" in path:
            # Asked for where jobs are run (tests/layers/serving/exports).
            continue
        if ("{featureId}" in path or "{tileRow}" in path) and "/wells/" not in path:
            skipped += 1
            continue
        query = {"q": "well"} if path == "/search" else {}
        response = service.get(server["url"] + path.format(**places), **query)
        assert response.status_code == 200, path
    assert skipped < len(description["paths"]) / 3


def test_no_authentication_is_needed_and_none_is_described(service):
    """/conf/oas30/security"""
    description = service.description
    assert "securitySchemes" not in description["components"]
    assert all("security" not in item["get"] for item in description["paths"].values())
    assert json.loads(Client().get("/api/collections").content)["collections"]
