"""Pages of GeoJSON, each read and written by PostGIS in one statement, along the curve."""

from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, QuerySet, Value

from layers.postgis.curve import EVERYWHERE, Stretches
from layers.postgis.features import PLAIN, Presentation, feature_text
from layers.postgis.states import StateSource, state_sql
from layers.registry import Declaration


class Place(NamedTuple):
    """Where a record stands in its layer: its number on the curve, and its primary key."""

    number: int
    pk: int


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Which page: up to `limit` records after or before a place, in the order of the curve."""

    limit: int
    after: Place | None = None
    before: Place | None = None

    @property
    def backwards(self) -> bool:
        """Whether the page is read from its end."""
        return self.before is not None

    @property
    def place(self) -> Place | None:
        """The place the page begins or ends at, itself not in it."""
        return self.before or self.after


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page: its features as JSON texts joined by commas, and what surrounds it.

    `first` and `last` are the places of its ends, of a sorted page as JSON texts. `version` is the
    data version of the layer when the page was read; None: the layer is gone.
    """

    features: str
    returned: int
    first: Place | str | None
    last: Place | str | None
    has_previous: bool
    has_next: bool
    state: str
    version: int | None


class Bound(Func):
    """An end of the stretch that is being read."""

    template = "stretch.%(end)s"
    output_field = BigIntegerField()


class _Row(Func):
    """Several values compared as one; unlike conditions on each, an index finds it."""

    template = "(%(expressions)s)"
    output_field = BigIntegerField()


class _Beyond(Func):
    template = "%(expressions)s"
    output_field = BooleanField()


#: The stretches are read one after the other, so that reading ends as soon as the page is full: a
#: page costs the same in a layer of any size. One record more than the page tells that there are
#: more.
_PAGE = """
WITH read (number, pk, feature) AS MATERIALIZED (
    SELECT found.* FROM unnest(%s::bigint[], %s::bigint[]) AS stretch (low, high)
    CROSS JOIN LATERAL ({found}) AS found (number, pk, feature)
    LIMIT %s
)
SELECT string_agg(feature, ','), count(*), min(number), (array_agg(pk))[1],
    max(number), (array_agg(pk))[count(*)], (SELECT count(*) FROM read), {behind}, {state},
    (SELECT version FROM layers_layer WHERE id = %s)
FROM (SELECT * FROM (SELECT * FROM read LIMIT %s) AS page ORDER BY number, pk) AS page
"""
_IS_ANY = """
EXISTS (SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS stretch (low, high)
        CROSS JOIN LATERAL ({found}) AS found)
"""


def read_page(
    declaration: Declaration,
    records: QuerySet,
    *,
    layer_id: int,
    source: StateSource,
    cut: Cut,
    stretches: Stretches = EVERYWHERE,
    presentation: Presentation = PLAIN,
) -> Page:
    """A page of the public fields of `records`, a selection of the declaration's records.

    `stretches` say where on the curve the records lie.
    """
    text = feature_text(declaration, presentation)
    try:
        found, found_params = _found(records, text, cut, stretches)
        behind, behind_params = _behind(records, cut, stretches)
    except EmptyResultSet:
        # Django saw that nothing can match, as with a number no column of this type can hold.
        nowhere = Stretches([], [])
        found, found_params = _found(declaration.records(), text, cut, nowhere)
        behind, behind_params = "false", ()
    state, state_params = state_sql(source)
    sql = _PAGE.format(found=found, behind=behind, state=state)
    with connection.cursor() as cursor:
        params = (*found_params, *behind_params, *state_params, layer_id, cut.limit)
        cursor.execute(sql, params)
        return _page(cut, *cursor.fetchone())


def _page(cut: Cut, features, returned, *found) -> Page:
    number, pk, last_number, last_pk, read, behind, state, version = found
    beyond = read > returned
    return Page(
        features=features or "",
        returned=returned,
        first=Place(number, pk) if returned else None,
        last=Place(last_number, last_pk) if returned else None,
        has_previous=returned > 0 and (beyond if cut.backwards else behind),
        has_next=returned > 0 and (behind if cut.backwards else beyond),
        state=state,
        version=version,
    )


def _found(records, text, cut: Cut, stretches: Stretches) -> tuple[str, tuple]:
    """The records of a page with their features, one more than the page holds."""
    sign = "-" if cut.backwards else ""
    records = _along(records, cut, " <" if cut.backwards else " >")
    records = records.order_by(f"{sign}curve", f"{sign}pk")
    records = records.values_list("curve", "pk", text)[: cut.limit + 1]
    ahead = _from(cut.place, stretches, cut.backwards)
    sql, params = records.query.sql_with_params()
    return sql, (ahead.lows, ahead.highs, *params, cut.limit + 1)


def _behind(records: QuerySet, cut: Cut, stretches: Stretches) -> tuple[str, tuple]:
    """Whether any record is on the other side of the place; none is where no place is given."""
    if cut.place is None:
        return "false", ()
    records = _along(records, cut, " >=" if cut.backwards else " <=")
    back = _from(cut.place, stretches, not cut.backwards)
    sql, params = records.order_by().values_list("pk")[:1].query.sql_with_params()
    return _IS_ANY.format(found=sql), (back.lows, back.highs, *params)


def _from(place: Place | None, stretches: Stretches, backwards: bool) -> Stretches:
    """The stretches on one side of a place, the nearest first."""
    if place is not None:
        side = stretches.before if backwards else stretches.after
        stretches = side(place.number)
    return stretches.backwards() if backwards else stretches


def _along(records: QuerySet, cut: Cut, than: str) -> QuerySet:
    """Those of the stretch that is being read, and so far from the place."""
    records = records.filter(curve__gte=Bound(end="low"), curve__lte=Bound(end="high"))
    if cut.place is None:
        return records
    here, there = _Row(F("curve"), F("pk")), _Row(*map(Value, cut.place))
    return records.filter(_Beyond(here, there, arg_joiner=f"{than} "))
