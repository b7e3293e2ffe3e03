"""Which system a file is in: given, or declared and believable; else a sentence with candidates."""

from dataclasses import dataclass

import numpy as np
import pyproj
from django.utils.translation import gettext as _

from layers.importing.crs.systems import (
    BD09,
    DEGREES,
    GCJ02,
    METRES,
    System,
    system_declared,
    system_given,
    system_of,
    wkt_name,
)
from layers.importing.errors import FileRefused
from layers.importing.problems import Problems
from layers.importing.readers.base import Axes

#: How far from the city, in degrees, data may lie whose system only the file vouches for. A wrong
#: zone moves data by three degrees, a wrong zone prefix or axis order by more than ten.
NEAR = 10.0
CHINA = (73.0, 3.0, 136.0, 54.0)
#: CGCS2000 Gauss-Krüger in the order to propose: 3° by central meridian, by zone number; 6° zones.
GAUSS_KRUEGER = (*range(4534, 4555), *range(4513, 4534), *range(4502, 4513), *range(4491, 4502))
OTHERS_IN_METRES = (3857, 32651, 32652)
MOST_CANDIDATES = 6

#: What readers say of formats that know one system only: the file itself vouches for nothing.
BY_STANDARD = "OGC:CRS84"

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Placing:
    """A decision: the system, how it was found, and whether x and y change places."""

    system: System
    how: str
    swapped: bool = False

    def to_degrees(self, xy: np.ndarray) -> np.ndarray:
        """Positions as the file has them (n × 2) to CGCS2000 longitude, latitude."""
        return self.system.to_degrees(xy[:, ::-1] if self.swapped else xy)


def decide(
    *,
    declared: str,
    given: str,
    bounds: Box,
    axes: Axes,
    city: Box | None,
    swap: bool,
    problems: Problems,
) -> Placing:
    """The placing of a file whose coordinates span `bounds` (west, south, east, north as found)."""
    if given:
        placing = _given(system_given(given), bounds, axes, city, swap=swap, problems=problems)
    else:
        system = _from_file(declared, bounds, axes, city, problems)
        placing = Placing(system, _how(declared), swap)
    landed = landing(placing, bounds)
    if not _on_earth(landed):
        raise FileRefused("crs-off-the-earth", _off_earth(placing, bounds, city))
    if not given and city and not _near(landed, city):
        raise FileRefused("crs-far-from-city", _far(placing, bounds, landed, city))
    _tell(placing, landed, city, given, problems)
    return placing


def _how(declared: str) -> str:
    if declared == BY_STANDARD:
        return "standard"
    return "file" if declared else "assumed"


def landing(placing: Placing, bounds: Box) -> Box:
    """The extent of the data in degrees, from the corners and edges of its box."""
    west, south, east, north = bounds
    along = np.linspace(0.0, 1.0, 9)
    x, y = west + along * (east - west), south + along * (north - south)
    edge = np.concatenate(
        [
            np.column_stack([x, np.full(9, south)]),
            np.column_stack([x, np.full(9, north)]),
            np.column_stack([np.full(9, west), y]),
            np.column_stack([np.full(9, east), y]),
        ]
    )
    degrees = placing.to_degrees(edge)
    return tuple(float(v) for v in (*degrees.min(axis=0), *degrees.max(axis=0)))


def _given(system, bounds, axes: Axes, city, *, swap, problems) -> Placing:
    """A system a person vouches for; columns X and Y of a survey may still be north and east."""
    placing = Placing(system, "given", swap)
    if axes.surveyed and not swap and system.units == METRES:
        turned = Placing(system, "given", swapped=True)
        if _fits(turned, bounds, city) and not _fits(placing, bounds, city):
            message = _("X was read as northing and Y as easting, as Chinese surveys write them.")
            problems.warning("axes-swapped", message)
            return turned
    return placing


def _from_file(declared: str, bounds: Box, axes: Axes, city, problems: Problems) -> System:
    if declared:
        system = system_declared(declared)
        if system is None:
            message = _(
                "The coordinate system that the file names (%(name)s) is not a known one. "
                "%(candidates)s"
            )
            name = wkt_name(declared)
            proposal = propose(bounds, city)
            raise FileRefused("crs-unknown", message % {"name": name, "candidates": proposal})
        return system
    if axes.named_degrees and _on_earth(bounds):
        message = _(
            "The file names no coordinate system; its longitudes and latitudes were read as "
            "CGCS2000. Coordinates copied from Chinese web maps need --crs GCJ-02 or BD-09."
        )
        problems.warning("crs-assumed", message)
        return system_of(pyproj.CRS.from_epsg(4490))
    message = _("The file does not say in which coordinate system it is. %(candidates)s")
    raise FileRefused("crs-missing", message % {"candidates": propose(bounds, city)})


def propose(bounds: Box, city: Box | None) -> str:
    """A sentence with the systems in which the data would land in the city (or in China)."""
    fitting = candidates(bounds, city)
    if not fitting:
        return _("No usual system puts the data in the city; give the right one with --crs.")
    listed = "; ".join(
        f"{placing.system.title}{_(' with --swap') if placing.swapped else ''} → "
        f"{_place(landing(placing, bounds))}"
        for placing in fitting[:MOST_CANDIDATES]
    )
    return _("Give it with --crs. Fitting by where the data would land: %(list)s.") % {
        "list": listed
    }


def candidates(bounds: Box, city: Box | None) -> list[Placing]:
    """Usual systems in which data with these bounds would land in the city, or else in China."""
    degrees = max(abs(number) for number in bounds) <= 180.0
    if degrees:
        systems = [system_of(pyproj.CRS.from_epsg(4490)), GCJ02, BD09]
    else:
        codes = (*GAUSS_KRUEGER, *OTHERS_IN_METRES)
        systems = [system_of(pyproj.CRS.from_epsg(code)) for code in codes]
    straight = [Placing(system, "candidate") for system in systems]
    turned = [Placing(system, "candidate", swapped=True) for system in systems]
    fitting = [placing for placing in straight if _fits(placing, bounds, city)]
    return fitting or [placing for placing in turned if _fits(placing, bounds, city)]


def _fits(placing: Placing, bounds: Box, city: Box | None) -> bool:
    """Whether the middle of the data lies in the city, or in China and the zone's own area."""
    west, south, east, north = bounds
    middle = np.array([[(west + east) / 2, (south + north) / 2]])
    lon, lat = placing.to_degrees(middle)[0]
    if not np.isfinite([lon, lat]).all():
        return False
    box = _grown(city, 0.5) if city else CHINA
    inside = box[0] <= lon <= box[2] and box[1] <= lat <= box[3]
    return bool(inside and _in_own_area(placing.system, lon))


def _in_own_area(system: System, lon: float) -> bool:
    """A zone fits only near its own meridian: any easting fits some place in any zone."""
    if not system.epsg:
        return True
    area = pyproj.CRS.from_epsg(system.epsg).area_of_use
    return area is None or area.west - 1.5 <= lon <= area.east + 1.5


def _tell(placing: Placing, landed: Box, city, given: str, problems: Problems) -> None:
    system = placing.system
    if placing.how == "standard":
        message = _(
            "The file names no coordinate system and was read as its format prescribes, as WGS 84. "
            "Coordinates copied from Chinese web maps need --crs GCJ-02 or BD-09."
        )
        problems.warning("crs-by-standard", message)
    if system.datum:
        accuracy = _("%(m)g m") % {"m": system.accuracy} if system.accuracy else _("unknown")
        message = _(
            "%(name)s rests on another datum (%(datum)s). Accuracy of the shift to CGCS2000: "
            "%(accuracy)s; where it must be better, transform with the official parameters first."
        )
        problems.warning(
            "datum-shift",
            message % {"name": system.title, "datum": system.datum, "accuracy": accuracy},
        )
    if city and given and not _near(landed, city):
        message = _("The data lies around %(place)s, far from the city.")
        problems.warning("far-from-city", message % {"place": _place(landed)})


def _off_earth(placing: Placing, bounds: Box, city: Box | None) -> str:
    x, y = bounds[0], bounds[1]
    turned = Placing(placing.system, placing.how, not placing.swapped)
    if placing.system.units == DEGREES and _on_earth(landing(turned, bounds)):
        message = _(
            "Longitude and latitude are in the wrong order (x %(x)s, y %(y)s). Import with --swap."
        )
    elif placing.system.units == DEGREES:
        message = _(
            "Coordinates such as %(x)s, %(y)s are not degrees, as %(name)s would have it. "
            "%(candidates)s"
        )
    else:
        message = _("In %(name)s the coordinates %(x)s, %(y)s are off the earth. %(candidates)s")
    return message % {
        "x": f"{x:.10g}",
        "y": f"{y:.10g}",
        "name": placing.system.title,
        "candidates": propose(bounds, city),
    }


def _far(placing: Placing, bounds: Box, landed: Box, city: Box) -> str:
    turned = Placing(placing.system, placing.how, not placing.swapped)
    if _fits(turned, bounds, city):
        message = _(
            "With x and y changed over, the data would lie in the city. Import with --swap, or "
            "give --crs to import it around %(place)s as it is."
        )
    else:
        message = _(
            "The file says %(name)s, but then the data lies around %(place)s, far from the city. "
            "If that is right, give --crs; it is not taken from the file alone."
        )
    return message % {"name": placing.system.title, "place": _place(landed)}


def _place(box: Box) -> str:
    return f"{(box[0] + box[2]) / 2:.2f}, {(box[1] + box[3]) / 2:.2f}"


def _on_earth(box: Box) -> bool:
    west, south, east, north = box
    finite = np.isfinite(box).all()
    return bool(finite and west >= -180 and south >= -90 and east <= 180 and north <= 90)


def _near(box: Box, city: Box) -> bool:
    reach = _grown(city, NEAR)
    return box[0] <= reach[2] and box[2] >= reach[0] and box[1] <= reach[3] and box[3] >= reach[1]


def _grown(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by
