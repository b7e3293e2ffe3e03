"""Quantities read as each language writes them."""

import pytest
from django.utils.translation import override

from investment import quantities


@pytest.mark.parametrize(
    ("language", "write", "values", "text"),
    [
        ("en", quantities.number, ("50000.0",), "50,000"),
        ("en", quantities.number, ("0.125",), "0.13"),
        ("en", quantities.number, ("100",), "100"),
        ("en", quantities.number, ("1234.5", 0), "1,235"),
        ("en", quantities.land, ("50000",), "5 ha"),
        ("en", quantities.land, ("9999",), "9,999 m²"),
        ("zh-hans", quantities.land, ("50000",), "5 公顷（75 亩）"),
        ("zh-hans", quantities.land, ("6666.7",), "6,666.7 m²（10.0 亩）"),
        ("en", quantities.price, (120, "cny_m2"), "CNY 120/m²"),
        ("zh-hans", quantities.price, (1500, "cny_m2"), "1,500 元/m²"),
        ("zh-hans", quantities.price, (11, "cny_m2_month"), "11 元/m²·月"),
        ("en", quantities.price_range, (96, 180, "cny_m2"), "CNY 96–180/m²"),
        ("en", quantities.price_range, (96, None, "cny_m2"), "CNY 96/m²"),
        ("en", quantities.price_range, (None, None, "cny_m2"), ""),
        ("zh-hans", quantities.money, (50000, "CNY"), "5 亿元"),
        ("zh-hans", quantities.money, (9999, "USD"), "9,999 万美元"),
        ("en", quantities.money, (50000, "CNY"), "CNY 500 million"),
        ("en", quantities.money, (120000, "USD"), "USD 1.2 billion"),
        ("en", quantities.money, (85, "CNY"), "CNY 850,000"),
        ("en", quantities.distance, (999.4,), "999 m"),
        ("en", quantities.distance, (7650,), "7.7 km"),
        ("en", quantities.distance, (123456,), "123 km"),
    ],
)
def test_a_quantity_is_written(language, write, values, text):
    with override(language):
        assert write(*values).replace("\xa0", " ") == text
