"""At which voltage a park or plot is supplied, as expressions of their layers."""

from django.db.models import Expression, FloatField, Max, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce

from investment.catalog.models import Utility, UtilityKind
from layers.records.publication import is_public


def voltage_in_park() -> Expression:
    """The highest voltage at which a park is supplied, in kV."""
    return _highest(Q(park=OuterRef("pk")))


def voltage_at_site() -> Expression:
    """The highest voltage at the plot; where the plot names no supply, in its public park."""
    in_park = Q(is_public("park"), park=OuterRef("park"))
    return Coalesce(_highest(Q(site=OuterRef("pk"))), _highest(in_park))


def _highest(of_record: Q) -> Expression:
    supplies = Utility.objects.filter(of_record, kind=UtilityKind.POWER.value).order_by()
    highest = supplies.values("kind").annotate(highest=Max("voltage_kv")).values("highest")
    return Cast(Subquery(highest), FloatField())
