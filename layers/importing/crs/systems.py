"""Systems that coordinates may be in, each with the way from it to CGCS2000 degrees."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyproj
import pyproj.network
from django.utils.translation import gettext as _
from pyproj.aoi import AreaOfInterest

from layers.importing.crs import shifted
from layers.importing.errors import CallRefused

# Grids are not fetched while importing: a result must not depend on the network.
pyproj.network.set_network_enabled(active=False)

#: Identified at this confidence or not at all: a lower match once moved a point by 22 degrees.
MIN_CONFIDENCE = 90
#: Geodetic systems that equal CGCS2000 at mapping precision: WGS 84 in its guises, ETRS-like ITRF.
SAME_AS_CGCS2000 = {
    *(("EPSG", code) for code in ("4490", "4480", "4479", "4326", "4979", "4978", "4755", "9057")),
    ("OGC", "CRS84"),
    ("OGC", "CRS84h"),
}
DEGREES, METRES = "degrees", "metres"


@dataclass(frozen=True)
class System:
    """A coordinate system: `to_degrees` takes n × 2 (x east, y north) to CGCS2000 lon, lat.

    `accuracy` is in metres; None where nobody says. `epsg` is 0 where there is no code.
    """

    name: str
    units: str
    to_degrees: Callable[[np.ndarray], np.ndarray]
    accuracy: float | None = 0.0
    epsg: int = 0
    datum: str = ""

    @property
    def title(self) -> str:
        """Code and name, for people."""
        return f"EPSG:{self.epsg} {self.name}" if self.epsg else self.name


GCJ02 = System("GCJ-02", DEGREES, shifted.from_gcj02, shifted.ACCURACY)
BD09 = System("BD-09", DEGREES, shifted.from_bd09, shifted.ACCURACY)


def system_given(text: str) -> System:
    """The system a person names: EPSG:n, GCJ-02, BD-09, or the path of a WKT file (.prj)."""
    spelled = text.strip().upper().replace("_", "-").replace(" ", "")
    if spelled in {"GCJ-02", "GCJ02"}:
        return GCJ02
    if spelled in {"BD-09", "BD09"}:
        return BD09
    try:
        if spelled.startswith(("EPSG:", "OGC:", "ESRI:")) or spelled.isdigit():
            return system_of(
                pyproj.CRS.from_user_input(int(spelled) if spelled.isdigit() else text)
            )
        path = Path(text)
        if path.is_file() and path.stat().st_size < 64 * 1024:
            return system_of(pyproj.CRS.from_wkt(path.read_text("utf-8-sig", "replace").strip()))
    except (pyproj.exceptions.CRSError, OSError, ValueError):
        pass
    message = _(
        "The coordinate system “%(name)s” is unknown. Give EPSG:<number>, GCJ-02, BD-09 or the "
        "path of a file with its WKT."
    )
    raise CallRefused(message % {"name": text[:80]})


@lru_cache(maxsize=64)
def system_of(crs: pyproj.CRS) -> System:
    """A system from its definition; east comes first, whatever order its axes are defined in."""
    horizontal = crs.sub_crs_list[0] if crs.is_compound else crs
    if not (horizontal.is_geographic or horizontal.is_projected):
        message = _("“%(name)s” is no system of coordinates on the earth's surface.")
        raise CallRefused(message % {"name": crs.name[:80]})
    base = horizontal.geodetic_crs
    same = base.to_authority(min_confidence=MIN_CONFIDENCE) in SAME_AS_CGCS2000
    transform = _transformer(horizontal, same)
    return System(
        name=horizontal.name,
        units=DEGREES if horizontal.is_geographic else METRES,
        to_degrees=transform,
        accuracy=0.0 if same else _accuracy(horizontal),
        epsg=horizontal.to_epsg(min_confidence=MIN_CONFIDENCE) or 0,
        datum="" if same else base.datum.name,
    )


def _transformer(crs: pyproj.CRS, same: bool):
    """Only the projection is undone where the datum is CGCS2000 already, else the datum shifted."""
    if same and crs.is_geographic:
        return lambda xy: xy
    # The base system of a projection, forced to two dimensions, keeps the datum as it is.
    target = crs.geodetic_crs if same else pyproj.CRS.from_epsg(4490)
    convert = pyproj.Transformer.from_crs(crs, target, always_xy=True, area_of_interest=_china())

    def to_degrees(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(convert.transform(xy[:, 0], xy[:, 1]))

    return to_degrees


def _china() -> AreaOfInterest:
    return AreaOfInterest(73.0, 3.0, 135.5, 54.0)


def _accuracy(crs: pyproj.CRS) -> float | None:
    convert = pyproj.Transformer.from_crs(crs, 4490, always_xy=True, area_of_interest=_china())
    return convert.accuracy if convert.accuracy >= 0 else None


def system_declared(text: str) -> System | None:
    """The system a file declares by WKT, code or URN; None where it is not identified.

    A definition without a code must match a known system with confidence; a city's own grid
    matches none, and one like it is not good enough.
    """
    try:
        crs = (
            pyproj.CRS.from_user_input(_as_code(text))
            if _is_code(text)
            else pyproj.CRS.from_wkt(text)
        )
    except pyproj.exceptions.CRSError:
        return None
    identified = crs.to_authority(min_confidence=MIN_CONFIDENCE)
    if identified is None:
        return None
    try:
        return system_of(pyproj.CRS.from_authority(*identified))
    except (pyproj.exceptions.CRSError, CallRefused):
        return None


def _is_code(text: str) -> bool:
    return "[" not in text


def _as_code(text: str) -> str:
    """Codes and URNs only: other things pyproj accepts (PROJ strings, JSON) are not declared."""
    if not text.upper().startswith(("EPSG:", "OGC:", "URN:", "HTTP://WWW.OPENGIS.NET/", "IGNF:")):
        raise pyproj.exceptions.CRSError(text)
    return text


def wkt_name(text: str) -> str:
    """The name a definition gives itself, shortened."""
    try:
        return pyproj.CRS.from_wkt(text).name[:80]
    except pyproj.exceptions.CRSError:
        return text[:80]
