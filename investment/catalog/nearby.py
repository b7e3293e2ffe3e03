"""What is near a place (周边条件): the distances investors ask for first."""

from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from layers.bilingual import Text
from layers.catalog.declarations import declaration_for
from layers.catalog.models import Layer
from layers.records.proximity import nearest
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


@dataclass(frozen=True, kw_only=True)
class Near:
    """The nearest of one kind; the distance is straight, in metres on the ellipsoid."""

    question: str
    icon: str
    name: Text
    distance_m: float


def near(geom: GEOSGeometry) -> list[Near]:
    """The nearest of each kind that is in use; kinds nobody has mapped are left out."""
    layers = Layer.objects.public().filter(slug__in={layer for _q, layer, _k, _i in _ASKED})
    declarations = {layer.slug: declaration_for(layer) for layer in layers}
    answers = []
    for question, layer, kind, icon in _ASKED:
        if layer not in declarations:
            continue
        records = _in_use(declarations[layer], kind)
        for found in nearest(geom=geom, declaration=declarations[layer], records=records):
            answers.append(
                Near(question=question, icon=icon, name=found.name, distance_m=found.distance_m)
            )
    return answers


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
