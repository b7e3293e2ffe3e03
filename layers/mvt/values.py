"""Numbers as values of a tile, each but once."""

from typing import NamedTuple

import numpy as np

from layers.mvt.varints import Slots, folded, side_by_side, slots

_VALUE = 0x22
#: Fields of the message "Value".
_DOUBLE, _UNSIGNED, _SIGNED, _BOOLEAN = 0x19, 0x28, 0x30, 0x38


class Values(NamedTuple):
    """Values in the bytes of a tile, how many, and which of them each record has."""

    data: bytes
    count: int
    places: np.ndarray


def values_of(numbers: np.ndarray, kind: str) -> Values:
    """The values of a field of this type."""
    different, places = np.unique(numbers, return_inverse=True)
    return Values(_written(different, kind), len(different), places)


def _written(numbers: np.ndarray, kind: str) -> bytes:
    if kind == "number":
        data = np.empty((len(numbers), 11), np.uint8)
        data[:, :3] = _VALUE, 9, _DOUBLE
        data[:, 3:] = numbers.astype("<f8").view(np.uint8).reshape(-1, 8)
        return data.tobytes()
    whole = numbers.astype(np.int64)
    if kind == "boolean":
        return _messages(_BOOLEAN, whole)
    # In order: those below naught come first.
    return _messages(_SIGNED, folded(whole[whole < 0])) + _messages(_UNSIGNED, whole[whole >= 0])


def _messages(tag: int, numbers: np.ndarray) -> bytes:
    number = slots(numbers.view(np.uint64))
    sizes = slots(1 + number.sizes)
    made: Slots = side_by_side([_VALUE, sizes, tag, number], len(numbers))
    return made.data[made.used].tobytes()
