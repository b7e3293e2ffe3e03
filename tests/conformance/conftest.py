"""A service with layers of every kind, walked through as a conformance test would.

Each test names in its docstring the abstract tests of the standards that it asserts;
docs/conformance.md is made from them.
"""

import json
from datetime import date

import pytest
from django.contrib.gis.geos import GEOSGeometry

from tests.factories import (
    make_district,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
    point,
)
from tests.layers.serving.conftest import Reader

GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


class Service(Reader):
    """The service as a client finds it: by its links."""

    def get(self, href: str, accept: str | None = None, **query):
        """The response to an absolute address."""
        headers = {"accept": accept} if accept else {}
        return self.client.get(href.removeprefix("http://testserver"), query, headers=headers)

    def body(self, href: str, accept: str | None = None, **query) -> dict:
        """The JSON of a good answer."""
        response = self.get(href, accept, **query)
        assert response.status_code == 200, response.content
        return json.loads(response.content)

    @property
    def landing(self) -> dict:
        return self.json("")

    @property
    def collections(self) -> list[dict]:
        return self.json("collections")["collections"]

    @property
    def description(self) -> dict:
        (link,) = links(self.landing, "service-desc")
        return self.body(link["href"])

    def operation(self, path: str) -> dict:
        return self.description["paths"][path]["get"]

    def parameter(self, path: str, name: str) -> dict:
        """A parameter of an operation by its name, references followed."""
        description = self.description
        for each in description["paths"][path]["get"]["parameters"]:
            kept = each.get("$ref", "").removeprefix("#/components/parameters/")
            found = description["components"]["parameters"][kept] if kept else each
            if found["name"] == name:
                return found
        raise AssertionError(f"{path} has no parameter {name}")


def links(document: dict, rel: str, media_type: str | None = None) -> list[dict]:
    """The links of a relation."""
    return [
        each
        for each in document["links"]
        if each["rel"] == rel and media_type in (None, each.get("type"))
    ]


def items_of(collection: dict) -> str:
    """The address of a collection's features."""
    (link,) = links(collection, "items", GEOJSON)
    return link["href"]


@pytest.fixture
def service() -> Service:
    """Points with times, lines with depths, areas, records without geometry, typed layers."""
    wells = make_layer(
        fields=[{"name": "depth", "label_zh": "d", "label_en": "d", "type": "number"}]
    )
    for number in range(25):
        place = point(126 + number / 50, 46 + number / 100)
        day = date(2020 + number % 3, 1, 1)
        properties = {"depth": number, "name_zh": f"{number}号井"}
        make_feature(wells, key=f"w-{number}", geom=place, as_of=day, properties=properties)
    make_feature(wells, key="nowhere", geom=None, as_of=date(2020, 1, 1))
    make_feature(wells, key="always")
    pipes = make_layer(slug="pipes", geometry_type="LineString", has_z=True)
    for number in range(3):
        line = f"LINESTRING Z (126 {46 + number} -1.5, 127 {46.5 + number} -2)"
        make_feature(pipes, key=f"p-{number}", geom=GEOSGeometry(f"SRID=4490;{line}"))
    lakes = make_layer(slug="lakes", geometry_type="Polygon")
    ring = "POLYGON((126 46,126.5 46,126.5 46.5,126 46.5,126 46))"
    make_feature(lakes, key="l/1", geom=GEOSGeometry(f"SRID=4490;{ring}"))
    make_district()
    make_park()
    make_site()
    make_project()
    return Service()
