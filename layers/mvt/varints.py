"""Numbers of any length in bytes (varints of Protocol Buffers), many at a time."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

#: The first byte value that tells of another byte to come.
MORE = 128
#: A number of as many bytes or more is none that we write.
_LONGEST = 10


class Slots(NamedTuple):
    """Numbers side by side, each in as many bytes as the largest needs, and which of those count.

    Both have one axis more than the numbers; `sizes` are how many bytes each number takes.
    """

    data: np.ndarray
    used: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, data: np.ndarray, used: np.ndarray) -> "Slots":
        """With the sizes that follow from what is used."""
        return cls(data, used, used.sum(axis=-1, dtype=np.int32))


def slots(numbers: np.ndarray) -> Slots:
    """Numbers that are not negative as varints."""
    largest = int(numbers.max(initial=0))
    width = max(1, -(-largest.bit_length() // 7))
    data = np.empty((*numbers.shape, width), np.uint8)
    used = np.empty(data.shape, bool)
    sizes = np.ones(numbers.shape, np.int32)
    used[..., 0] = True
    data[..., 0] = numbers & (MORE - 1)
    for place in range(1, width):
        numbers = numbers >> 7
        is_longer = numbers > 0
        used[..., place] = is_longer
        data[..., place] = numbers & (MORE - 1)
        data[..., place - 1] |= is_longer.view(np.uint8) << 7
        sizes += is_longer
    return Slots(data, used, sizes)


def side_by_side(columns: Sequence[int | Slots], count: int) -> Slots:
    """Columns, those given as a number of one byte the same for all, as one."""
    widths = [1 if isinstance(each, int) else each.data.shape[1] for each in columns]
    data = np.empty((count, sum(widths)), np.uint8)
    used = np.ones(data.shape, bool)
    sizes = np.full(count, sum(isinstance(each, int) for each in columns), np.int32)
    end = 0
    for each, width in zip(columns, widths, strict=True):
        start, end = end, end + width
        if isinstance(each, int):
            data[:, start] = each
        else:
            data[:, start:end], used[:, start:end] = each.data, each.used
            sizes += each.sizes
    return Slots(data, used, sizes)


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
