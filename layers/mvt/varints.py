"""Numbers of any length in bytes (varints of Protocol Buffers), many at a time."""

from typing import NamedTuple

import numpy as np

#: The first byte value that tells of another byte to come.
MORE = 128
#: A number of as many bytes or more is none that we write.
_LONGEST = 10


class Slots(NamedTuple):
    """Numbers side by side, each in as many bytes as the largest needs, and which of those count.

    Both have one axis more than the numbers.
    """

    data: np.ndarray
    used: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """How many bytes each number takes."""
        return self.used.sum(axis=-1, dtype=np.int32)


def slots(numbers: np.ndarray) -> Slots:
    """Numbers that are not negative as varints."""
    largest = int(numbers.max(initial=0))
    width = max(1, -(-largest.bit_length() // 7))
    if width == 1:
        data = numbers.astype(np.uint8)[..., None]
        return Slots(data, np.ones_like(data, dtype=bool))
    shifted = numbers[..., None] >> np.arange(0, 7 * width, 7, dtype=numbers.dtype)
    used = shifted > 0
    used[..., 0] = True
    data = shifted.astype(np.uint8)
    data &= MORE - 1
    data[..., :-1] |= used[..., 1:].view(np.uint8) << 7
    return Slots(data, used)


def read(data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers that stand in bytes one after the other, and how many bytes each takes."""
    ends = np.flatnonzero(data < MORE)
    sizes = np.diff(ends, prepend=-1)
    starts = ends - sizes + 1
    numbers = (data[starts] & (MORE - 1)).astype(np.int64)
    longer, place = np.flatnonzero(sizes > 1), 1
    while len(longer) and place < _LONGEST:
        part = (data[starts[longer] + place] & (MORE - 1)).astype(np.int64)
        numbers[longer] |= part << (7 * place)
        place += 1
        longer = longer[sizes[longer] > place]
    return numbers, sizes


def signed(numbers: np.ndarray) -> np.ndarray:
    """Numbers that were folded together with their sign (zigzag)."""
    return (numbers >> 1) ^ -(numbers & 1)


def folded(numbers: np.ndarray) -> np.ndarray:
    """Numbers folded together with their sign: near naught, either side takes few bytes."""
    return (numbers << 1) ^ (numbers >> (8 * numbers.itemsize - 1))


def varint(number: int) -> bytes:
    """One number."""
    found = bytearray()
    while number >= MORE:
        found.append(number & (MORE - 1) | MORE)
        number >>= 7
    found.append(number)
    return bytes(found)
