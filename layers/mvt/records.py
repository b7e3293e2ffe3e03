"""A layer of a tile from its records: what each has, by number, and how it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.mvt import NotCovered
from layers.mvt.ragged import alternating
from layers.mvt.varints import Slots, slots, varint

EXTENT = 4096
#: Fields of a message: a number, or bytes with their length before them.
_VERSION, _NAME, _EXTENT = b"\x78\x02", b"\x0a", b"\x28" + varint(EXTENT)
_LAYER, _KEY = b"\x1a", b"\x1a"
_FEATURE, _ID, _TAGS, _KIND, _GEOMETRY = 0x12, 0x08, 0x12, 0x18, 0x22
#: A place that no point has: of a record that is none.
NO_PLACE = 2**31 - 1


@dataclass(frozen=True)
class Drawing:
    """Shapes of records as tiles have them: of which kind each is, and its bytes, of so many.

    `seen` are those records that are drawn at all; all else is of these.
    """

    seen: np.ndarray
    kinds: np.ndarray
    data: np.ndarray
    sizes: np.ndarray


def facts_of(data: bytes, number: int, fields: int) -> np.ndarray:
    """What is kept of so many records with so many fields: number, place, sizes of values.

    Raises NotCovered where one of them has nothing of the kind.
    """
    kept = np.dtype([("pk", ">i8"), ("place", ">i4", (2,)), ("sizes", ">u2", (fields,))])
    if len(data) != number * kept.itemsize:
        raise NotCovered
    return np.frombuffer(data, kept)


def layer(name: str, keys: Sequence[str], wanted: Sequence[bool], facts, values, drawing) -> bytes:
    """A layer with the `wanted` ones of the fields; `values` are those of all, as they are kept."""
    if not drawing.seen.any():
        return b""
    sizes = facts["sizes"]
    is_given = (sizes > 0) & np.asarray(wanted) & drawing.seen[:, None]
    of_seen = is_given[drawing.seen][:, np.asarray(wanted)]
    body = [
        _VERSION,
        _with_length(_NAME, name.encode()),
        _features(facts["pk"][drawing.seen], of_seen, drawing),
        *(
            _with_length(_KEY, key.encode())
            for key, is_in in zip(keys, wanted, strict=True)
            if is_in
        ),
        _values(values, sizes, is_given),
        _EXTENT,
    ]
    return b"".join([_LAYER, varint(sum(map(len, body))), *body])


def _with_length(tag: bytes, data: bytes) -> bytes:
    return tag + varint(len(data)) + data


def _values(values: bytes, sizes: np.ndarray, is_given: np.ndarray) -> bytes:
    """The values of those fields, one record after the other."""
    if is_given.sum() == np.count_nonzero(sizes):
        return values
    is_kept = np.repeat(is_given.ravel(), sizes.ravel())
    return np.frombuffer(values, np.uint8)[is_kept].tobytes()


def _features(pks: np.ndarray, is_given: np.ndarray, drawing: Drawing) -> bytes:
    """The records: of each its kind, its number, where its values stand, and its shape."""
    tags = _tags(is_given)
    tag_sizes = tags.used.sum(axis=1, dtype=np.int32)
    number, lengths = slots(pks.astype(np.uint64)), slots(tag_sizes)
    of_shape = slots(drawing.sizes)
    whole = 5 + number.sizes + lengths.sizes + tag_sizes + of_shape.sizes + drawing.sizes
    columns = [
        _FEATURE, slots(whole), _KIND, slots(drawing.kinds), _ID, number, _TAGS, lengths, tags,
        _GEOMETRY, of_shape,
    ]  # fmt: skip
    heads = _side_by_side(columns, len(pks))
    counts = heads.used.sum(axis=1, dtype=np.int32)
    data = alternating(heads.data[heads.used], counts, drawing.data, drawing.sizes)
    return data.tobytes()


def _tags(is_given: np.ndarray) -> Slots:
    """Pairs of the number of a field and of its value."""
    count, fields = is_given.shape
    places = (np.cumsum(is_given, dtype=np.int32) - 1).reshape(is_given.shape)
    keys, values = slots(np.arange(fields)), slots(np.maximum(places, 0))
    of_keys = keys.data.shape[-1]
    data = np.empty((count, fields, of_keys + values.data.shape[-1]), np.uint8)
    used = np.empty(data.shape, bool)
    data[:, :, :of_keys], used[:, :, :of_keys] = keys
    data[:, :, of_keys:], used[:, :, of_keys:] = values
    used &= is_given[:, :, None]
    return Slots(data.reshape(count, -1), used.reshape(count, -1))


def _side_by_side(columns: Sequence[int | Slots], count: int) -> Slots:
    """Columns, those given as a number the same for all, as one."""
    widths = [1 if isinstance(each, int) else each.data.shape[1] for each in columns]
    data = np.empty((count, sum(widths)), np.uint8)
    used = np.ones(data.shape, bool)
    end = 0
    for each, width in zip(columns, widths, strict=True):
        start, end = end, end + width
        if isinstance(each, int):
            data[:, start] = each
        else:
            data[:, start:end], used[:, start:end] = each
    return Slots(data, used)
