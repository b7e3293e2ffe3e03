"""What is kept of each record of a layer, read for all records of a tile at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from layers.mvt import NotCovered
from layers.mvt.ragged import Runs
from layers.mvt.varints import MORE

#: The types of fields whose values are kept as numbers of eight bytes; all others are texts.
KINDS_OF_NUMBERS = ("integer", "year", "number", "boolean")
#: Decimals of degrees that places have: a sixteenth of a unit of the last level.
DIGITS = 7
_NONE = -(2**63)
#: A text with all that stands around it, where its length takes one byte each time; two bytes the
#: second time; and two both times.
_SHORT, _LONG = 4 + 125, 6 + 128


@dataclass(frozen=True)
class Layout:
    """Fields as they are kept: those of texts by name, and those of numbers with their types.

    Fields are told by their place in `names`.
    """

    texts: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    has_places: bool

    @classmethod
    def of(cls, fields: Sequence[tuple[str, str]], has_places: bool) -> "Layout":
        """Of fields given by name and type, among which the key is not."""
        told = sorted(fields)
        texts = [name for name, kind in told if kind not in KINDS_OF_NUMBERS]
        numbers = [(name, kind) for name, kind in told if kind in KINDS_OF_NUMBERS]
        return cls(("id", *texts), tuple(numbers), has_places)

    @property
    def names(self) -> tuple[str, ...]:
        """All fields, the key first."""
        return (*self.texts, *(name for name, _kind in self.numbers))

    @cached_property
    def of_record(self) -> np.dtype:
        """How a record is kept."""
        place = [("place", ">i4", (2,))] if self.has_places else []
        kinds = [(f"number{at}", _TYPES[kind]) for at, (_name, kind) in enumerate(self.numbers)]
        sizes = ("sizes", ">u2", (len(self.texts),))
        return np.dtype([("pk", ">i8"), *place, sizes, *kinds])

    def read(self, data: bytes, count: int) -> np.ndarray:
        """So many records; raises NotCovered where one of them is not kept in this way."""
        if len(data) != count * self.of_record.itemsize:
            raise NotCovered
        return np.frombuffer(data, self.of_record)


_TYPES = {"number": ">f8", "integer": ">i8", "year": ">i8", "boolean": ">i8"}


def given(numbers: np.ndarray) -> np.ndarray:
    """Which of a column of numbers are any."""
    return ~np.isnan(numbers) if numbers.dtype.kind == "f" else numbers != _NONE


def texts_of(texts: bytes, sizes: np.ndarray, wanted: np.ndarray) -> bytes:
    """Those of the texts that are wanted, in the bytes of a tile."""
    if sizes.max(initial=0) > _SHORT:
        texts = _with_lengths(texts, sizes.ravel().astype(np.int64))
    if wanted.all():
        return texts
    is_kept = np.repeat(wanted.ravel(), sizes.ravel())
    return np.frombuffer(texts, np.uint8)[is_kept].tobytes()


def _with_lengths(texts: bytes, sizes: np.ndarray) -> bytes:
    """The lengths of long texts, which are no text, where others hold their place."""
    data = np.frombuffer(bytearray(texts), np.uint8)
    long = np.flatnonzero(sizes > _SHORT)
    starts, wholes = Runs.of(sizes).starts[long], sizes[long] - 3
    _put(data, starts + 1, wholes)
    is_long = sizes[long] >= _LONG
    _put(data, starts[is_long] + 4, wholes[is_long] - 3)
    data[starts[~is_long] + 4] = wholes[~is_long] - 2
    return data.tobytes()


def _put(data: np.ndarray, places: np.ndarray, lengths: np.ndarray) -> None:
    data[places] = lengths & (MORE - 1) | MORE
    data[places + 1] = lengths >> 7
