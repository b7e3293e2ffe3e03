"""The standard's tables of predicates, asked through the API on the standard's own data.

Holds `/conf/{class}/test-data` and `/conf/{class}/logical` of the conformance classes that have
such a table. The combinations of `basic-cql2` have counts in the standard; of the others it asks
only that they are answered, and here they are counted from their parts besides.
"""

import json
import random

import pytest

from tests.layers.filtering.conftest import counted, keys, rows, slug_of

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
        by_text = counted(collection, ours(written))
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


def ours(written: str) -> str:
    """The standard's data calls the geometry `geom`."""
    return written.replace("geom,", "geometry,").replace(",geom)", ",geometry)")


def truths(collection: str, text: str, all_keys: set[str]) -> dict[str, bool | None]:
    """What a predicate says of each record; None where it says nothing."""
    true, false = set(keys(collection, text)), set(keys(collection, f"NOT ({text})"))
    assert not true & false
    return {key: True if key in true else False if key in false else None for key in all_keys}


def negated(a: bool | None) -> bool | None:
    return None if a is None else not a


def both(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


def either(*terms: bool | None) -> bool | None:
    return True if True in terms else None if None in terms else False


@pytest.mark.parametrize("conformance_class", CLASSES)
def test_random_combinations_find_what_their_parts_say(conformance_class):
    """/conf/{class}/logical"""
    dice, known = random.Random(conformance_class), {}
    table = [row for row in SINGLE if row["conformance_class"] == conformance_class]
    for _n in range(10):
        source = dice.choice(table)["data_source"]
        same = [row["filter_cql2_text"] for row in table if row["data_source"] == source]
        p1, p2, p3, p4 = texts = [ours(dice.choice(same)) for _p in range(4)]
        collection = slug_of(source)
        everything = set(keys(collection, "TRUE"))
        for text in texts:
            if (collection, text) not in known:
                known[collection, text] = truths(collection, text, everything)
        said = [known[collection, text] for text in texts]
        expected = {
            key
            for key in everything
            for a, b, c, d in [tuple(each[key] for each in said)]
            if either(both(negated(b), a), both(c, d), negated(either(a, d)))
        }
        whole = f"(NOT ({p2}) AND ({p1})) OR (({p3}) and ({p4})) or not (({p1}) OR ({p4}))"
        assert set(keys(collection, whole)) == expected, whole


def test_the_tables_are_whole():
    assert len(SINGLE) == 274
