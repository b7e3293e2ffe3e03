"""The base maps (底图) a visitor may put under the layers, as the settings name them.

None is the default: the service draws a finished map by itself and works without the internet.
Addresses carry {z}, {x} and {y} (Web Mercator); WMTS ones may carry {TileMatrix}, {TileCol} and
{TileRow} instead. GCJ-02 and BD-09 tiles would lie hundreds of metres off and have no place here.
"""

from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

from layers.bilingual import Text

KINDS = ("xyz", "wmts")
_WMTS_NAMES = {"{TileMatrix}": "{z}", "{TileCol}": "{x}", "{TileRow}": "{y}"}


@dataclass(frozen=True)
class BaseMap:
    """One choice of the base map switch; several addresses are drawn one above the other."""

    id: str
    title: Text
    tiles: tuple[str, ...]
    attribution: Text
    max_zoom: int = 18

    @property
    def origins(self) -> set[str]:
        """Where the tiles come from, for the content security policy."""
        return {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in self.tiles}

    def as_page_data(self) -> dict:
        """What the map page reads, texts in the reader's language."""
        data = asdict(self)
        data["title"], data["attribution"] = str(self.title), str(self.attribution)
        data["maxZoom"] = data.pop("max_zoom")
        return data


class WrongBaseMap(ValueError):
    """A line of GEOPORTAL_BASE_MAPS that cannot be read."""


def configured() -> list[BaseMap]:
    """The base maps on offer, wrong lines left out (a start-up check names them)."""
    offered = [*_tianditu(), *_openstreetmap()]
    for number, line in enumerate(settings.OWN_BASE_MAPS, start=1):
        try:
            offered.append(parsed(line, number))
        except WrongBaseMap:
            continue
    return offered


def parsed(line: str, number: int) -> BaseMap:
    """Read "xyz|Title|https://host/{z}/{x}/{y}.png|attribution"; raises WrongBaseMap."""
    kind, title, url, *rest = [part.strip() for part in line.split("|")] + [""] * 3
    if kind not in KINDS or not title:
        raise WrongBaseMap("must read xyz|Title|address|attribution or wmts|…")
    for name, ours in _WMTS_NAMES.items():
        url = url.replace(name, ours)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise WrongBaseMap("needs an address beginning with https://")
    if not all(name in url for name in ("{z}", "{x}", "{y}")):
        raise WrongBaseMap("needs {z}, {x} and {y} in its address")
    attribution = rest[0]
    return BaseMap(f"own-{number}", Text(title, title), (url,), Text(attribution, attribution))


def _tianditu() -> list[BaseMap]:
    """Tianditu (天地图), the state's public map; CGCS2000, no shift."""
    if not settings.TIANDITU_KEY:
        return []
    source = Text(
        "国家地理信息公共服务平台 天地图", "Tianditu, National Platform for Geospatial Information"
    )
    return [
        BaseMap(
            "tianditu", Text("天地图 矢量", "Tianditu map"), _tianditu_tiles("vec", "cva"), source
        ),
        BaseMap(
            "tianditu-imagery",
            Text("天地图 影像", "Tianditu imagery"),
            _tianditu_tiles("img", "cia"),
            source,
        ),
    ]


def _tianditu_tiles(*layers: str) -> tuple[str, ...]:
    return tuple(
        f"https://t0.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        f"&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        f"&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={settings.TIANDITU_KEY}"
        for layer in layers
    )


def _openstreetmap() -> list[BaseMap]:
    if not settings.OPENSTREETMAP:
        return []
    return [
        BaseMap(
            "openstreetmap",
            Text("OpenStreetMap", "OpenStreetMap"),
            ("https://tile.openstreetmap.org/{z}/{x}/{y}.png",),
            Text("© OpenStreetMap 贡献者", "© OpenStreetMap contributors"),
            19,
        )
    ]


@register(Tags.security)
def own_base_maps_can_be_read(app_configs, **_kwargs):
    """Each line of GEOPORTAL_BASE_MAPS names a base map."""
    problems = []
    for number, line in enumerate(settings.OWN_BASE_MAPS, start=1):
        try:
            parsed(line, number)
        except WrongBaseMap as problem:
            problems.append(
                Error(
                    f"Line {number} of GEOPORTAL_BASE_MAPS {problem}.",
                    hint="Example: xyz|City map|https://tiles.example/{z}/{x}/{y}.png|© City",
                    id="geoportal.E010",
                )
            )
    return problems
