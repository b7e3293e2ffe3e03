"""Pages of GeoJSON, each read and written by PostGIS in one statement, along the curve."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, BooleanField, F, Func, QuerySet, TextField

from layers.postgis.curve import EVERYWHERE, NOWHERE, Stretches
from layers.postgis.features import FEATURE, PLAIN, Presentation, feature_text
from layers.postgis.statements import Given, Slot, Statement, written
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
    """A page: its features as JSON texts joined by commas, in UTF-8, and what surrounds it.

    `first` and `last` are the places of its ends, of a sorted page as JSON texts. `version` is the
    data version of the layer when the page was read; None: the layer is gone.
    """

    features: bytes
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
#: more. Only a page that is read backwards has to be put in order: a nested loop over a function
#: keeps the order of both.
_PAGE = """
SELECT string_agg(feature, ','{order}), count(*), (array_agg(number))[1], (array_agg(pk))[1],
    (array_agg(number))[least(count(*), %s)], (array_agg(pk))[least(count(*), %s)],
    {behind}, {state}, (SELECT version FROM layers_layer WHERE id = %s)
FROM (
    SELECT found.* FROM unnest(%s::bigint[], %s::bigint[]) AS stretch (low, high)
    CROSS JOIN LATERAL ({found} LIMIT %s) AS found (number, pk, feature)
    LIMIT %s
) AS page
"""
_IS_ANY = """
EXISTS (SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS stretch (low, high)
        CROSS JOIN LATERAL ({found} LIMIT 1) AS found)
"""
_LIMIT, _MORE = Slot("limit"), Slot("more")
_AHEAD, _BACK = (Slot("lows"), Slot("highs")), (Slot("back_lows"), Slot("back_highs"))


@dataclass(frozen=True, kw_only=True)
class PageSource:
    """What pages are read from: `records`, a selection of the declaration's records, with the
    instant and the box they are asked for left open.

    `is_along` says that the curve alone finds them, so that there is one way to read them.
    """

    declaration: Declaration
    records: QuerySet
    layer_id: int
    state: StateSource
    presentation: Presentation = PLAIN
    is_along: bool = False


def page_statement(source: PageSource, cut: Cut) -> Statement:
    """The statement of all pages that lie on the same side of a place as this one."""
    try:
        found, behind = _found(source, cut), _behind(source, cut)
    except EmptyResultSet:
        # Django saw that nothing can match, as with a number no column of this type can hold.
        nothing = replace(source, records=source.declaration.records().filter(curve__lt=NOWHERE))
        found, behind = _found(nothing, cut), Statement("false", ())
    state = state_sql(source.state)
    order = " ORDER BY number, pk" if cut.backwards else ""
    sql = _PAGE.format(found=found.sql, behind=behind.sql, state=state.sql, order=order)
    ends = (_LIMIT, _LIMIT, *behind.params, *state.params, source.layer_id)
    params = (*ends, *_AHEAD, *found.params, _MORE, _MORE)
    return Statement(sql, params, has_one_plan=source.is_along)


def read_page(
    statement: Statement, cut: Cut, values: dict[str, Any], stretches: Stretches = EVERYWHERE
) -> Page:
    """The page of a statement made for its kind; `stretches` say where its records lie.

    `values` are those that the records of the statement leave open.
    """
    ahead = _from(cut.place, stretches, cut.backwards)
    values = {**values, "lows": ahead.lows, "highs": ahead.highs}
    values |= {"limit": cut.limit, "more": cut.limit + 1}
    if cut.place is not None:
        back = _from(cut.place, stretches, not cut.backwards)
        values |= {"back_lows": back.lows, "back_highs": back.highs}
        values |= {"number": cut.place.number, "pk": cut.place.pk}
    return _page(cut, statement.first_row(values))


def feature_statement(
    declaration: Declaration, records: QuerySet, *, layer_id: int, presentation: Presentation
) -> Statement:
    """The statement of one of `records` by its `key`: its feature, and the layer's version."""
    key = Given("key", TextField())
    text = feature_text(declaration, presentation)
    named = records.order_by().filter(**{declaration.key: key}).values_list(text)[:1]
    found = written(named)
    sql = f"SELECT ({found.sql}), (SELECT version FROM layers_layer WHERE id = %s)"
    return Statement(sql, (*found.params, layer_id), has_one_plan=True)


def _page(cut: Cut, row: tuple) -> Page:
    features, read, number, pk, last_number, last_pk, behind, state, version = row
    begin, end = (number, pk), (last_number, last_pk)
    beyond = read > cut.limit
    return Page(
        features=_without_one(features, cut.backwards) if beyond else features or b"",
        returned=min(read, cut.limit),
        first=Place(*(end if cut.backwards else begin)) if read else None,
        last=Place(*(begin if cut.backwards else end)) if read else None,
        has_previous=read > 0 and (beyond if cut.backwards else behind),
        has_next=read > 0 and (behind if cut.backwards else beyond),
        state=(state or b"").decode(),
        version=version,
    )


def _without_one(features: bytes, backwards: bool) -> bytes:
    """Without the one that is beyond the page: the last, of a page read backwards the first.

    What parts two features is found nowhere within one: quotation marks in texts are escaped, and
    PostgreSQL writes objects with spaces.
    """
    between = b"," + FEATURE.encode()
    return (
        features[features.find(between) + 1 :] if backwards else features[: features.rfind(between)]
    )


def _found(source: PageSource, cut: Cut) -> Statement:
    """The records along a stretch, with their features."""
    text = feature_text(source.declaration, source.presentation)
    records = _along(source.records, cut, " <" if cut.backwards else " >")
    records = _in_order(records, backwards=cut.backwards)
    return written(records.values_list("curve", "pk", text))


def _in_order(records: QuerySet, *, backwards: bool) -> QuerySet:
    sign = "-" if backwards else ""
    return records.order_by(f"{sign}curve", f"{sign}pk")


def _behind(source: PageSource, cut: Cut) -> Statement:
    """Whether any record is on the other side of the place; none is where no place is given."""
    if cut.place is None:
        return Statement("false", ())
    records = _along(source.records, cut, " >=" if cut.backwards else " <=")
    # From the place on: the one that stands there is found at once.
    found = written(_in_order(records, backwards=not cut.backwards).values_list("pk"))
    return Statement(_IS_ANY.format(found=found.sql), (*_BACK, *found.params))


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
    here = _Row(F("curve"), F("pk"))
    there = _Row(Given("number", BigIntegerField()), Given("pk", BigIntegerField()))
    return records.filter(_Beyond(here, there, arg_joiner=f"{than} "))
