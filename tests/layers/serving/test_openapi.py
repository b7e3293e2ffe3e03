"""The description tells the truth: what it names works, and what works it names."""

import json
import re

import pytest

from layers.postgis.curve import END, NOWHERE
from layers.postgis.encoding import Place
from layers.serving.exports.jobs import make_export
from layers.serving.parameters import CURSOR_PATTERN, cursor_text, parsed_cursor
from tests.factories import (
    make_district,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
)

pytestmark = pytest.mark.django_db
VALUES = {"integer": "1", "number": "1.5", "boolean": "true"}
FORMATS = {
    "date": "2026-06-30",
    "date-time": "2026-06-30T00:00:00Z",
    "uri-reference": "https://a.example/",
}


@pytest.fixture
def description(api) -> dict:
    kinds = {"depth": "number", "year": "integer", "used": "boolean", "checked": "datetime"}
    fields = [{"name": n, "label_zh": n, "label_en": n, "type": t} for n, t in kinds.items()]
    make_feature(make_layer(fields=fields))
    make_district()
    make_park()
    make_site()
    make_project()
    response = api.ask("openapi.json?lang=en")
    assert response["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    return json.loads(response.content)


def resolved(description: dict, node: dict) -> dict:
    if "$ref" not in node:
        return node
    for step in node["$ref"].removeprefix("#/").split("/"):
        description = description[step]
    return description


def operations(description: dict):
    for path, item in description["paths"].items():
        parameters = [resolved(description, each) for each in item["get"]["parameters"]]
        yield path, item["get"], parameters


def test_every_reference_leads_somewhere(description):
    references = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(description)))
    assert len(references) > 20
    for reference in references:
        assert resolved(description, {"$ref": reference}), reference


def test_operations_have_names_of_their_own_and_every_answer(description):
    found = list(operations(description))
    names = [operation["operationId"] for _path, operation, _parameters in found]
    assert len(set(names)) == len(names)
    for path, operation, parameters in found:
        assert "200" in operation["responses"]
        assert "400" in operation["responses"]
        in_path = {each["name"] for each in parameters if each["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path))


def test_every_layer_has_its_paths(api, description):
    for entry in api.json("collections")["collections"]:
        for rest in (
            "", "/items", "/items/{featureId}", "/export", "/queryables", "/sortables", "/schema"
        ):  # fmt: skip
            assert f"/collections/{entry['id']}{rest}" in description["paths"]


def sample(schema: dict) -> str:
    if "enum" in schema:
        return schema["enum"][0]
    if "default" in schema:
        return json.dumps(schema["default"]).strip('"')
    if schema["type"] == "array":
        return sample(schema["items"])
    return FORMATS.get(schema.get("format")) or VALUES.get(schema["type"], "x")


def test_every_parameter_that_is_named_works(api, description):
    special = {"bbox": "126,46,127,47", "datetime": "2026-06-30", "after": "2a-1", "before": "2a-1"}
    special |= {"filter": "true", "collections": "wells,districts,parks,sites,projects"}
    asked = 0
    for path, operation, parameters in operations(description):
        if operation["operationId"] == "search":
            continue
        address = addressed(api, path)
        for each in parameters:
            if each["in"] == "query":
                value = special.get(each["name"]) or sample(each["schema"])
                response = api.client.get(f"/api/{address}", {each["name"]: value})
                assert response.status_code == 200, (path, each["name"], value, response.content)
                asked += 1
    assert asked > 100


def addressed(api, path: str) -> str:
    places = {"featureId": known_key(path), "tileMatrixSetId": "WebMercatorQuad"}
    places |= {"recordId": "parks"}
    if "{jobId}" in path:
        job = api.ask("collections/wells/export", prefer="respond-async").json()["jobID"]
        make_export.call(job)
        places |= {"jobId": job}
    if "{tileMatrix}" in path:
        base = path.removeprefix("/").split("/{tileMatrix}")[0].format(**places)
        limits = api.json(base)["tileMatrixSetLimits"][-1]
        places |= {"tileMatrix": limits["tileMatrix"]}
        places |= {"tileRow": limits["minTileRow"], "tileCol": limits["minTileCol"]}
    return path.removeprefix("/").format(**places)


def known_key(path: str) -> str:
    keys = {"wells": "w-1", "parks": "beilin-park", "sites": "site-1", "projects": "project-1"}
    return keys.get(path.split("/")[2] if path.count("/") > 1 else "", "231202")


def test_every_parameter_that_works_is_named(api, description):
    for path, _operation, parameters in operations(description):
        if path.endswith(("/items", "/export")):
            detail = api.ask(f"{path.removeprefix('/')}?none=1&lang=en").json()["detail"]
            known = detail.split(": ")[1].rstrip(".").split(", ")
            asked = {each["name"] for each in parameters if each["in"] == "query"}
            assert set(known) == asked


def test_the_parameters_of_the_standard_are_as_the_official_suite_wants_them(description):
    parameters = description["components"]["parameters"]
    for name in ("bbox", "datetime", "limit"):
        assert parameters[name]["in"] == "query"
        assert parameters[name]["required"] is False
        assert parameters[name]["style"] == "form"
        assert parameters[name]["explode"] is False
    bbox, limit = parameters["bbox"]["schema"], parameters["limit"]["schema"]
    assert (bbox["type"], bbox["minItems"], bbox["maxItems"]) == ("array", 4, 6)
    assert bbox["items"] == {"type": "number"}
    assert limit == {"type": "integer", "minimum": 1, "maximum": 10000, "default": 100}
    assert parameters["datetime"]["schema"]["type"] == "string"


def test_what_is_not_public_is_not_described(api):
    hidden = {"name": "secret", "label_zh": "内部", "label_en": "Internal", "type": "text"}
    make_layer(fields=[{**hidden, "public": False}])
    assert "secret" not in api.ask("openapi.json").content.decode()


def test_the_pattern_of_a_cursor_is_what_cursors_are_and_nothing_else():
    for number in (NOWHERE, 0, 42, END):
        for pk in (1, 98765, 2**63 - 1):
            text = cursor_text(Place(number, pk))
            assert re.fullmatch(CURSOR_PATTERN, text), text
            assert parsed_cursor("after", text) == Place(number, pk)
    for wrong in ("", "-", "2a", "2a-", "-1", "2A-1", "2a-1!", "2a-1-1", "g-1", f"{0:017x}-1"):
        assert not re.fullmatch(CURSOR_PATTERN, wrong), wrong
