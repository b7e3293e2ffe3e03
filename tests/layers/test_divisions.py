"""Codes of administrative divisions are read by pairs of digits."""

import pytest

from layers.records.divisions import division_prefix, lies_in


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("230000", "23"),
        ("500000", "50"),
        ("231200", "2312"),
        ("231000", "2310"),
        ("231202", "231202"),
        ("231290", "231290"),
        ("231202001", "231202001"),
    ],
)
def test_zeros_that_mean_something_stay(code, prefix):
    assert division_prefix(code) == prefix


@pytest.mark.parametrize(
    ("code", "area", "inside"),
    [
        ("231202", "231200", True),
        ("231202", "230000", True),
        ("231202", "231202", True),
        ("231102", "231000", False),
        ("231221", "231202", False),
    ],
)
def test_a_division_lies_in_those_above_it(code, area, inside):
    assert lies_in(code, area) is inside
