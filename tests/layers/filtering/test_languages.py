"""CQL2 text and CQL2 JSON give the same nodes, and say where they cannot be read."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import cql2
import pytest

from layers.filtering import building as build
from layers.filtering import nodes
from layers.filtering.errors import BadFilter
from layers.filtering.json import parse_json
from layers.filtering.text import parse_text
from tests.layers.filtering.conftest import CQL2, rows

NOWHERE = nodes.Place()
EXAMPLES = sorted((CQL2 / "schema" / "examples" / "text").glob("*.txt"))
TABLES = [*rows("expected_counts.csv"), *rows("expected_counts_logical.csv")]


def prop(name: str) -> nodes.Property:
    return nodes.Property(NOWHERE, name)


def number(digits: str) -> nodes.Number:
    return nodes.Number(NOWHERE, Decimal(digits))


def op(name: str, *args) -> nodes.Operation:
    return nodes.Operation(NOWHERE, name, args)


def fault(source: str, parse=parse_text) -> BadFilter:
    with pytest.raises(BadFilter) as caught:
        parse(source)
    return caught.value


def piece(source: str) -> str:
    """The piece of CQL2 text that is at fault."""
    at = fault(source).at
    return source[at.start : at.end]


def pointer(document) -> str:
    """The place in CQL2 JSON that is at fault."""
    source = document if isinstance(document, str) else json.dumps(document)
    return fault(source, parse_json).at.pointer


# --- the standard's examples ----------------------------------------------------------------


@pytest.mark.shared_data
def test_every_example_of_text_is_read_as_its_twin_in_json(cql2_files):
    """/conf/cql2-text/validate, /conf/cql2-json/validate"""
    assert len(EXAMPLES) == 120
    for path in EXAMPLES:
        twin = path.stem.partition("-alt")[0] + ".json"
        source = (cql2_files / "schema/examples/json" / twin).read_text(encoding="utf-8")
        assert parse_text(path.read_text(encoding="utf-8")) == parse_json(source), path.stem


def second_opinion(source: str) -> nodes.Node:
    return parse_json(json.dumps(cql2.parse_text(source).to_json()))


@pytest.mark.shared_data
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_another_reader_reads_the_examples_alike(path: Path):
    source = path.read_text(encoding="utf-8")
    assert parse_text(source) == second_opinion(source)


@pytest.mark.shared_data
def test_another_reader_reads_the_tables_alike(cql2_files):
    assert len(TABLES) == 351
    for row in TABLES:
        source = row["filter_cql2_text"]
        assert parse_text(source) == second_opinion(source) == parse_json(row["cql2_json"])


# --- text -----------------------------------------------------------------------------------

READ = {
    "a = 1 OR b = 2 AND c = 3": op(
        "or",
        op("=", prop("a"), number("1")),
        op("and", op("=", prop("b"), number("2")), op("=", prop("c"), number("3"))),
    ),
    "NOT (a = 1)": op("not", op("=", prop("a"), number("1"))),
    "a NOT IN (1)": op("not", op("in", prop("a"), nodes.Array(NOWHERE, (number("1"),)))),
    "a between 1 and 2 and b": op(
        "and", op("between", prop("a"), number("1"), number("2")), prop("b")
    ),
    "a - -1.50 > 2e3": op(">", op("-", prop("a"), number("-1.5")), number("2000")),
    "a - 1 - 2 = 0": op("=", op("-", op("-", prop("a"), number("1")), number("2")), number("0")),
    "-a ^ 2 < .5": op("<", op("^", op("*", number("-1"), prop("a")), number("2")), number("0.5")),
    "a DIV 2 = 1.": op("=", op("div", prop("a"), number("2")), number("1")),
    "9007199254740993 = a": op("=", number("9007199254740993"), prop("a")),
    "((a)) IS NOT NULL": op("not", op("isNull", prop("a"))),
    "android = orange": op("=", prop("android"), prop("orange")),
    'in.a = "in"': op("=", prop("in.a"), prop("in")),
    "名称 = '井'": op("=", prop("名称"), nodes.Text(NOWHERE, "井")),
    "a:b.c = TRUE": op("=", prop("a:b.c"), nodes.Truth(NOWHERE, True)),
    "A_Contains(a, ('x'))": op(
        "a_contains", prop("a"), nodes.Array(NOWHERE, (nodes.Text(NOWHERE, "x"),))
    ),
    "A_EQUALS(a, ())": op("a_equals", prop("a"), nodes.Array(NOWHERE, ())),
    "isNull(a)": nodes.Call(NOWHERE, "isNull", (prop("a"),)),
    "f() = point": op("=", nodes.Call(NOWHERE, "f", ()), prop("point")),
    "date = DATE('2026-06-30')": op("=", prop("date"), nodes.Day(NOWHERE, date(2026, 6, 30))),
    "t = TIMESTAMP('2026-06-30T08:00:00.5Z')": op(
        "=", prop("t"), nodes.Moment(NOWHERE, datetime(2026, 6, 30, 8, 0, 0, 500_000, tzinfo=UTC))
    ),
    "\u3000a\u00a0=\t1\n": op("=", prop("a"), number("1")),
    "S_EQUALS(g, multipoint z((1 2 3), 4 5 6))": op(
        "s_equals", prop("g"), nodes.Shape(NOWHERE, "MultiPoint", ((1, 2, 3), (4, 5, 6)))
    ),
}


@pytest.mark.parametrize("source", READ)
def test_text_is_read(source):
    assert parse_text(source) == READ[source]


#: /conf/cql2-text/escaping
ESCAPED = {
    r"'it''s'": "it's",
    r"'it\'s'": "it's",
    r"'\a\b\t\n\v\f\r'": "\a\b\t\n\v\f\r",
    r"'a\\b'": r"a\b",
    r"'100\%'": r"100\%",
    "'--; /* \"'": '--; /* "',
    "''": "",
}


@pytest.mark.parametrize("literal", ESCAPED)
def test_signs_in_texts_are_escaped(literal):
    assert parse_text(f"a = {literal}") == op("=", prop("a"), nodes.Text(NOWHERE, ESCAPED[literal]))


AT_FAULT = {
    "THIS IS NOT A FILTER": "A",
    "a = ": "",
    "a = 1 b": "b",
    "a = 'x": "'x",
    'a = "x': '"x',
    "a ! 1": "!",
    "a == 1": "=",
    "(a = 1": "",
    "a IN ()": ")",
    "NOT NOT a": "a",
    "a = 2 ^ 3 ^ 4": "^",
    "POINT(1)": ")",
    "POINT EMPTY": "EMPTY",
    "a = DATE('2026-02-30')": "DATE('2026-02-30')",
    "a = DATE(2026)": "DATE(2026)",
    "a = TIMESTAMP('2026-06-30T08:00:00')": "TIMESTAMP('2026-06-30T08:00:00')",
    "a = TIMESTAMP('0001-01-01T00:00:00+08:00')": "TIMESTAMP('0001-01-01T00:00:00+08:00')",
    "T_AFTER(a, INTERVAL('2026-01-01', 'x'))": "'x'",
    "T_AFTER(a, INTERVAL('2026-01-02', '2026-01-01'))": "INTERVAL('2026-01-02', '2026-01-01')",
    "T_AFTER(a, INTERVAL('..'))": "INTERVAL('..')",
    "S_TOUCHES(a)": "S_TOUCHES(a)",
    "S_TOUCHES(a, BBOX(1, 2, 3))": "BBOX(1, 2, 3)",
    "S_TOUCHES(a, BBOX(1, 2, 3, b))": "BBOX(1, 2, 3, b)",
    "a = 1e999": "1e999",
    "a = 1e-99999999999999999999": "1e-99999999999999999999",
    f"a = {'9' * 400}": "9" * 400,
    "a > + b": "+",
    "a; b": ";",
    "": "",
}


@pytest.mark.parametrize("source", AT_FAULT)
def test_text_that_cannot_be_read_is_told_with_its_place(source):
    assert piece(source) == AT_FAULT[source]


# --- JSON -----------------------------------------------------------------------------------

POINTERS = [
    ({"op": "=", "args": [{"property": "a"}]}, ""),
    ({"op": "and", "args": [True]}, ""),
    ({"op": "=", "args": "a"}, "/args"),
    ({"op": 1, "args": []}, "/op"),
    ({"op": "="}, ""),
    ({"args": []}, ""),
    ({"op": "=", "args": [{"property": 1}, 1]}, "/args/0/property"),
    ({"op": "=", "args": [{"property": "a\x00"}, 1]}, "/args/0/property"),
    ({"op": "=", "args": [{"property": "a"}, None]}, "/args/1"),
    ({"op": "=", "args": [{"property": "a"}, {"date": "x"}]}, "/args/1/date"),
    ({"op": "=", "args": [{"property": "a"}, {"timestamp": 1}]}, "/args/1/timestamp"),
    ({"op": "t_after", "args": [{"interval": ["..", "x"]}, True]}, "/args/0/interval/1"),
    ({"op": "t_after", "args": [{"interval": [".."]}, True]}, "/args/0/interval"),
    ({"op": "s_within", "args": [{"bbox": [1, 2, 3]}, True]}, "/args/0/bbox"),
    ({"op": "s_within", "args": [{"type": "Curve", "coordinates": []}, True]}, "/args/0/type"),
    ({"type": "Point", "coordinates": [1]}, "/coordinates"),
    ({"type": "Point", "coordinates": [[1, 2]]}, "/coordinates"),
    ({"type": "Point", "coordinates": ["1", "2"]}, "/coordinates"),
    ({"type": "LineString", "coordinates": [[1, 2], [3]]}, "/coordinates/1"),
    ({"type": "LineString", "coordinates": [[1, 2], 3]}, "/coordinates/1"),
    ({"type": "MultiPoint", "coordinates": []}, "/coordinates"),
    ({"type": "GeometryCollection", "geometries": [{"property": "a"}]}, "/geometries/0/property"),
    ("NaN", ""),
    ("1e999", ""),
    ('"\\ud800"', ""),
    ("[" * 15_000, ""),
]


@pytest.mark.parametrize(("document", "where"), POINTERS)
def test_json_that_cannot_be_read_is_told_with_its_pointer(document, where):
    assert pointer(document) == where


def test_what_is_no_json_is_told_with_its_character():
    assert fault('{"op": }', parse_json).at.start == 7


def test_names_of_operations_are_as_the_schema_has_them():
    """/req/cql2-json/basic-cql2"""
    assert parse_json('{"op": "AND", "args": [true, true]}').name == "AND"
    assert parse_json('{"op": "t_finishedBy", "args": [1, 2]}').op == "t_finishedBy"


# --- limits ---------------------------------------------------------------------------------


def test_a_filter_is_bounded_in_length_depth_and_number():
    assert fault("a" * (build.MAX_LENGTH + 1)).at.start == build.MAX_LENGTH
    assert fault(" " * (build.MAX_LENGTH + 1), parse_json).at.start == build.MAX_LENGTH
    fault(" + ".join(["1"] * (build.MAX_DEPTH + 2)) + " = a")
    fault("lower(" * 2000 + "a" + ")" * 2000)
    fault(" AND ".join(["a=1"] * (build.MAX_OPERATIONS + 1)))
    deep = {"op": "not", "args": [True]}
    for _level in range(build.MAX_DEPTH):
        deep = {"op": "not", "args": [deep]}
    fault(json.dumps(deep), parse_json)


def test_what_lies_within_the_bounds_is_read():
    parse_text(" AND ".join(["a=1"] * (build.MAX_OPERATIONS - 1)))
    parse_text("a IN (" + ",".join(["1"] * 9000) + ")")
    assert parse_text("(" * 9000 + "a" + ")" * 9000) == prop("a")
    points = ",".join(f"{n / 100} 1" for n in range(2000))
    assert len(parse_text(f"S_WITHIN(a, LINESTRING({points}))").args[1].coordinates) == 2000
    fault("(" * 15_000)
    fault("NOT (" * 3000 + "a" + ")" * 3000)
