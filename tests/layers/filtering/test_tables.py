"""The standard's tables of predicates, asked through the API on the standard's own data.

One test for each conformance class (`/conf/{class}/test-data`), and `/conf/basic-cql2/logical`.
"""

import json

import pytest

from tests.layers.filtering.conftest import counted, rows, slug_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.shared_data,
    pytest.mark.usefixtures("natural_earth"),
]
SINGLE, LOGICAL = rows("expected_counts.csv"), rows("expected_counts_logical.csv")
CLASSES = sorted({row["conformance_class"] for row in SINGLE}) or ["absent"]
#: Predicates whose count in the standard is wrong: of the names that begin with Ch there are three
#: (Chicago, Chengdu and Chișinău), and one of those that begin with Chiș.
ERRATA = {
    "ACCENTI(name) LIKE accenti('Ch%')": 3,
    "ACCENTI(CASEI(name)) LIKE accenti(casei('Chiș%'))": 1,
    "ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))": 1,
}


def of_ours(value):
    """The standard's data calls the geometry `geom`."""
    if isinstance(value, dict):
        return {
            name: "geometry" if (name, each) == ("property", "geom") else of_ours(each)
            for name, each in value.items()
        }
    return [of_ours(each) for each in value] if isinstance(value, list) else value


def differing(table: list[dict]) -> list[tuple]:
    """The rows whose count is another, by text or by JSON."""
    found = []
    for row in table:
        written = row["filter_cql2_text"]
        expected = ERRATA.get(written, int(row["expected_count"]))
        collection = slug_of(row["data_source"])
        by_text = counted(
            collection, written.replace("geom,", "geometry,").replace(",geom)", ",geometry)")
        )
        as_json = json.dumps(of_ours(json.loads(row["cql2_json"])))
        by_json = counted(collection, as_json, **{"filter-lang": "cql2-json"})
        if (by_text, by_json) != (expected, expected):
            found.append((written, expected, by_text, by_json))
    return found


@pytest.mark.parametrize("conformance_class", CLASSES)
def test_predicates_find_as_many_as_expected(conformance_class):
    table = [row for row in SINGLE if row["conformance_class"] == conformance_class]
    assert table
    assert differing(table) == []


def test_combinations_find_as_many_as_expected():
    """/conf/basic-cql2/logical"""
    assert len(LOGICAL) == 77
    assert differing(LOGICAL) == []


def test_the_tables_are_whole():
    assert len(SINGLE) == 274
