"""A layer of a tile from its records: what each has, by number, and how it is drawn."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from layers.mvt.facts import Layout, given, texts_of
from layers.mvt.ragged import alternating
from layers.mvt.values import values_of
from layers.mvt.varints import Slots, side_by_side, slots, varint

EXTENT = 4096
#: Fields of a message: a number, or bytes with their length before them.
_VERSION, _NAME, _EXTENT = b"\x78\x02", b"\x0a", b"\x28" + varint(EXTENT)
_LAYER, _KEY = b"\x1a", b"\x1a"
_FEATURE, _ID, _TAGS, _KIND, _GEOMETRY = 0x12, 0x08, 0x12, 0x18, 0x22
#: Where values stand is the same in all tiles that have each of them, and is reckoned for so many
#: records at once.
_AT_ONCE = 1024


@dataclass(frozen=True)
class Drawing:
    """Shapes of records as tiles have them: of which kind each is, and its bytes, of so many.

    `seen` are those records that are drawn at all; all else is of these.
    """

    seen: np.ndarray
    kinds: np.ndarray
    data: np.ndarray
    sizes: np.ndarray


@dataclass(frozen=True)
class Records:
    """Records of a layer, as they are kept, of which these fields are wanted."""

    layout: Layout
    wanted: frozenset[str]
    facts: np.ndarray
    texts: bytes

    def layer(self, name: str, drawing: Drawing) -> bytes:
        """The layer of these records."""
        if not drawing.seen.any():
            return b""
        tags, values = self._tags(drawing.seen)
        keys = [each for each in self.layout.names if each in self.wanted]
        body = [
            _VERSION,
            _with_length(_NAME, name.encode()),
            _features(self.facts["pk"][drawing.seen], tags, drawing),
            *(_with_length(_KEY, key.encode()) for key in keys),
            *values,
            _EXTENT,
        ]
        return b"".join([_LAYER, varint(sum(map(len, body))), *body])

    def _tags(self, seen: np.ndarray) -> tuple[list[Slots], list[bytes]]:
        """Where the values of each record stand, and all values."""
        is_wanted = np.array([name in self.wanted for name in self.layout.texts])
        sizes = self.facts["sizes"]
        is_given = (sizes > 0) & is_wanted & seen[:, None]
        tags = [_tags_of_texts(is_given[seen][:, is_wanted])]
        values = [texts_of(self.texts, sizes, is_given)]
        count = np.count_nonzero(is_given)
        key = np.count_nonzero(is_wanted)
        for at, (name, kind) in enumerate(self.layout.numbers):
            if name in self.wanted:
                numbers = self.facts[f"number{at}"][seen]
                is_any = given(numbers)
                found = values_of(numbers[is_any], kind)
                tags.append(_tags_of_numbers(key, count, found.places, is_any))
                values.append(found.data)
                count, key = count + found.count, key + 1
        return tags, values


def _with_length(tag: bytes, data: bytes) -> bytes:
    return tag + varint(len(data)) + data


def _features(pks: np.ndarray, tags: list[Slots], drawing: Drawing) -> bytes:
    """The records: of each its kind, its number, where its values stand, and its shape."""
    tag_sizes = sum(each.sizes for each in tags)
    number, lengths = slots(pks.astype(np.uint64)), slots(tag_sizes)
    of_shape = slots(drawing.sizes)
    rest = 5 + number.sizes + lengths.sizes + of_shape.sizes
    heads = side_by_side(
        [
            _FEATURE, slots(rest + tag_sizes + drawing.sizes), _KIND, slots(drawing.kinds),
            _ID, number, _TAGS, lengths, *tags, _GEOMETRY, of_shape,
        ],
        len(pks),
    )  # fmt: skip
    data = alternating(heads.data[heads.used], heads.sizes, drawing.data, drawing.sizes)
    return data.tobytes()


def _tags_of_texts(is_given: np.ndarray) -> Slots:
    """Pairs of the number of a field and of its value, where texts stand record by record."""
    count, fields = is_given.shape
    if is_given.all():
        found = _full_tags(-(-count // _AT_ONCE) * _AT_ONCE, fields)
        return Slots(found.data[:count], found.used[:count], found.sizes[:count])
    places = (np.cumsum(is_given, dtype=np.int32) - 1).reshape(is_given.shape)
    return _pairs(np.maximum(places, 0), is_given)


@lru_cache(maxsize=64)
def _full_tags(count: int, fields: int) -> Slots:
    places = np.arange(count * fields, dtype=np.int32).reshape(count, fields)
    return _pairs(places, np.ones_like(places, dtype=bool))


def _pairs(places: np.ndarray, is_given: np.ndarray) -> Slots:
    count, fields = places.shape
    keys, values = slots(np.arange(fields)), slots(places)
    of_keys = keys.data.shape[-1]
    data = np.empty((count, fields, of_keys + values.data.shape[-1]), np.uint8)
    used = np.empty(data.shape, bool)
    data[:, :, :of_keys], used[:, :, :of_keys] = keys.data, keys.used
    data[:, :, of_keys:], used[:, :, of_keys:] = values.data, values.used
    used &= is_given[:, :, None]
    return Slots.of(data.reshape(count, -1), used.reshape(count, -1))


def _tags_of_numbers(key: int, before: int, places: np.ndarray, is_any: np.ndarray) -> Slots:
    """Pairs of one field, whose values stand behind so many others."""
    of_all = np.zeros(len(is_any), np.int32)
    of_all[is_any] = before + places
    value = slots(of_all)
    pairs = side_by_side([slots(np.full(len(is_any), key)), value], len(is_any))
    return Slots(pairs.data, pairs.used & is_any[:, None], pairs.sizes * is_any)
