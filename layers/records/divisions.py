"""Codes of administrative divisions (行政区划代码, GB/T 2260): two digits each for province,
prefecture and county, then three each for township and village."""


def division_prefix(code: str) -> str:
    """What the codes of all divisions inside one begin with: 231200 → 2312, 231000 → 2310."""
    for stem in (code[:2], code[:4]):
        if code == stem.ljust(6, "0"):
            return stem
    return code


def lies_in(code: str, area: str) -> bool:
    """Whether the division `code` is the division `area` or lies inside it."""
    return code.startswith(division_prefix(area))
