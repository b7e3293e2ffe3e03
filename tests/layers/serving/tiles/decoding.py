"""A reader of vector tiles that takes the specification at its word, and keeps types apart."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

import shapely

_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5


class Feature(NamedTuple):
    """A feature: its number, its properties with their types, its shape in units of the tile."""

    id: int
    properties: dict[str, tuple[str, object]]
    shape: shapely.Geometry


class Layer(NamedTuple):
    """A layer of a tile."""

    name: str
    version: int
    extent: int
    features: list[Feature]


def layers_of(body: bytes) -> list[Layer]:
    """The layers of a tile."""
    return [_layer(data) for number, data in _fields(body) if number == 3]


def _layer(data: bytes) -> Layer:
    held: dict[int, list] = {}
    for number, value in _fields(data):
        held.setdefault(number, []).append(value)
    (name,), (version,), (extent,) = held[1], held[15], held[5]
    keys = [each.decode() for each in held.get(3, [])]
    assert len(set(keys)) == len(keys)
    values = [_value(each) for each in held.get(4, [])]
    return Layer(
        name.decode(), version, extent, [_feature(each, keys, values) for each in held.get(2, [])]
    )


def _value(data: bytes) -> tuple[str, object]:
    ((number, value),) = _fields(data)
    match number:
        case 1:
            return "string", value.decode()
        case 3:
            return "double", struct.unpack("<d", value)[0]
        case 5:
            return "uint", value
        case 6:
            return "sint", _unfolded(value)
        case 7:
            return "bool", bool(value)
    raise AssertionError(f"a value of kind {number}")


def _feature(data: bytes, keys: list, values: list) -> Feature:
    held = dict(_fields(data))
    tags = list(_varints(held.get(2, b"")))
    named = [(keys[key], values[value]) for key, value in zip(tags[::2], tags[1::2], strict=True)]
    assert len(dict(named)) == len(named)
    shape = _SHAPES[held[3]](list(_parts(list(_varints(held[4])))))
    return Feature(held[1], dict(named), shape)


def _parts(numbers: list[int]) -> Iterator[tuple[list, bool]]:
    """Points of each part, and whether it is closed."""
    x = y = place = 0
    points: list = []
    while place < len(numbers):
        command, times = numbers[place] & 7, numbers[place] >> 3
        place += 1
        if command == 7:
            assert times == 1
            yield points, True
            points = []
            continue
        if command == 1 and points:
            yield points, False
            points = []
        for _ in range(times):
            dx, dy = map(_unfolded, numbers[place : place + 2])
            assert command == 1 or (dx, dy) != (0, 0)
            x, y, place = x + dx, y + dy, place + 2
            points.append((x, y))
    if points:
        yield points, False


def _points(parts: list) -> shapely.Geometry:
    ((points, is_closed),) = parts
    assert not is_closed
    return shapely.MultiPoint(points)


def _lines(parts: list) -> shapely.Geometry:
    assert all(len(points) > 1 and not is_closed for points, is_closed in parts)
    return shapely.MultiLineString([points for points, _ in parts])


def _areas(parts: list) -> shapely.Geometry:
    areas: list = []
    for points, is_closed in parts:
        assert is_closed
        assert len(points) > 2
        if _area(points) > 0:
            areas.append((points, []))
        else:
            assert _area(points) < 0
            areas[-1][1].append(points)
    return shapely.MultiPolygon(areas)


def _area(points: list) -> int:
    """Twice the area by the surveyor's formula."""
    following = [*points[1:], points[0]]
    return sum(x * b - a * y for (x, y), (a, b) in zip(points, following, strict=True))


_SHAPES = {1: _points, 2: _lines, 3: _areas}


def _unfolded(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, place = _varint(data, place)
        else:
            size = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}.get(kind)
            if size is None:
                assert kind == _BYTES
                size, place = _varint(data, place)
            assert place + size <= len(data)
            value, place = data[place : place + size], place + size
        yield number, value


def _varints(data: bytes) -> Iterator[int]:
    place = 0
    while place < len(data):
        number, place = _varint(data, place)
        yield number


def _varint(data: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while data[place] > 127:
        number |= (data[place] & 127) << shift
        place, shift = place + 1, shift + 7
    last = data[place]
    assert last or not shift, "written longer than need be"
    return number | last << shift, place + 1
