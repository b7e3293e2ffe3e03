"""Abstract tests of OGC API – Features Part 3 and of CQL2, each named by its id.

Those on the standard's own data (`/conf/{class}/test-data`) are in test_tables.py, those of the
encodings (`/conf/cql2-text/validate`, `/conf/cql2-json/validate`) in test_languages.py.
"""

import json
from itertools import product

import pytest

from layers.filtering.building import ARRAYS, SPATIAL, TEMPORAL
from layers.filtering.functions import FUNCTIONS
from layers.models import Code, CodeList
from tests.factories import (
    make_district,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
    point,
)
from tests.layers.filtering.conftest import asked, box_in, counted, keys, reader, refused

pytestmark = pytest.mark.django_db
FEATURES_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
CLASSES = [
    *(
        f"{FEATURES_3}/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{CQL2}/{name}"
        for name in (
            "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators",
            "case-insensitive-comparison", "accent-insensitive-comparison",
            "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions",
            "temporal-functions", "array-functions", "property-property", "functions", "arithmetic",
        )
    ),
]  # fmt: skip


@pytest.fixture(autouse=True)
def collections() -> list[str]:
    """Stored and typed layers with records, by their ids."""
    materials = CodeList.objects.create(slug="material", title_zh="材质", title_en="Material")
    Code.objects.create(code_list=materials, value="pe", label_zh="pe", label_en="pe")
    kinds = {"depth": "number", "year": "year", "used": "boolean", "built": "date"}
    kinds |= {"checked": "datetime", "started": "datetime"}
    kinds |= {"material": "code", "materials": "codes"}
    fields = [
        {"name": name, "label_zh": name, "label_en": name, "type": kind}
        | ({"code_list": materials} if kind.startswith("code") else {})
        for name, kind in kinds.items()
    ]
    layer = make_layer(fields=fields)
    known = {"name_zh": "foo", "depth": 3.14, "year": 1, "used": True, "built": "2022-04-14"}
    known |= {"checked": "2022-04-14T14:48:46Z", "started": "2021-07-01T00:00:00Z"}
    make_feature(layer, properties={**known, "material": "pe", "materials": ["pe"]})
    make_feature(layer, key="w-2", geom=point(127.5, 46.9))
    make_district()
    make_park()
    make_site()
    make_project()
    return [each["id"] for each in get("collections").json()["collections"]]


def get(path: str, **headers):
    response = reader().get(f"/api/{path}", headers=headers)
    assert response.status_code == 200, response.content
    return response


def queryables(collection: str) -> dict:
    return get(f"collections/{collection}/queryables").json()["properties"]


def kind_of(schema: dict) -> str:
    """String, Number, Date and so on, as the tests call types."""
    if "type" not in schema:
        return "geometry"
    return schema.get("format") if schema.get("format") in ("date", "date-time") else schema["type"]


def every_queryable(collections: list[str]):
    for collection in collections:
        for name, schema in queryables(collection).items():
            yield collection, f'"{name}"', kind_of(schema)


def one_of_each_kind(collections: list[str]):
    """All queryables of the stored layer, of the others one of each type."""
    seen = set()
    for collection, name, kind in every_queryable(collections):
        if collection == "wells" or (collection, kind) not in seen:
            seen.add((collection, kind))
            yield collection, name, kind


def box_of(collection: str) -> list[float]:
    return get(f"collections/{collection}").json()["extent"]["spatial"]["bbox"][0]


def all_keys(collection: str) -> list[str]:
    return keys(collection, "TRUE")


# --- Part 3: queryables ---------------------------------------------------------------------


@pytest.mark.parametrize("uri", CLASSES)
def test_conformance_is_declared(uri):
    """/conf/queryables/get-conformance, /conf/queryables-query-parameters/get-conformance,
    /conf/filter/get-conformance, /conf/features-filter/get-conformance; and those of CQL2
    """
    response = get("conformance", Accept="application/json")
    assert response["Content-Type"] == "application/json"
    assert uri in response.json()["conformsTo"]


def test_records_lead_to_their_queryables(collections):
    """/conf/queryables/get-queryables-uris"""
    for each in collections:
        response = reader().head(f"/api/collections/{each}/items")
        assert response.status_code == 200
        address = f"<http://testserver/api/collections/{each}/queryables>"
        assert f'{address}; rel="{QUERYABLES}"' in response["Link"]


def test_queryables_have_types(collections):
    """/conf/queryables/get-queryables, /conf/basic-cql2/basic-test"""
    for each in collections:
        response = get(f"collections/{each}/queryables", Accept="application/schema+json")
        assert response["Content-Type"] == "application/schema+json"
        schema = response.json()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"http://testserver/api/collections/{each}/queryables"
        assert schema["type"] == "object"
        for member in schema["properties"].values():
            assert "type" in member or member["format"].startswith("geometry-")
        shape = schema["properties"]["geometry"]
        assert "type" not in shape
        assert any("type" in member for member in schema["properties"].values())


def test_codes_are_told_among_the_queryables():
    found = queryables("wells")
    assert found["material"]["enum"] == ["pe"]
    assert found["materials"]["items"]["enum"] == ["pe"]


def test_values_of_queryables_are_parameters():
    """/conf/queryables-query-parameters/query-param"""
    values = {"depth": "3.14", "year": "1", "used": "true", "name_zh": "foo", "material": "pe"}
    for name, value in values.items():
        response = reader().get(f"/api/collections/wells/items?{name}={value}")
        assert [each["id"] for each in response.json()["features"]] == ["w-1"], name
    for name in ("depth", "year", "used", "material"):
        response = reader().get(f"/api/collections/wells/items?{name}=no-such-value")
        assert response.status_code == 400


# --- Part 3: filter and features-filter (/conf/features-filter/filter-on-items) --------------


@pytest.mark.parametrize("language", [{"filter-lang": "cql2-text"}, {}])
def test_filters_are_taken(collections, language):
    """/conf/filter/filter-param, /conf/filter/filter-lang-default"""
    for collection, name, _kind in every_queryable(collections):
        matching = asked(collection, f"{name} IS NULL", limit=1000, **language)
        assert matching.status_code == 200
        assert matching["Content-Type"] == "application/geo+json"
        for feature in matching.json()["features"]:
            value = {**feature["properties"], "geometry": feature["geometry"]}[name.strip('"')]
            assert value is None
        assert asked(collection, "THIS IS NOT A FILTER", **language).status_code == 400


def test_unknown_queryables_are_refused(collections):
    """/conf/filter/expression-construction, /req/queryables/get-queryables-response G"""
    for each in collections:
        assert get(f"collections/{each}/queryables").json()["additionalProperties"] is False
        refused(each, "this_is_not_a_queryable IS NULL")


def test_shapes_are_in_degrees_of_crs84(collections):
    """/conf/filter/filter-crs-wgs84"""
    for each in collections:
        west, south, east, north = box_of(each)
        text = f"S_INTERSECTS(geometry,BBOX({west},{south},{east},{north}))"
        assert keys(each, text) == all_keys(each)
        refused(each, "S_INTERSECTS(geometry,BBOX(1000000,1000000,2000000,2000000))")


def test_shapes_may_be_in_every_system_of_the_layer(collections):
    """/conf/filter/filter-crs-param"""
    for each in collections:
        box = box_of(each)
        for uri in get(f"collections/{each}").json()["crs"]:
            text = f"S_INTERSECTS(geometry,BBOX({box_in(uri, *box)}))"
            assert keys(each, text, **{"filter-crs": uri}) == all_keys(each)
        unknown = "http://www.opengis.net/def/crs/OGC/0/does_not_exist"
        assert refused(each, "TRUE", **{"filter-crs": unknown})["parameter"] == "filter-crs"


def test_functions_are_listed():
    """/conf/filter/get-functions, /req/functions/get-functions-response-json"""
    response = get("functions", Accept="application/json")
    assert response["Content-Type"] == "application/json"
    types = {"string", "number", "integer", "datetime", "geometry", "boolean"}
    listed = response.json()["functions"]
    assert {each["name"] for each in listed} == set(FUNCTIONS)
    for each in listed:
        assert set(each["returns"]) <= types
        assert all(set(argument["type"]) <= types for argument in each["args"])
    assert b"distance" in get("functions", Accept="text/html").content


def test_every_collection_leads_to_its_queryables(collections):
    """/conf/features-filter/get-collections, /conf/features-filter/get-collection"""
    for each in collections:
        links = get(f"collections/{each}").json()["links"]
        found = [link["href"] for link in links if link["rel"] == QUERYABLES]
        assert found == [f"http://testserver/api/collections/{each}/queryables"]


def test_a_box_and_a_filter_both_hold(collections):
    """/conf/features-filter/mixing-expression"""
    for each in collections:
        west, south, east, north = box_of(each)
        text = f"S_INTERSECTS(geometry,BBOX({west},{south},{east},{north}))"
        assert keys(each, text, bbox=f"{west},{south},{east},{north}") == all_keys(each)
        assert keys(each, text, bbox=f"{-west - 1},{-north},{-west},{-south}") == []


def test_links_of_pages_keep_the_filter():
    response = asked("wells", "TRUE", limit=1, **{"filter-lang": "cql2-text"})
    following = next(each["href"] for each in response.json()["links"] if each["rel"] == "next")
    assert "filter=TRUE" in following
    assert reader().get(following).json()["features"][0]["id"] == "w-2"


# --- CQL2 -----------------------------------------------------------------------------------

VALUES = {
    "string": "'foo'",
    "boolean": "true",
    "number": "3.14",
    "integer": "1",
    "date-time": "TIMESTAMP('2022-04-14T14:48:46Z')",
    "date": "DATE('2022-04-14')",
}


def test_comparisons_exclude_each_other(collections):
    """/conf/basic-cql2/comparison, /conf/property-property/comparison-value-property,
    /conf/property-property/comparison-property-property
    """
    for collection, name, kind in one_of_each_kind(collections):
        if kind not in VALUES:
            continue
        for left, right in ((name, VALUES[kind]), (VALUES[kind], name), (name, name)):
            found = {s: set(keys(collection, f"{left} {s} {right}")) for s in
                     ("=", "<>", ">", "<=", "<", ">=")}  # fmt: skip
            for one, other in (("=", "<>"), (">", "<="), ("<", ">=")):
                assert not found[one] & found[other], (collection, name)
            if collection == "wells" and name != '"name_en"':
                assert "w-1" in found["="] | found["<>"], (collection, name)


def test_values_compare_with_values(collections):
    """/conf/property-property/comparison-value-value"""
    for value in VALUES.values():
        for sign in ("<>", "<", ">"):
            assert keys("wells", f"{value} {sign} {value}") == []
        for sign in ("=", ">=", "<="):
            assert keys("wells", f"{value} {sign} {value}") == all_keys("wells")


def test_null_and_not_null_exclude_each_other(collections):
    """/conf/basic-cql2/is-null"""
    for collection, name, _kind in every_queryable(collections):
        null, known = keys(collection, f"{name} IS NULL"), keys(collection, f"{name} is not null")
        assert sorted([*null, *known]) == sorted(all_keys(collection))


def test_truth_alone_is_a_filter(collections):
    """/conf/basic-cql2/boolean"""
    for each in collections:
        assert counted(each, "true") > 0
        assert counted(each, "false") == 0


def test_like_between_and_in(collections):
    """/conf/advanced-comparison-operators/like, /conf/advanced-comparison-operators/between,
    /conf/advanced-comparison-operators/in, /conf/case-insensitive-comparison/casei,
    /conf/case-insensitive-comparison/casei-like, /conf/accent-insensitive-comparison/accenti,
    /conf/accent-insensitive-comparison/accenti-like,
    /conf/accent-insensitive-comparison/accenti-casei,
    /conf/accent-insensitive-comparison/accenti-casei-like, /conf/arithmetic/arithmetic
    """
    for collection, name, kind in one_of_each_kind(collections):
        tests = [f"{name} IN ({VALUES[kind]})"] if kind in VALUES else []
        if kind == "string":
            tests += [f"{name} LIKE 'foo%'", f"CASEI({name}) LIKE CASEI('FOO%')"]
            tests += [f"CASEI({name}) = CASEI('FoO')", f"ACCENTI({name}) = ACCENTI('fóo')"]
            tests += [f"ACCENTI({name}) LIKE ACCENTI('fó%')"]
            tests += [f"ACCENTI(CASEI({name})) = ACCENTI(CASEI('FÓO'))"]
            tests += [f"CASEI(ACCENTI({name})) LIKE CASEI(ACCENTI('FÓ_'))"]
        if kind in ("number", "integer"):
            tests += [f"{name} BETWEEN 0 AND 10", f"{name} * 2 + 1 > 0"]
        for text in tests:
            found = set(keys(collection, text))
            assert not found & set(keys(collection, f"NOT ({text})")), (collection, text)
            if collection == "wells" and name not in ('"name_en"', '"material"'):
                assert ("w-1" in found) or name == '"started"', text


SHAPES = [
    "POINT(7.02 49.92)", "MULTIPOINT(7.02 49.92, 10 20)", "LINESTRING(-180 -45, 0 -45)",
    "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))", "BBOX(-180,-90,180,90)",
    "POLYGON((-180 -90, -90 -90, -90 90, -180 90, -180 -90))", "BBOX(150,-90,-150,90)",
    "MULTIPOLYGON(((126 46, 128 46, 128 48, 126 46)), ((0 0, 10 0, 10 10, 0 10, 0 0)))",
    "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0)))",
]  # fmt: skip


@pytest.mark.parametrize("name", SPATIAL)
def test_spatial_functions(name):
    """/conf/basic-spatial-functions/s_intersects,
    /conf/basic-spatial-functions-plus/s_intersects, /conf/spatial-functions/s_intersects,
    /conf/spatial-functions/s_disjoint, /conf/spatial-functions/s_equals,
    /conf/spatial-functions/s_touches, /conf/spatial-functions/s_crosses,
    /conf/spatial-functions/s_within, /conf/spatial-functions/s_contains,
    /conf/spatial-functions/s_overlaps
    """
    for collection, shape in product(("wells", "districts"), SHAPES):
        for args in (f"geometry,{shape}", f"{shape},geometry"):
            found = set(keys(collection, f"{name}({args})"))
            assert not found & set(keys(collection, f"NOT {name}({args})"))


TIMES = {
    "date-time": [
        "TIMESTAMP('2022-04-24T07:59:57Z')", "DATE('2022-04-24')",
        "INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z')",
        "INTERVAL('..','2021-12-31T23:59:59Z')", "INTERVAL('2021-01-01T00:00:00Z','..')",
        "INTERVAL(started,checked)",
    ],
    "date": ["DATE('2022-04-24')", "INTERVAL('2021-01-01','2021-12-31')", "INTERVAL('..','..')"],
}  # fmt: skip


@pytest.mark.parametrize("name", TEMPORAL)
def test_temporal_functions(name):
    """/conf/temporal-functions/temporal-functions-1,
    /conf/temporal-functions/temporal-functions-2
    """
    for _collection, queryable, kind in every_queryable(["wells"]):
        for other in TIMES.get(kind, ()):
            for args in (f"{queryable},{other}", f"{other},{queryable}"):
                either = [*keys("wells", f"{name}({args})"), *keys("wells", f"NOT {name}({args})")]
                assert either == ["w-1"], args


@pytest.mark.parametrize("name", ARRAYS)
def test_array_functions(name):
    """/conf/array-functions/array-predicates, /conf/array-functions/logical"""
    for listed in ("('pe','steel')", "('pe')", "()", "(1,2)", "materials"):
        for args in (f"materials,{listed}", f"{listed},materials"):
            either = [*keys("wells", f"{name}({args})"), *keys("wells", f"NOT {name}({args})")]
            assert either == ["w-1"], args
    one, other = f"{name}(materials,('pe'))", f"{name}((),materials)"
    assert counted("wells", f"(NOT ({other}) AND {one}) OR ({other} and {one}) or not ({one})") == 1


ARGUMENTS = {"string": "name_zh", "number": "depth", "geometry": "geometry"}


def test_functions_stand_wherever_their_result_may():
    """/conf/functions/functions"""
    for each in get("functions").json()["functions"]:
        args = ", ".join(ARGUMENTS[argument["type"][0]] for argument in each["args"])
        call, value = f"{each['name']}({args})", "'x'" if each["returns"] == ["string"] else "1"
        other = f"{call} LIKE 'x%'" if value == "'x'" else f"{call} BETWEEN 0 AND {call}"
        for text in (f"{call} = {value}", f"{value} < {call}", f"{call} IN ({value})", other):
            counted("wells", text)
        named = [{"property": ARGUMENTS[argument["type"][0]]} for argument in each["args"]]
        as_json = {"op": "isNull", "args": [{"op": each["name"], "args": named}]}
        counted("wells", json.dumps(as_json), **{"filter-lang": "cql2-json"})
