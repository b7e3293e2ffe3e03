"""Pages of GeoJSON, each read, counted and written by PostGIS in one statement."""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from layers.postgis.features import feature_text
from layers.postgis.states import StateSource, state_sql
from layers.registry import Declaration


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Which page: up to `limit` records after or before a primary key, in the order of keys."""

    limit: int
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, kw_only=True)
class KnownCount:
    """How many records the layer has in a state, so that they need not be counted again."""

    state: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page: its features as JSON texts joined by commas, and what surrounds it."""

    features: str
    matched: int
    returned: int
    first: int | None
    last: int | None
    has_previous: bool
    has_next: bool
    state: str


#: A box is answered by the spatial index first and put in order after: following the primary key
#: and testing the box would throw away most of what it reads. Without any condition the key is the
#: better way, and the list of all records need not be written down.
_PAGE = """
WITH found (pk) AS {materialized} ({found}),
     page (pk) AS MATERIALIZED (SELECT pk FROM found {position} LIMIT %s),
     ends AS (SELECT count(*) AS returned, min(pk) AS first, max(pk) AS last FROM page),
     current AS MATERIALIZED (SELECT {state} AS state)
SELECT
    (SELECT string_agg(rows.feature, ',' ORDER BY rows.pk)
     FROM page JOIN ({rows}) AS rows (pk, feature) ON rows.pk = page.pk),
    {matched}, returned, first, last,
    (SELECT pk FROM found WHERE pk < first ORDER BY pk DESC LIMIT 1) IS NOT NULL,
    (SELECT pk FROM found WHERE pk > last ORDER BY pk LIMIT 1) IS NOT NULL,
    state
FROM ends, current
"""


def read_page(
    declaration: Declaration,
    records: QuerySet,
    *,
    source: StateSource,
    cut: Cut,
    known: KnownCount | None = None,
) -> Page:
    """A page of the public fields of `records`, a selection of the declaration's records.

    Pass `known` only where `records` are all public records of the layer.
    """
    records = records.order_by()
    rows, rows_params = _compiled(declaration.records().order_by(), feature_text(declaration))
    state, state_params = state_sql(source)
    try:
        found, found_params = _compiled(records)
    except EmptyResultSet:
        # Django saw that nothing can match, as with a number no column of this type can hold.
        found, found_params = "SELECT NULL::bigint WHERE false", ()
    position, position_params = _position(cut)
    matched, matched_params = _matched(known)
    sql = _PAGE.format(
        materialized="NOT MATERIALIZED" if known else "MATERIALIZED",
        found=found,
        position=position,
        state=state,
        rows=rows,
        matched=matched,
    )
    params = (*found_params, *position_params, cut.limit, *state_params, *rows_params)
    with connection.cursor() as cursor:
        cursor.execute(sql, (*params, *matched_params))
        features, *others = cursor.fetchone()
    names = ("matched", "returned", "first", "last", "has_previous", "has_next", "state")
    return Page(features=features or "", **dict(zip(names, others, strict=True)))


def _compiled(records: QuerySet, *expressions) -> tuple[str, tuple]:
    return records.values_list("pk", *expressions).query.sql_with_params()


def _position(cut: Cut) -> tuple[str, tuple]:
    if cut.after is not None:
        return "WHERE pk > %s ORDER BY pk", (cut.after,)
    if cut.before is not None:
        return "WHERE pk < %s ORDER BY pk DESC", (cut.before,)
    return "ORDER BY pk", ()


def _matched(known: KnownCount | None) -> tuple[str, tuple]:
    if known is None:
        return "(SELECT count(*) FROM found)", ()
    counted = "CASE WHEN state = %s THEN %s ELSE (SELECT count(*) FROM found) END"
    return counted, (known.state, known.count)
