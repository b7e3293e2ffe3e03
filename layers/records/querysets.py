"""Reads of records, named as questions."""

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Count, Min, Q
from django.db.models.functions import Cast
from django.utils import timezone

from layers.records.divisions import division_prefix
from layers.records.publication import PublishedQuerySet, State
from layers.records.search import search_text, words_of

INDEXED_AT_ONCE = 1000
Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How many records, where and when: west, south, east, north in degrees; begin of effect."""

    count: int
    box: Box | None
    begin: datetime | None


class RecordQuerySet(PublishedQuerySet):
    """Questions every layer's records answer."""

    def in_effect_during(self, start: datetime | None, end: datetime | None):
        """Whose time of effect meets the time from `start` to `end`, both included, None: open.

        It runs from the begin of effect, where none is set from the as-of date, to the end of
        effect; what is not set is open.
        """
        found = self
        if end is not None:
            begun = Q(as_of__isnull=True) | Q(as_of__lte=timezone.localdate(end))
            found = found.filter(Q(effective_from__lte=end) | Q(begun, effective_from__isnull=True))
        if start is not None:
            found = found.filter(Q(effective_until__isnull=True) | Q(effective_until__gt=start))
        return found

    def summary(self) -> Summary:
        """Count, box and begin of the time of effect, which is None where one record has none."""
        found = self.order_by().aggregate(
            count=Count("pk"),
            box=models.Extent("geom"),
            timed=Count("pk", filter=Q(effective_from__isnull=False) | Q(as_of__isnull=False)),
            from_instant=Min("effective_from"),
            from_day=Min("as_of", filter=Q(effective_from__isnull=True)),
        )
        begins = [found["from_instant"], midnight(found["from_day"])]
        all_timed = found["count"] == found["timed"]
        begin = min(filter(None, begins), default=None) if all_timed else None
        return Summary(count=found["count"], box=found["box"], begin=begin)

    def in_layer(self, layer_id: int):
        """Of one stored layer, said so that the index of layer and geometry can answer.

        The index knows bigint only, and a plain number is an integer to PostgreSQL.
        """
        return self.filter(layer_id=Cast(layer_id, models.BigIntegerField()))

    def in_district(self, code: str):
        """Inside the district with this GB/T 2260 code, at county level or above."""
        prefix = division_prefix(code)
        if prefix == code:
            return self.filter(district__code=code)
        return self.filter(district__code__startswith=prefix)

    def matching(self, text: str):
        """Every word of the text found in names, codes or pinyin; commas part words too."""
        words = words_of(text)
        found = self if words else self.none()
        for word in words:
            found = found.filter(search_text__contains=word)
        return found

    def index_again(self) -> None:
        """Make the search texts anew, after what is searched has changed."""
        records = self.order_by("pk").iterator(INDEXED_AT_ONCE)
        while batch := list(islice(records, INDEXED_AT_ONCE)):
            for record in batch:
                record.search_text = search_text(record.searchable_texts())
            self.bulk_update(batch, ["search_text"])


class DistrictQuerySet(RecordQuerySet):
    """Questions about districts themselves."""

    def within(self, code: str):
        """The district with this GB/T 2260 code, and above county level those it consists of."""
        prefix = division_prefix(code)
        if prefix == code:
            return self.filter(code=code)
        return self.filter(code__startswith=prefix)

    def county_of(self, geom: GEOSGeometry):
        """The county a geometry is counted to, by the rule of the trigger; None outside all."""
        counties = self.filter(level="county", state=State.PUBLISHED)
        return counties.filter(geom__covers=geom.point_on_surface).order_by("code").first()


def midnight(day: date | None) -> datetime | None:
    """The instant at which a day begins."""
    return day and timezone.make_aware(datetime.combine(day, time()))
