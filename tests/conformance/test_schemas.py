"""OGC API – Features, Part 5: Schemas (OGC 23-058r2), annex A.

Claimed are schemas, their roles and that records are as their schema says. A test that asks for
what no schema here has (units in UCUM, null values, references) holds for all of none.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from tests.conformance.conftest import GEOJSON, items_of, links

pytestmark = pytest.mark.django_db
SCHEMA = "application/schema+json"
RELATION = "http://www.opengis.net/def/rel/ogc/1.0/schema"
CLASSES = "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf"
#: Of the vocabularies of JSON Schema 2020-12, those that a schema here may use.
KEYWORDS = {
    *("$schema", "$id", "type", "title", "description", "properties", "required"),
    *("additionalProperties", "format", "enum", "const", "oneOf", "items", "minimum", "maximum"),
}
UNITS = ("x-ogc-unit", "x-ogc-unitLang")


@pytest.fixture
def schemas(service) -> list[dict]:
    """The schema of each collection, by its link."""
    found = []
    for collection in service.collections:
        (link,) = links(collection, RELATION)
        found.append(service.body(link["href"], SCHEMA))
    return found


def with_keyword(schema: dict, keyword: str) -> list[dict]:
    return [each for each in schema["properties"].values() if keyword in each]


def with_role(schema: dict, role: str) -> list[dict]:
    return [each for each in with_keyword(schema, "x-ogc-role") if each["x-ogc-role"] == role]


def is_spatial(described: dict) -> bool:
    return described.get("format", "").startswith("geometry-")


def keywords(schema: dict) -> Iterator[str]:
    """The keywords of a schema and of those within it."""
    for keyword, value in schema.items():
        yield keyword
        inner = value.values() if keyword == "properties" else (value,)
        for each in inner if keyword in ("properties", "items") else ():
            yield from keywords(each)


def test_a_schema_is_found_by_its_id_and_is_a_schema(service, schemas):
    """/conf/schemas/basic-schema-inspection"""
    for schema in schemas:
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        address = urlsplit(schema["$id"])
        assert address.scheme in ("http", "https")
        assert not address.query
        response = service.get(schema["$id"], SCHEMA)
        assert (response.status_code, response["Content-Type"]) == (200, SCHEMA)
        assert schema["type"] == "object"
        Draft202012Validator.check_schema(schema)
        for described in schema["properties"].values():
            assert "type" in described or is_spatial(described)
        for keyword in keywords(schema):
            assert keyword in KEYWORDS or keyword.startswith("x-")


def test_times_are_texts_of_a_format(schemas):
    """/conf/schemas/basic-schema-inspection"""
    for schema in schemas:
        for described in schema["properties"].values():
            if described.get("format") in ("date", "date-time"):
                assert described["type"] == "string"


def test_roles_are_texts_and_one_property_is_the_id(schemas):
    """/conf/schemas/role, /conf/schemas/role-id"""
    for schema in schemas:
        assert all(isinstance(e["x-ogc-role"], str) for e in with_keyword(schema, "x-ogc-role"))
        (identity,) = with_role(schema, "id")
        assert identity["type"] in ("string", "integer")


def test_units_belong_to_numbers(schemas):
    """/conf/schemas/unit"""
    found = [each for schema in schemas for word in UNITS for each in with_keyword(schema, word)]
    assert found
    for described in found:
        assert described["type"] in ("number", "integer")
        assert all(isinstance(described[word], str) for word in UNITS)
        assert described["x-ogc-unitLang"] not in ("UCUM", "QUDT")


def test_other_keywords_are_of_their_kind(schemas):
    """/conf/schemas/property-seq, /conf/schemas/definition, /conf/schemas/nullvalues"""
    for schema in schemas:
        assert all(isinstance(e, int) for e in with_keyword(schema, "x-ogc-propertySeq"))
        assert all(re.match("https?://", e) for e in with_keyword(schema, "x-ogc-definition"))
        assert all(isinstance(e, list) for e in with_keyword(schema, "x-ogc-nullValues"))


def test_one_property_is_the_geometry(schemas):
    """/conf/advanced-property-roles/role-primary-geometry"""
    for schema in schemas:
        (geometry,) = with_role(schema, "primary-geometry")
        assert is_spatial(geometry)
        assert "type" not in geometry
        assert "$ref" not in geometry


def test_no_more_than_one_property_is_the_time_or_the_type(schemas):
    """/conf/advanced-property-roles/role-primary-temporal
    /conf/advanced-property-roles/role-type
    """
    for schema in schemas:
        instants = with_role(schema, "primary-instant")
        assert len(instants) <= 1
        assert all(each["format"] in ("date", "date-time") for each in instants)
        assert len(with_role(schema, "type")) <= 1


def test_the_classes_are_declared(service):
    """/conf/returnables-and-receivables/get-conformance"""
    declared = service.json("conformance")["conformsTo"]
    names = ("schemas", "advanced-property-roles", "returnables-and-receivables")
    assert {f"{CLASSES}/{name}" for name in names} <= set(declared)


def test_every_collection_leads_to_its_schema(service):
    """/conf/returnables-and-receivables/link"""
    for listed in service.collections:
        collection = service.json(f"collections/{listed['id']}")
        (link,) = links(collection, RELATION)
        assert link["href"].endswith(f"/api/collections/{listed['id']}/schema")


def test_every_schema_is_given(service):
    """/conf/returnables-and-receivables/op-and-response"""
    for collection in service.collections:
        response = service.ask(f"collections/{collection['id']}/schema", accept=SCHEMA)
        assert (response.status_code, response["Content-Type"]) == (200, SCHEMA)


def test_records_are_as_their_schema_says(service, schemas):
    """/conf/returnables-and-receivables/response-1"""
    for collection, schema in zip(service.collections, schemas, strict=True):
        (identity,) = with_role(schema, "id")
        checked = {**schema, "required": []}
        for feature in service.body(items_of(collection), GEOJSON)["features"]:
            Draft202012Validator(identity).validate(feature["id"])
            assert set(feature["properties"]) <= set(schema["properties"])
            # What is not known is null in GeoJSON, and not given to the eyes of a schema.
            given = {name: v for name, v in feature["properties"].items() if v is not None}
            Draft202012Validator(checked).validate(given)


def test_records_are_not_written_through_this_interface(service):
    """/conf/returnables-and-receivables/response-2"""
    for path in ("collections/wells/items", "collections/wells/items/w-1"):
        for method in (service.client.post, service.client.put):
            assert method(f"/api/{path}", b"{}", content_type=GEOJSON).status_code == 405
