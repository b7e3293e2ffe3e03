"""Whatever is asked, the answer is records or a refusal, and what is given is never SQL.

FILTERS says how many random filters are asked in each of the four ways; the usual number is small.
"""

import json
import os
import re

import cql2
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from layers.filtering import Question, condition, nodes
from layers.filtering.errors import BadFilter
from layers.filtering.json import parse_json
from layers.filtering.text import parse_text
from layers.models import Code, CodeList, StoredFeature
from tests.factories import make_feature, make_layer
from tests.layers.filtering.conftest import asked
from tests.layers.filtering.grammar import Grammar

FILTERS = int(os.environ.get("FILTERS", "250"))
INSIDE = ("psycopg", "Traceback", "SELECT", "syntax error at", "LINE 1", "ERROR:", "properties ->")


@pytest.fixture
def wells(db):
    materials = CodeList.objects.create(slug="material", title_zh="材质", title_en="Material")
    Code.objects.create(code_list=materials, value="pe", label_zh="pe", label_en="pe")
    kinds = {"depth": "number", "year": "year", "used": "boolean", "built": "date"}
    kinds |= {"checked": "datetime", "note": "text", "material": "code", "materials": "codes"}
    layer = make_layer(
        geometry_type="Geometry",
        fields=[
            {"name": name, "label_zh": name, "label_en": name, "type": kind}
            | ({"code_list": materials} if kind.startswith("code") else {})
            for name, kind in kinds.items()
        ],
    )
    known = {"name_zh": "井", "depth": 1e300, "year": 0, "used": True, "built": "2020-02-29"}
    known |= {"checked": "2020-02-29T16:30:00Z", "materials": ["pe"], "material": "pe"}
    make_feature(layer, properties=known)
    make_feature(layer, key="odd", properties={name: [{"a": None}] for name in known})
    make_feature(layer, key="bare", properties={}, geom=None)
    return layer


def answer(text: str, **parameters) -> int:
    """The status of the answer, which is no fault of ours and shows nothing of the inside."""
    response = asked("wells", text, **parameters)
    assert response.status_code in (200, 400), (text, response.content.decode())
    if response.status_code == 400:
        assert response.json()["code"] == "bad-filter", text
        detail = response.json()["detail"]
        assert not [word for word in INSIDE if word in detail], text
    return response.status_code


def test_filters_that_are_well_formed_are_answered(wells):
    grammar = Grammar(1)
    statuses = [answer(grammar.filter()) for _n in range(FILTERS)]
    assert statuses.count(200) > FILTERS // 3
    assert statuses.count(400) > FILTERS // 20


def test_spoilt_filters_are_answered_or_refused(wells):
    grammar = Grammar(2)
    statuses = [answer(grammar.spoilt()) for _n in range(FILTERS)]
    assert statuses.count(400) > FILTERS // 3


def read_otherwise(source: str) -> dict | None:
    """The filter as another reader says it in JSON; not all that the standard has can it read."""
    try:
        return cql2.parse_text(source).to_json()
    except cql2.ParseError:
        return None


def test_filters_in_json_are_answered_or_refused(wells):
    grammar, asked_for = Grammar(3), {"filter-lang": "cql2-json"}
    good = bad = 0
    for _n in range(FILTERS):
        document = read_otherwise(grammar.filter(3))
        if document is None:
            continue
        good += answer(json.dumps(document), **asked_for) == 200
        bad += answer(json.dumps(grammar.spoil(document)), **asked_for) == 400
    assert good > FILTERS // 4
    assert bad > FILTERS // 3


#: A list of one that the other reader takes for the one, and a number too long for its doubles.
KNOWN_TO_DIFFER = ("(material)", "9007199254740993")


def flat(node: nodes.Node) -> nodes.Node:
    """The other reader makes one `and` of several, one in the other."""
    if not isinstance(node, nodes.Operation):
        return node
    args = [flat(each) for each in node.args]
    if node.op in ("and", "or"):
        same = [isinstance(each, nodes.Operation) and each.op == node.op for each in args]
        args = [
            part
            for each, is_same in zip(args, same, strict=True)
            for part in (each.args if is_same else (each,))
        ]
    return nodes.Operation(node.at, node.op, tuple(args))


def test_another_reader_reads_random_filters_alike():
    grammar = Grammar(4)
    alike = 0
    for _n in range(FILTERS):
        source = grammar.filter(3)
        try:
            ours = parse_text(source)
        except BadFilter:
            continue
        theirs = read_otherwise(source)
        if theirs is None or any(each in source for each in KNOWN_TO_DIFFER):
            continue
        assert flat(parse_json(json.dumps(theirs))) == flat(ours), source
        alike += 1
    assert alike > FILTERS // 2


# --- nothing runs for ever -------------------------------------------------------------------

#: A long text is folded anew for each of these.
ENDLESS = " OR ".join(["CASEI(ACCENTI(note)) LIKE '%b'"] * 120)
_RUNNING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
"""


def test_a_filter_made_to_run_for_ever_is_cut_off_and_leaves_nothing_running(wells):
    make_feature(wells, key="long", properties={"note": "ä" * 3_000_000})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 300")
        with transaction.atomic():
            response = asked("wells", ENDLESS)
            transaction.set_rollback(True)
        cursor.execute(_RUNNING)
        running = cursor.fetchone()[0]
    assert (response.status_code, response.json()["code"]) == (503, "query-too-long")
    assert running == 0


# --- nothing given is SQL -------------------------------------------------------------------

ATTACK = "x'); DROP TABLE layers_storedfeature; -- \" /* \\ %s %(a)s $1 {0}"
QUOTED = ATTACK.replace("\\", "\\\\").replace("'", "''")
ATTACKS = [
    f"name_zh = '{QUOTED}'",
    f"name_zh LIKE '{QUOTED.replace(chr(92) * 2, '')}%'",
    f"name_zh IN ('{QUOTED}', '{QUOTED}')",
    f"CASEI(ACCENTI(name_zh)) = lower('{QUOTED}')",
    f"A_CONTAINS(materials, ('{QUOTED}', note))",
]
REFUSED_ATTACKS = [
    '"name_zh\'; DROP TABLE layers_storedfeature; --" = 1',
    '"name_zh\\" IS NULL OR 1=1 --" = 1',
    "name_zh; DROP TABLE layers_storedfeature",
    "name_zh = 'a' /* */ OR 1=1",
    "1=1; --",
    "pg_sleep(10) = 1",
    "ST_AsText(geometry) = 'x'",
    f'"{ATTACK.replace(chr(34), "")}" = 1',
    "properties = 'x'",
    "layer_id = 1",
    "state = 'draft'",
    "search_text LIKE '%'",
]


def compiled(text: str, language: str = "cql2-text") -> tuple[str, tuple]:
    fields = {field.name: field for field in declaration().queryables}
    found = condition(Question(text, language), fields, "geometry")
    return StoredFeature.objects.filter(found).query.sql_with_params()


def declaration():
    from layers.catalog.declarations import declaration_for  # noqa: PLC0415
    from layers.models import Layer  # noqa: PLC0415

    return declaration_for(Layer.objects.get(slug="wells"))


@pytest.mark.parametrize("text", ATTACKS)
def test_what_is_given_is_bound(wells, text):
    sql, params = compiled(text)
    assert "DROP" not in sql
    assert any("DROP TABLE" in str(each) for each in params)
    before = StoredFeature.objects.count()
    assert answer(text) == 200
    assert StoredFeature.objects.count() == before


def test_what_is_given_in_json_is_bound(wells):
    for document in (
        {"op": "=", "args": [{"property": "name_zh"}, ATTACK]},
        {"op": "in", "args": [{"property": "name_zh"}, [ATTACK]]},
        {"op": "a_overlaps", "args": [{"property": "materials"}, [ATTACK, 1]]},
    ):
        sql, params = compiled(json.dumps(document), "cql2-json")
        assert "DROP" not in sql
        assert any("DROP TABLE" in str(each) for each in params)
        assert answer(json.dumps(document), **{"filter-lang": "cql2-json"}) == 200


@pytest.mark.parametrize("text", REFUSED_ATTACKS)
def test_names_that_are_not_declared_reach_no_statement(wells, text):
    with CaptureQueriesContext(
        connection,
    ) as statements:
        assert answer(text) == 400
    assert not [each["sql"] for each in statements if "storedfeature" in each["sql"]]


@pytest.mark.parametrize(
    "document",
    [
        {"op": "= 1 OR 1", "args": [1, 2]},
        {"op": "=", "args": [{"property": ATTACK}, 1]},
        {"op": ATTACK, "args": []},
        {"op": "=", "args": [{"property": "depth", ATTACK: 1}, {"date": ATTACK}]},
        {"op": "t_after", "args": [{"interval": [ATTACK, ".."]}, {"property": "built"}]},
        {"op": "s_within", "args": [{"property": "geometry"}, {"type": ATTACK, "coordinates": []}]},
    ],
)
def test_names_in_json_that_are_not_declared_are_refused(wells, document):
    assert answer(json.dumps(document), **{"filter-lang": "cql2-json"}) == 400


# --- the index ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["intersects", "within", "touches", "equals", "overlaps", "crosses"]
)
def test_a_spatial_filter_is_answered_by_the_index(wells, name):
    make = [
        StoredFeature(
            layer=wells,
            key=f"n-{n}",
            geom=f"SRID=4490;POINT({n % 100} {n // 100})",
            state="published",
        )
        for n in range(3000)
    ]
    StoredFeature.objects.bulk_create(make)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE layers_storedfeature")
        fields = {field.name: field for field in declaration().queryables}
        text = f"depth IS NULL AND S_{name}(geometry, BBOX(10.5, 10.5, 11.5, 11.5))"
        found = condition(Question(text), fields, "geometry")
        sql, params = declaration().public_records().filter(found).query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "feature_layer_geom" in plan
    assert re.search(r"geom (~|~=|&&|@) ", plan)
