"""What a stored layer holds in all, known without reading all of it."""

from datetime import date, datetime

from django.contrib.gis.db.models import Extent
from django.db.models import QuerySet

from layers.postgis.counting import may_mend
from layers.records.counts import LayerCount
from layers.records.querysets import Box, Summary, midnight

#: Square degrees, of a layer of one place.
_SMALLEST_AREA = 1e-9


def summary_of(layer_id: int, records: QuerySet) -> Summary:
    """Count, box and begin of effect of a stored layer whose public records are these.

    What the database has counted is taken as it stands; only the records that come and go by the
    clock are looked at.
    """
    passing = records.filter(counted=False).summary()
    held = LayerCount.objects.filter(layer=layer_id).first()
    if held is None:
        return passing
    always = records.filter(counted=True).order_by()
    return Summary(
        count=held.number + passing.count,
        box=_around(held.box if held.is_bounded else _bounded(held, always), passing.box),
        begin=_begin(_first_day(always), passing),
    )


def density_of(layer_id: int) -> float:
    """How many records the world had, were they everywhere as many as in a stored layer's box."""
    held = LayerCount.objects.filter(layer=layer_id).first()
    if held is None or held.box is None:
        return 0
    wide, high = held.east - held.west, held.north - held.south
    return held.number * 360 * 180 / max(wide * high, _SMALLEST_AREA)


def _bounded(held: LayerCount, always: QuerySet) -> Box | None:
    """The box found anew, and kept where nothing has changed meanwhile."""
    box = always.aggregate(box=Extent("geom"))["box"]
    if may_mend():
        sides = dict(zip(("west", "south", "east", "north"), box or [None] * 4, strict=True))
        unchanged = LayerCount.objects.filter(layer=held.layer_id, changes=held.changes)
        unchanged.update(is_bounded=True, **sides)
    return box


def _around(*boxes: Box | None) -> Box | None:
    """The box around those there are."""
    sides = list(zip(*filter(None, boxes), strict=True))
    if not sides:
        return None
    west, south, east, north = sides
    return min(west), min(south), max(east), max(north)


def _first_day(always: QuerySet) -> date | None:
    """The first as-of date, one step on the index; None where a record has none."""
    if always.filter(as_of__isnull=True).exists():
        return None
    return always.order_by("as_of").values_list("as_of", flat=True).first()


def _begin(day: date | None, passing: Summary) -> datetime | None:
    """The first instant, None where a record has none."""
    begins = [midnight(day), *([passing.begin] if passing.count else [])]
    return None if None in begins else min(begins)
