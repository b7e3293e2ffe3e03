"""What is near a place (周边条件): the distances investors ask for first."""

from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from layers.records.proximity import Nearby, nearest

#: Question, layer, kind of record in it, picture. In the order investors ask.
_ASKED = (
    (_("Railway station"), "transport-hubs", {"kind": "railway_station"}, "train"),
    (_("Expressway access"), "transport-hubs", {"kind": "interchange"}, "road"),
    (_("Airport"), "transport-hubs", {"kind": "airport"}, "plane"),
    (_("Substation"), "substations", None, "power"),
    (_("Coach station"), "transport-hubs", {"kind": "coach_station"}, "bus"),
    (_("Hospital"), "hospitals", None, "hospital"),
)


@dataclass(frozen=True, kw_only=True)
class Near:
    """The nearest of one kind; the distance is straight, in metres on the ellipsoid."""

    question: str
    icon: str
    found: Nearby


def near(geom) -> list[Near]:
    """The nearest of each kind that is on the map; kinds nobody has mapped are left out."""
    answers = []
    for question, layer, where, icon in _ASKED:
        # Staff keep the data dictionary and may have dropped the field: then there is no answer.
        with suppress(KeyError):
            found = next(
                filter(_in_use, nearest(geom=geom, layer=layer, where=where, count=4)), None
            )
            if found:
                answers.append(Near(question=question, icon=icon, found=found))
    return answers


def _in_use(found: Nearby) -> bool:
    """What is only planned or being built takes nobody anywhere yet."""
    return found.properties.get("status") in (None, "", "operating")
