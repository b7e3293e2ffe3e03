"""Every refusal and fault below /api/ has the one error body, whatever the address and the mistake.

Kinds of address times kinds of mistake; a new address belongs in ADDRESSES.
"""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from layers.models import LayerField
from tests.factories import make_feature, make_layer

pytestmark = pytest.mark.django_db

WELLS = "/api/collections/wells"
#: Each kind of address, with whether it takes more than one format.
ADDRESSES = {
    "/api/": True,
    "/api/conformance": True,
    "/api/collections": True,
    "/api/functions": True,
    WELLS: True,
    f"{WELLS}/queryables": True,
    f"{WELLS}/sortables": True,
    f"{WELLS}/schema": True,
    f"{WELLS}/tiles": True,
    f"{WELLS}/tiles/WebMercatorQuad": True,
    f"{WELLS}/tiles/WebMercatorQuad/0/0/0": False,
    "/api/tiles": True,
    "/api/tiles/CGCS2000Quad": True,
    "/api/tiles/CGCS2000Quad/0/0/0": False,
    "/api/style": False,
    f"{WELLS}/style": False,
    "/api/tileMatrixSets": True,
    "/api/tileMatrixSets/WebMercatorQuad": True,
    f"{WELLS}/items": True,
    f"{WELLS}/export": True,
    f"{WELLS}/items/w-1": True,
    "/api/collections/records": True,
    "/api/collections/records/items": True,
    "/api/collections/records/items/wells": True,
    "/api/openapi.json": False,
    "/api/openapi.html": False,
    "/api/search": False,
}
NEGOTIATED = [address for address, negotiates in ADDRESSES.items() if negotiates]
BAD_PARAMETERS = [
    ("unknown=1", "unknown"),
    ("limit=unlimited", "limit"),
    ("limit=0", "limit"),
    ("limit=-1", "limit"),
    ("limit=1.5", "limit"),
    ("limit=", "limit"),
    ("limit=1&limit=2", "limit"),
    ("limit=%EF%BC%91", "limit"),
    ("bbox=1,2,3", "bbox"),
    ("bbox=1,2,3,4,5", "bbox"),
    ("bbox=a,b,c,d", "bbox"),
    ("bbox=nan,0,1,1", "bbox"),
    ("bbox=0,0,inf,1", "bbox"),
    ("bbox=0,0,1e999,1", "bbox"),
    ("bbox=126,47,128,46", "bbox"),
    ("bbox=126,46,128,91", "bbox"),
    ("bbox=-181,46,128,47", "bbox"),
    ("bbox=126,46,5,128,47,4", "bbox"),
    ("bbox=126,46,,47", "bbox"),
    ("bbox=1_0,0,20,1", "bbox"),
    ("datetime=yesterday", "datetime"),
    ("datetime=2026-02-30", "datetime"),
    ("datetime=2026-06-30T25:00:00Z", "datetime"),
    ("datetime=2026-06-30T10:00:00", "datetime"),
    ("datetime=../..", "datetime"),
    ("datetime=/", "datetime"),
    ("datetime=2026-06-30/2026-06-29", "datetime"),
    ("datetime=2026-06-30/P2D", "datetime"),
    ("datetime=9999-12-31T23:59:59Z", "datetime"),
    ("datetime=2026-W26-2", "datetime"),
    ("after=nonsense", "after"),
    ("before=%00", "before"),
    ("after=2a-1&before=2a-1", "before"),
    ("crs=http://www.opengis.net/def/crs/EPSG/0/4214", "crs"),
    ("crs=EPSG:4326", "crs"),
    ("bbox-crs=4326", "bbox-crs"),
    ("bbox=46,181,47,182&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326", "bbox"),
    ("properties=depth,nothing", "properties"),
    ("skipGeometry=1", "skipGeometry"),
    ("zoom-level=99", "zoom-level"),
    ("max-allowable-offset=-1", "max-allowable-offset"),
    ("sortby=-nothing", "sortby"),
    ("sortby=depth&after=2a-1", "after"),
    ("q=%20", "q"),
    ("lang=fr", "lang"),
    ("f=xml", "f"),
    ("depth=deep", "depth"),
    ("depth=nan", "depth"),
    ("depth=", "depth"),
    ("year=1.5", "year"),
    ("year=%D9%A1", "year"),
    ("used=yes", "used"),
    ("built=20200101", "built"),
    ("checked=2020-01-01", "checked"),
    ("name_en=%00", "name_en"),
    ("secret=x", "secret"),
    ("filter=", "filter"),
    ("filter=true&filter=true", "filter"),
    ("filter=true&filter-lang=cql", "filter-lang"),
    ("filter-lang=CQL2-TEXT", "filter-lang"),
    ("filter=true&filter-crs=http://www.opengis.net/def/crs/OGC/0/does_not_exist", "filter-crs"),
]
#: Filters with the piece or the pointer that is at fault.
BAD_FILTERS = [
    ("secret='x'", "secret"),
    ("depth > 'deep'", "'deep'"),
    ("deepness(depth) > 1", "deepness(depth)"),
    ("depth > 1 AND", ""),
    ("depth > > 1", ">"),
    ("name_zh = '井", "'井"),
    ("built = DATE('2020-02-30')", "DATE('2020-02-30')"),
    ("S_INTERSECTS(geometry, POINT(1000000 1000000))", "POINT(1000000 1000000)"),
    ('{"op": "=", "args": [{"property": "secret"}, 1]}', "/args/0/property"),
    ('{"op": "=", "args": [{"property": "depth"}, "deep"]}', "/args/1"),
    ('{"op": "and", "args": [true, {"date": "2020-02-30"}]}', "/args/1/date"),
    ("{", ""),
]


@pytest.fixture(autouse=True)
def wells():
    kinds = {"depth": "number", "year": "integer", "used": "boolean"}
    kinds |= {"built": "date", "checked": "datetime"}
    fields = [{"name": n, "label_zh": n, "label_en": n, "type": t} for n, t in kinds.items()]
    hidden = {"label_zh": "内部", "label_en": "Internal", "type": "text", "public": False}
    layer = make_layer(fields=[*fields, {"name": "secret", **hidden}])
    make_feature(layer)
    return layer


def ask(path: str, method: str = "get", **headers):
    client = Client(raise_request_exception=False)
    return getattr(client, method)(path, headers=headers)


def assert_problem(response, status: int, code: str) -> dict:
    """The one body, and nothing of the inside in it."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == "about:blank"
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    told = {"position", "piece", "pointer"} if code == "bad-filter" else set()
    assert set(body) <= {"type", "status", "code", "title", "detail", "parameter", *told}
    assert response["Cache-Control"] == "no-store"
    for word in ("Traceback", "psycopg2", "SELECT", "Exception", "object at"):
        assert word not in response.content.decode()
    return body


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unknown_parameter(address):
    body = assert_problem(ask(f"{address}?unknown=1"), 400, "bad-parameter")
    assert body["parameter"] == "unknown"


@pytest.mark.parametrize(("query", "name"), BAD_PARAMETERS)
def test_a_bad_parameter_of_records_is_named(query, name):
    body = assert_problem(ask(f"{WELLS}/items?{query}"), 400, "bad-parameter")
    assert body["parameter"] == name
    assert body["detail"]


@pytest.mark.parametrize(("text", "where"), BAD_FILTERS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_bad_filter_is_told_with_its_place(text, where, language):
    encoding = "cql2-json" if text.startswith("{") else "cql2-text"
    query = urlencode({"filter": text, "filter-lang": encoding, "lang": language})
    body = assert_problem(ask(f"{WELLS}/items?{query}"), 400, "bad-filter")
    assert body["parameter"] == "filter"
    if "pointer" in body:
        assert body["pointer"] == where
    else:
        assert body["piece"] == where
        assert text[body["position"] - 1 :].startswith(where)
    assert bool(re.search("[\u4e00-\u9fff]", body["detail"])) is (language == "zh")


@pytest.mark.parametrize("code", ["none", "", "13"])
def test_an_unknown_code(code):
    body = assert_problem(ask(f"/api/collections/parks/items?level={code}"), 400, "bad-parameter")
    assert body["parameter"] == "level"
    if code:
        assert "national, provincial, municipal, county" in body["detail"]


@pytest.mark.parametrize("address", NEGOTIATED)
def test_no_acceptable_format(address):
    assert_problem(ask(address, accept="image/png"), 406, "not-acceptable")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_method_that_is_not_allowed(address, method):
    response = ask(address, method)
    assert_problem(response, 405, "method-not-allowed")
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("rest", ["", "/queryables", "/schema", "/items", "/items/w-1", "/export"])
@pytest.mark.parametrize("slug", ["none", "dUmmYColLection", "%00", "井", "wells'--"])
def test_a_layer_that_is_not_there(slug, rest):
    assert_problem(ask(f"/api/collections/{slug}{rest}"), 404, "unknown-collection")


@pytest.mark.parametrize("key", ["none", "%00", "a/b", "1e9", "井" * 200])
def test_a_record_that_is_not_there(key):
    assert_problem(ask(f"{WELLS}/items/{key}"), 404, "unknown-feature")


def test_a_bad_parameter_of_metadata_is_named():
    for query in ("offset=-1", "offset=10001", "offset=x", "bbox=1", "limit=0", "datetime=x"):
        body = assert_problem(ask(f"/api/collections/records/items?{query}"), 400, "bad-parameter")
        assert body["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize("key", ["none", "%00", "井"])
def test_metadata_that_is_not_there(key):
    assert_problem(ask(f"/api/collections/records/items/{key}"), 404, "unknown-feature")


@pytest.mark.parametrize("rest", ["", "/results"])
@pytest.mark.parametrize("job", ["none", "%00", "井", "00000000-0000-4000-8000-000000000000"])
def test_a_job_that_is_not_there(job, rest):
    assert_problem(ask(f"/api/jobs/{job}{rest}"), 404, "unknown-job")


@pytest.mark.parametrize("path", ["none", "collections/", "collections/wells/none", "%00", "api/"])
def test_an_address_where_nothing_lies(path):
    assert_problem(ask(f"/api/{path}"), 404, "not-found")


def test_a_foreign_host():
    assert_problem(ask("/api/", host="evil.example"), 400, "bad-request")


def test_more_parameters_than_are_read():
    query = "&".join(f"p{number}=1" for number in range(1100))
    assert_problem(ask(f"{WELLS}/items?{query}"), 400, "bad-request")


def test_a_fault_says_nothing_of_the_inside(wells):
    # A row that the database would not take: the declaration cannot be made of it.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        table = LayerField._meta.db_table
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT layerfield_type_is_known")
    wells.fields.filter(name="year").update(type="nonsense")
    assert_problem(ask(f"{WELLS}/items"), 500, "internal-error")


def test_the_words_are_in_the_readers_language():
    chinese = ask(f"{WELLS}/items?limit=0", accept_language="zh-CN").json()
    english = ask(f"{WELLS}/items?limit=0", accept_language="en").json()
    assert english["title"] == "Bad parameter"
    assert english["detail"] == "A whole number from 1 to 10000."
    assert not chinese["title"].isascii()
    assert not chinese["detail"].isascii()
    assert chinese["code"] == english["code"]
