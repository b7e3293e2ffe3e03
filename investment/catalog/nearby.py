"""What is near a place (周边条件): the distances investors ask for first."""

from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from investment.catalog.surroundings import Surroundings
from layers.bilingual import Text
from layers.records.proximity import nearest_of_each
from layers.registry import Declaration

#: Question, layer, kind of record in it, picture. In the order investors ask.
_ASKED = (
    (_("Railway station"), "transport-hubs", "railway_station", "train"),
    (_("Expressway access"), "transport-hubs", "interchange", "road"),
    (_("Airport"), "transport-hubs", "airport", "plane"),
    (_("Substation"), "substations", None, "power"),
    (_("Coach station"), "transport-hubs", "coach_station", "bus"),
    (_("Hospital"), "hospitals", None, "hospital"),
)
#: The layers they are looked for in.
LAYERS = {layer for _question, layer, _kind, _icon in _ASKED}


@dataclass(frozen=True, kw_only=True)
class Near:
    """The nearest of one kind; the distance is straight, in metres on the ellipsoid."""

    question: str
    icon: str
    name: Text
    distance_m: float


def near(geom: GEOSGeometry, *, around: Surroundings | None = None) -> list[Near]:
    """The nearest of each kind that is in use; kinds nobody has mapped are left out."""
    around = around or Surroundings(LAYERS)
    asked = [one for one in _ASKED if one[1] in around.layers]

    def find_near() -> list:
        declarations = {slug: around.layers[slug].declaration for slug in LAYERS & {*around.layers}}
        chosen = [
            (declarations[layer], _in_use(declarations[layer], kind))
            for _question, layer, kind, _icon in asked
        ]
        return nearest_of_each(geom=geom, among=chosen)

    found = around.kept(find_near, geom.hex, drawn_from=LAYERS)
    return [
        Near(question=question, icon=icon, name=nearest.name, distance_m=nearest.distance_m)
        for (question, _layer, _kind, icon), nearest in zip(asked, found, strict=True)
        if nearest
    ]


def _in_use(declaration: Declaration, kind: str | None) -> QuerySet:
    """The public records of a kind; what is only planned or being built takes nobody anywhere."""
    fields = {field.name: field.expression for field in declaration.public_fields}
    records = declaration.public_records()
    # Staff keep the data dictionary and may have dropped a field: of no kind then, but in use.
    if kind:
        known = fields.get("kind", Value(""))
        records = records.alias(of_kind=known).filter(of_kind=kind)
    if "status" in fields:
        operating = Q(standing__isnull=True) | Q(standing__in=("", "operating"))
        records = records.alias(standing=fields["status"]).filter(operating)
    return records
