"""Versions of what the public sees, as they stand in addresses and headers.

A version is made from the state of a layer (layers.postgis.states), of several layers from theirs.
What lies at an address below a version never changes, so anybody may keep it for ever.
"""

from hashlib import blake2b

#: Names the version that an answer was made from.
HEADER = "Geoportal-Version"
#: Part of every version: raise it when the same records are written otherwise.
_ENCODING = "2"
PATTERN = "[0-9a-f]{16}"


def version_of(*states: str) -> str:
    """The version of layers in these states."""
    text = chr(0).join((_ENCODING, *states))
    return blake2b(text.encode(), digest_size=8).hexdigest()
