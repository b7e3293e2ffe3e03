"""Numbers and angles as people write them in tables: decimals, decimal commas, degrees minutes."""

import re

_SEPARATED = re.compile(
    r"""^\s*([NSEWnsew东西南北])?\s*([+-]?\d+(?:[.,]\d+)?)      # degrees
        (?:\s*[°º度d:：\-\s]\s*(\d+(?:[.,]\d+)?))                # minutes
        (?:\s*['′’分m:：\-\s]\s*(\d+(?:[.,]\d+)?))?              # seconds
        \s*(?:["″”秒s]|'')?\s*['′’分]?\s*([NSEWnsew东西南北])?\s*$""",
    re.VERBOSE,
)
_PLAIN = re.compile(
    r"^\s*([NSEW东西南北])?\s*([+-]?[\d.,]+(?:[eE][+-]?\d+)?)\s*[°º度]?\s*([NSEW东西南北])?\s*$"
)


def number(text: str) -> float | None:
    """A coordinate in degrees or metres: 126.9843, 126,9843, 42 498 000.5, 125°19′22.7″E.

    None where the text is not one number.
    """
    plain = _PLAIN.match(text)
    if plain:
        value = _decimal(plain[2])
        return None if value is None else _signed(value, plain[1] or plain[3])
    parts = _SEPARATED.match(text)
    if parts is None:
        return None
    degrees, minutes, seconds = (float((p or "0").replace(",", ".")) for p in parts.group(2, 3, 4))
    if minutes >= 60 or seconds >= 60:
        return None
    value = abs(degrees) + minutes / 60 + seconds / 3600
    return _signed(-value if parts[2].startswith("-") else value, parts[1] or parts[5])


def _decimal(text: str) -> float | None:
    """One comma and no point is a decimal comma (126,9629); commas before a point group digits."""
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _signed(value: float, hemisphere: str | None) -> float:
    return -value if hemisphere and hemisphere.upper() in "SW西南" else value
