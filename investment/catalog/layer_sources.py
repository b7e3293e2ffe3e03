"""What the layers of parks, sites and projects tell out of other tables, as expressions."""

from django.db.models import Expression, FloatField, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from investment.catalog import querysets
from investment.catalog.models import Photo, UtilityKind


def first_photo(owner: str) -> Expression:
    """The path of the first picture of a park, site or project."""
    number = Cast("pk", TextField())
    address = Concat(Value("/photos/"), number, Value("/card"), output_field=TextField())
    first = Photo.objects.filter(**{owner: OuterRef("pk")}).values(address=address)[:1]
    return Subquery(first, output_field=TextField())


def headroom_in_park(kind: UtilityKind) -> Expression:
    """What a park has free of a utility, as a number of the layer."""
    return Cast(querysets.headroom_in_park(kind.value), FloatField())


def headroom_at_site(kind: UtilityKind) -> Expression:
    """What is free of a utility at the plot or else in its park, as a number of the layer."""
    return Cast(querysets.headroom_at_site(kind.value), FloatField())
