"""What the layers of parks, sites and projects tell out of other tables, as expressions."""

from django.db.models import Expression, FloatField, Max, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from investment.catalog.models import Photo, Utility, UtilityKind
from layers.records.publication import is_public


def first_photo(owner: str) -> Expression:
    """The path of the first picture of a park, site or project."""
    number = Cast("pk", TextField())
    address = Concat(Value("/photos/"), number, Value("/card"), output_field=TextField())
    first = Photo.objects.filter(**{owner: OuterRef("pk")}).values(address=address)[:1]
    return Subquery(first, output_field=TextField())


def headroom_in_park(kind: UtilityKind) -> Expression:
    """What the best connection of a park has free of a utility (余量), in the unit of the kind."""
    return _most_free(kind, Q(park=OuterRef("pk")))


def headroom_at_site(kind: UtilityKind) -> Expression:
    """What is free at the plot; where the plot names no such utility, in its public park."""
    in_park = Q(is_public("park"), park=OuterRef("park"))
    return Coalesce(_most_free(kind, Q(site=OuterRef("pk"))), _most_free(kind, in_park))


def _most_free(kind: UtilityKind, of_record: Q) -> Subquery:
    connections = Utility.objects.filter(of_record, kind=kind.value).order_by().values("kind")
    most = connections.annotate(most=Max("headroom")).values("most")
    return Subquery(most, output_field=FloatField())
