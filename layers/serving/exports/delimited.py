"""CSV for table programs: UTF-8 with a byte order mark, RFC 4180."""

import csv
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from layers.serving.exports.columns import columns_for, headings, table
from layers.serving.exports.export import CHUNK, Export

#: Excel reads UTF-8 without it as the local code page, and Chinese is lost.
_BYTE_ORDER_MARK = "\ufeff"
#: A text that begins so is run as a formula by table programs, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(export: Export) -> Iterator[bytes]:
    """The table as it is read from the database, chunk by chunk."""
    columns = columns_for(export)
    line = csv.writer(_Lines()).writerow
    yield (_BYTE_ORDER_MARK + line(map(safe, headings(export, columns)))).encode()
    rows = table(export, columns)
    while text := "".join(line(map(safe, row)) for row in islice(rows, CHUNK)):
        yield text.encode()


def safe(value: Any) -> Any:
    """The value with an apostrophe before a text that would run as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value.isoformat() if isinstance(value, datetime) else value


class _Lines:
    """Gives each line back to the one who writes it."""

    def write(self, line: str) -> str:
        return line
