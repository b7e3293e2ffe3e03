"""How each server wants to be asked for the same."""

from dataclasses import dataclass
from urllib.parse import quote

from tests.benchmarks.data import FIELDS, slug

#: What a server's name in results stands for.
OURS, DRF_GIS, TIPG, PYGEOAPI = "Geoportal", "djangorestframework-gis", "TiPg", "pygeoapi"
MAPSERVER, QGIS = "MapServer", "QGIS Server"
#: Answers with the best SQL and does nothing else.
BARE = "bare WSGI"

Box = tuple[float, float, float, float]
Place = tuple[int, int, int]
_NAMES = ",".join(name for name, _type, _expression in FIELDS)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Addresses with gaps: `kind` and `slug` of a layer, `number` of a feature, and so on.

    `form` is what has the server answer in GeoJSON, `deep` how a page far behind is named, `filter`
    whether CQL2 is understood.
    """

    items: str
    one: str = "/{number}"
    form: str = ""
    bbox: str = "bbox"
    deep: str = "offset={number}"
    tile: str = ""
    filter: bool = False


_ASKED = {
    OURS: _Asked(
        items="/api/collections/{slug}/items",
        one="/p{number}",
        deep="after={cursor}",
        tile=f"/api/collections/{{slug}}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}?properties={_NAMES}",
        filter=True,
    ),
    DRF_GIS: _Asked(items="/{kind}/", one="{number}/", bbox="in_bbox", deep="page={page}"),
    TIPG: _Asked(
        items="/collections/public.bench_{kind}/items",
        form="f=geojson",
        tile="/collections/public.bench_{kind}/tiles/WebMercatorQuad/{z}/{x}/{y}",
        filter=True,
    ),
    PYGEOAPI: _Asked(items="/collections/bench_{kind}/items", form="f=json", filter=True),
    MAPSERVER: _Asked(
        items="/bench/ogcapi/collections/bench_{kind}/items",
        form="f=json",
        tile="/?map=bench&mode=tile&tilemode=gmap&map.imagetype=mvt&layers=bench_{kind}&tile={x}+{y}+{z}",
    ),
    QGIS: _Asked(items="/wfs3/collections/bench_{kind}/items", form="f=geojson"),
}
SERVERS = tuple(_ASKED)
#: Those that understand a filter in CQL2, and those that give vector tiles. pygeoapi is not asked
#: for tiles, of which one of 4,000 features takes it half a minute and more.
FILTERING = tuple(name for name, asked in _ASKED.items() if asked.filter)
TILING = tuple(name for name, asked in _ASKED.items() if asked.tile)


def text(box: Box) -> str:
    """A box as requests give it."""
    return ",".join(f"{side:.6f}" for side in box)


def page(server: str, kind: str, /, *, limit: int, box: Box | None = None, **values: str) -> str:
    """The first features, in a box where one is given, with these values of parameters."""
    asked = _ASKED[server]
    given = {asked.bbox: text(box)} if box else {}
    given |= {name: quote(value) for name, value in values.items()}
    return _address(asked.items, kind, asked, f"limit={limit}", *map("=".join, given.items()))


def deep_page(server: str, kind: str, *, limit: int, number: int, cursor: str) -> str:
    """The features that follow so many others; `cursor` is the place of ours."""
    asked = _ASKED[server]
    place = asked.deep.format(number=number, page=number // limit + 1, cursor=cursor)
    return _address(asked.items, kind, asked, f"limit={limit}", place)


def feature(server: str, kind: str, number: int) -> str:
    """A single feature."""
    asked = _ASKED[server]
    return _address(asked.items + asked.one.format(number=number), kind, asked)


def tile(server: str, kind: str, place: Place) -> str:
    """A tile with all properties, by level, column and row."""
    z, x, y = place
    return _ASKED[server].tile.format(kind=kind, slug=slug(kind), z=z, x=x, y=y)


def _address(path: str, kind: str, asked: _Asked, *query: str) -> str:
    said = "&".join(filter(None, (*query, asked.form)))
    path = path.format(kind=kind, slug=slug(kind))
    return f"{path}?{said}" if said else path
