"""One file with all tiles: PMTiles, version 3 of its specification."""

import gzip
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pmtiles.tile import Compression, TileType
from pmtiles.writer import Writer

from layers.serving.static_set.description import StaticSet, metadata
from layers.serving.static_set.pyramid import Filled
from layers.serving.tiles.contents import Box

#: Degrees are kept as whole numbers of so many to the degree.
_PER_DEGREE = 10_000_000
_SQUARE = 85.0511287798066


@dataclass
class Written:
    """What came into an archive; `gathered` are tiles of its last level that gather records."""

    tiles: int = 0
    gathered: int = 0


def write_archive(
    path: Path,
    tiles: Iterable[Filled],
    static_set: StaticSet,
    progress: Callable[[int, int], None],
) -> Written:
    """Write the tiles of a set in their order; `progress` is told each level and tiles so far.

    The same tiles give the same bytes. Nothing is written where there is no tile.
    """
    written, level = Written(), 0
    with path.open("wb") as file:
        writer = Writer(file)
        with closing(writer.tile_f):
            for filled in tiles:
                if filled.tile.level != level:
                    progress(level, written.tiles)
                    level = filled.tile.level
                # Without the time: what is the same stays the same.
                writer.write_tile(filled.id, gzip.compress(filled.body, mtime=0))
                written.tiles += 1
                written.gathered += filled.is_gathered and level == static_set.last
            if written.tiles:
                progress(level, written.tiles)
                writer.finalize(_header(static_set.box), metadata(static_set))
    return written


def _header(box: Box) -> dict:
    west, south, east, north = box
    south, north = max(south, -_SQUARE), min(north, _SQUARE)
    sides = {"min_lon": west, "min_lat": south, "max_lon": east, "max_lat": north}
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        **{f"{name}_e7": round(degrees * _PER_DEGREE) for name, degrees in sides.items()},
    }
