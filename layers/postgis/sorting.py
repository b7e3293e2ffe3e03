"""Pages in the order of values of fields, each read and written by PostGIS in one statement.

What is not known comes last in either direction, and records alike in all values come in the order
of their primary keys, so that every record has one place. A page begins where the one before ended,
by value: records that come or go in between move nothing.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Expression, F, OrderBy, QuerySet, Value

from layers.postgis import conditions as sql
from layers.postgis.encoding import Page
from layers.postgis.features import Presentation, feature_text
from layers.postgis.states import StateSource, state_sql
from layers.registry import Declaration

#: Of a longer text only the beginning is compared: places are carried in addresses.
_COMPARED = 100


class Key(NamedTuple):
    """What is compared, and in which direction."""

    value: Expression
    descending: bool


class Mark(NamedTuple):
    """The place of a record: its values by the keys, None: not known, and its primary key."""

    values: tuple[Expression | None, ...]
    pk: int


@dataclass(frozen=True, kw_only=True)
class SortedCut:
    """Which page: up to `limit` records after or before a place, in the order of the keys."""

    keys: tuple[Key, ...]
    limit: int
    after: Mark | None = None
    before: Mark | None = None


def comparable_text(text: Expression) -> Expression:
    """A text in the order of a Chinese dictionary: characters by their pinyin."""
    return sql.Sql(f'(left({{0}}, {_COMPARED}) COLLATE "zh-x-icu")', text)


_PAGE = """
WITH read (feature, mark) AS MATERIALIZED ({found}),
numbered AS (SELECT feature, mark, row_number() OVER () AS place FROM read),
page AS (SELECT * FROM numbered WHERE place <= %s)
SELECT string_agg(feature, ',' ORDER BY place{way}), count(*),
    (array_agg(mark ORDER BY place{way}))[1],
    (array_agg(mark ORDER BY place{way}))[count(*)],
    (SELECT count(*) FROM read), {behind}, {state},
    (SELECT version FROM layers_layer WHERE id = %s)
FROM page
"""


def read_sorted_page(
    declaration: Declaration,
    records: QuerySet,
    *,
    layer_id: int,
    source: StateSource,
    cut: SortedCut,
    presentation: Presentation,
) -> Page:
    """A page of `records`; its places are JSON texts of the values and the primary key."""
    try:
        found, params = _found(declaration, records, cut, presentation)
        behind, behind_params = _behind(records, cut)
    except EmptyResultSet:
        found, params = "SELECT NULL::text, NULL::text WHERE false", ()
        behind, behind_params = "false", ()
    state = state_sql(source)
    way = " DESC" if cut.before else ""
    statement = _PAGE.format(found=found, behind=behind, state=state.sql, way=way)
    with connection.cursor() as cursor:
        params = (*params, cut.limit, *behind_params, *state.params, layer_id)
        cursor.execute(statement, params)
        return _page(cut, cursor.fetchone())


def _page(cut: SortedCut, row: tuple) -> Page:
    features, returned, first, last, read, behind, state, version = row
    beyond = read > returned
    return Page(
        features=(features or "").encode(),
        returned=returned,
        first=first,
        last=last,
        has_previous=returned > 0 and (beyond if cut.before else behind),
        has_next=returned > 0 and (behind if cut.before else beyond),
        state=state,
        version=version,
    )


def _found(declaration, records, cut: SortedCut, presentation) -> tuple[str, tuple]:
    """The records of a page, one more than it holds, with their places."""
    backwards = cut.before is not None
    place = cut.before or cut.after
    if place:
        records = records.filter(_beyond(cut.keys, place, backwards=backwards))
    order = in_order(cut.keys, backwards=backwards)
    mark = sql.mark([key.value for key in cut.keys], F("pk"))
    texts = records.order_by(*order).values_list(feature_text(declaration, presentation), mark)
    return texts[: cut.limit + 1].query.sql_with_params()


def in_order(keys: tuple[Key, ...], *, backwards: bool = False) -> list[OrderBy]:
    """What to order by so that every record has one place."""
    last = F("pk").desc() if backwards else F("pk").asc()
    return [*(_ordered(key, backwards) for key in keys), last]


def _ordered(key: Key, backwards: bool) -> OrderBy:
    descending = key.descending != backwards
    last = {"nulls_first": True} if backwards else {"nulls_last": True}
    return OrderBy(key.value, descending=descending, **last)


def _behind(records: QuerySet, cut: SortedCut) -> tuple[str, tuple]:
    """Whether any record is on the other side of the place, or in it."""
    place = cut.before or cut.after
    if place is None:
        return "false", ()
    beyond = _beyond(cut.keys, place, backwards=cut.before is not None)
    records = records.filter(sql.negated(beyond)).order_by().values_list("pk")[:1]
    found, params = records.query.sql_with_params()
    return f"EXISTS ({found})", params


def _beyond(keys: tuple[Key, ...], place: Mark, *, backwards: bool) -> Expression:
    """After the place, or before it: in the first value that differs, else in the primary key."""
    ways, same = [], []
    for key, value in zip(keys, place.values, strict=True):
        ways.append(sql.all_of([*same, _past(key, value, backwards)]))
        same.append(sql.identical(key.value, value))
    pk = Value(place.pk, output_field=BigIntegerField())
    ways.append(sql.all_of([*same, sql.compared(F("pk"), "<" if backwards else ">", pk)]))
    return sql.any_of(ways)


def _past(key: Key, value: Expression | None, backwards: bool) -> Expression:
    if value is None:
        known = sql.negated(sql.is_null(key.value))
        return known if backwards else sql.given_truth(False)
    sign = "<" if key.descending != backwards else ">"
    past = sql.compared(key.value, sign, value)
    unknown = sql.is_null(key.value)
    if backwards:
        return sql.all_of([sql.negated(unknown), past])
    return sql.any_of([unknown, past])
