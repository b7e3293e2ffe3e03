"""Quantities in words: grouped numbers, areas, prices and sums as each language writes them."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from layers.bilingual import is_chinese

#: One mu (亩) is 10,000/15 m², so that 15 mu make a hectare.
MU_PER_HECTARE = 15
_NO_BREAK = "\u00a0"


def number(value, decimals: int | None = None) -> str:
    """Thousands grouped by commas; without `decimals`, as many as the value needs, at most two."""
    value = Decimal(str(value))
    if decimals is not None:
        return f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"
    text = f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".")


def hectares(value) -> str:
    """Hectares, with mu (亩) for Chinese readers, who buy land by it."""
    value = Decimal(str(value))
    if is_chinese():
        return f"{number(value)}{_NO_BREAK}公顷（{number(value * MU_PER_HECTARE, 0)}{_NO_BREAK}亩）"
    return f"{number(value)}{_NO_BREAK}ha"


def land(square_metres) -> str:
    """Land area given in m²: in hectares from one hectare up, with mu for Chinese readers."""
    value = Decimal(str(square_metres))
    if value >= 10_000:
        return hectares(value / 10_000)
    text = f"{number(value)}{_NO_BREAK}m²"
    if is_chinese():
        text += f"（{number(value * MU_PER_HECTARE / 10_000, 1)}{_NO_BREAK}亩）"
    return text


def floor(square_metres) -> str:
    """Floor area, always in m²."""
    return f"{number(square_metres)}{_NO_BREAK}m²"


def price(value, unit: str, *, by_mu: bool = False) -> str:
    """A price in `cny_m2` or `cny_m2_month`; `by_mu` adds 万元/亩, as Chinese readers buy land."""
    if unit == "cny_m2_month":
        return _("CNY %(amount)s/m² per month") % {"amount": number(value)}
    text = _("CNY %(amount)s/m²") % {"amount": number(value)}
    if by_mu and is_chinese():
        per_mu = Decimal(str(value)) / MU_PER_HECTARE
        text += f"（{number(per_mu, 1)}{_NO_BREAK}万元/亩）"
    return text


def price_range(low, high, unit: str) -> str:
    """From–to, or the one price where there is one; empty where there is none."""
    if low is None and high is None:
        return ""
    if low is None or high is None or low == high:
        return price(high if low is None else low, unit)
    amount = f"{number(low)}–{number(high)}"
    if unit == "cny_m2_month":
        return _("CNY %(amount)s/m² per month") % {"amount": amount}
    return _("CNY %(amount)s/m²") % {"amount": amount}


def money(ten_thousands, currency: str) -> str:
    """A sum given in 万 (10,000) of a currency: 亿 and 万 in Chinese, million and billion else."""
    value = Decimal(str(ten_thousands))
    if is_chinese():
        name = {"CNY": "元", "USD": "美元"}[currency]
        if value >= 10_000:
            return f"{number(value / 10_000)}{_NO_BREAK}亿{name}"
        return f"{number(value)}{_NO_BREAK}万{name}"
    for size, word in ((100_000, "billion"), (100, "million")):
        if value >= size:
            return f"{currency}{_NO_BREAK}{number(value / size)} {word}"
    return f"{currency}{_NO_BREAK}{number(value * 10_000)}"


def distance(metres) -> str:
    """A distance: metres up to a kilometre, then kilometres with one decimal below 100."""
    if metres < 1_000:
        return f"{number(metres, 0)}{_NO_BREAK}m"
    return f"{number(Decimal(str(metres)) / 1_000, 1 if metres < 100_000 else 0)}{_NO_BREAK}km"
