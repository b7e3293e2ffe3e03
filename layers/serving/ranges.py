"""Byte ranges of a download (RFC 9110 §14), so that a broken one goes on where it stopped."""

import re
from dataclasses import dataclass

_SPEC = re.compile(r"bytes=\s*(?:(\d+)\s*-\s*(\d*)|-\s*(\d+))\s*", re.IGNORECASE)
#: Behind the end of every file; longer figures are not read, which could cost much.
_FAR = 10**18


class Unsatisfiable(Exception):
    """The range begins behind the end of the file: 416."""


@dataclass(frozen=True)
class Range:
    """The bytes `start` to `end`, both included, of `size`."""

    start: int
    end: int
    size: int

    @property
    def length(self) -> int:
        return self.end - self.start + 1

    @property
    def reaches_the_end(self) -> bool:
        """Whether the last byte of the file is among them."""
        return self.end == self.size - 1

    def __str__(self):
        return f"bytes {self.start}-{self.end}/{self.size}"


def parse_range(header: str, size: int) -> Range | None:
    """The one range asked for; none where the whole file is the answer.

    Headers that are malformed, in another unit or ask for several ranges are ignored, which the
    standard allows. Raises Unsatisfiable.
    """
    match = _SPEC.fullmatch(header.strip())
    if not match:
        return None
    first, last, suffix = match.groups()
    if suffix is not None:
        if _figure(suffix) == 0:
            raise Unsatisfiable
        return Range(max(0, size - _figure(suffix)), size - 1, size)
    start, end = _figure(first), _figure(last) if last else size - 1
    if last and end < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Range(start, min(end, size - 1), size)


def _figure(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= 18 else _FAR
