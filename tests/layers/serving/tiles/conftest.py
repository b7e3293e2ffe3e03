"""A reader of tiles."""

import math
from typing import NamedTuple

import pyogrio
import pytest
import shapely

from tests.layers.serving.conftest import Reader


class Drawn(NamedTuple):
    """A feature of a tile: its shape in units of the tile (4096 a side), and its properties."""

    shape: shapely.Geometry
    properties: dict


def decoded(body: bytes, folder) -> dict[str, list[Drawn]]:
    """The layers of a vector tile, read by GDAL."""
    path = folder / "tile.mvt"
    path.write_bytes(body)
    return {name: list(_features(path, name)) for name, _ in pyogrio.list_layers(path)}


def _features(path, layer: str):
    told, _, shapes, columns = pyogrio.raw.read(path, layer=layer, CLIP="NO")
    names = [str(name) for name in told["fields"]]
    rows = zip(*columns, strict=True) if columns else ((),) * len(shapes)
    for shape, row in zip(shapely.from_wkb(shapes), rows, strict=True):
        known = {n: v for n, v in zip(names, row, strict=True) if not _is_missing(v)}
        yield Drawn(shape, known)


def _is_missing(value) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def tile_of(zoom: int, lon: float, lat: float) -> str:
    """`level/row/column` of the tile of Web Mercator that holds a place."""
    tiles = 2**zoom
    column = int((lon + 180) / 360 * tiles)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * tiles)
    return f"{zoom}/{row}/{column}"


class TileReader(Reader):
    """A reader of the API who decodes tiles."""

    def __init__(self, folder):
        super().__init__()
        self._folder = folder

    def tile(self, path: str) -> dict[str, list[Drawn]]:
        response = self.ask(path)
        assert response.status_code == 200, response.content
        assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
        return decoded(response.content, self._folder) if response.content else {}

    def wells(self, zoom: int, query: str = "", at=(127.0, 46.65)) -> list[Drawn]:
        """The wells in the tile of Web Mercator that holds a place."""
        path = f"collections/wells/tiles/WebMercatorQuad/{tile_of(zoom, *at)}{query}"
        return self.tile(path).get("wells", [])


@pytest.fixture
def api(tmp_path) -> TileReader:
    return TileReader(tmp_path)
