"""File names of downloads in any script (RFC 6266 with RFC 8187 encoding)."""

import re
from urllib.parse import quote


def attachment(filename: str, fallback: str) -> str:
    """Content-Disposition: `filename` for programs of today, ASCII `fallback` for the others."""
    plain = filename if filename.isascii() else fallback
    plain = re.sub(r'["\\\x00-\x1f\x7f]', "_", plain)
    # attr-char of RFC 8187; the others are percent-encoded.
    extended = quote(filename, safe="!#$&+-.^_`|~")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{extended}"
