"""Which tiles of layers hold something, from the whole world down."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from pmtiles.tile import zxy_to_tileid

from layers.postgis.matrices import WEB_MERCATOR, Tile
from layers.postgis.tiles import LayerTile

Place = tuple[int, int]
_WORLD: Place = (0, 0)


class Filled(NamedTuple):
    """A tile that holds something: its number in the archive, and its layers one after another."""

    id: int
    tile: Tile
    body: bytes
    is_gathered: bool


@dataclass
class Pyramid:
    """The tiles of a layer, level by level; `read` gives one, `first` is the first level shown.

    A tile without records has none below it either: the margin of each lies within that of the one
    above. So only what lies below tiles with records is read.
    """

    first: int
    read: Callable[[Tile], LayerTile]
    filled: set[Place] = field(default_factory=set)

    def descend(self, level: int) -> None:
        """Go to the next level, where all places may hold something that lie below filled ones."""
        if level == 0:
            self.filled = {_WORLD}
            return
        halves = tuple(product((0, 1), (0, 1)))
        below = ((2 * r + i, 2 * c + j) for r, c in self.filled for i, j in halves)
        self.filled = set(below)

    def tile(self, tile: Tile) -> LayerTile | None:
        """What the layer has in a tile of this level; None: nothing, or it is not shown yet."""
        place = (tile.row, tile.column)
        if place not in self.filled:
            return None
        made = self.read(tile)
        if made.is_empty:
            self.filled.remove(place)
        return None if made.is_empty or tile.level < self.first else made


def filled_tiles(pyramids: list[Pyramid], last: int) -> Iterator[Filled]:
    """The tiles of Web Mercator with something in them, in the order of the archive's numbers."""
    for level in range(last + 1):
        for each in pyramids:
            each.descend(level)
        places = set().union(*(each.filled for each in pyramids))
        for number, row, column in sorted(_numbered(level, place) for place in places):
            tile = Tile(WEB_MERCATOR, level, row, column)
            # A level is told by all layers: the next descends from what each of them has.
            made = [found for each in pyramids if (found := each.tile(tile)) is not None]
            if body := b"".join(each.body for each in made):
                yield Filled(number, tile, body, any(each.is_gathered for each in made))


def _numbered(level: int, place: Place) -> tuple[int, int, int]:
    row, column = place
    return zxy_to_tileid(level, column, row), row, column
