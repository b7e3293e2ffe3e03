"""The state of a layer as one text that changes whenever what the public sees of it changes.

It holds the data version, the transaction that wrote it (so that a version counted a second time,
after a backup is restored, is not taken for the first), and the last instant at which a record came
into or went out of effect, because that happens by the clock and no row is written.

Typed layers share one version: their records show names out of each other's tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Expression, QuerySet

from layers.postgis.statements import Statement, written

_STORED = "SELECT version || '.' || xmin FROM layers_layer WHERE id = %s"
_TYPED = (
    "SELECT sum(version) || '.' || max(xmin::text::bigint) FROM layers_layer WHERE kind = 'typed'"
)


@dataclass(frozen=True, kw_only=True)
class StateSource:
    """Where a layer's state is read: the row of a stored layer (None: typed), and the records that
    it shows or names."""

    layer_id: int | None
    records: tuple[QuerySet, ...]
    at: datetime | Expression


def state_sql(source: StateSource) -> Statement:
    """An SQL expression giving the state of a layer at an instant."""
    version, version_params = (
        (_TYPED, ()) if source.layer_id is None else (_STORED, (source.layer_id,))
    )
    instants, instant_params = [], []
    for records in source.records:
        for column in ("effective_from", "effective_until"):
            latest = _latest(records, column, source.at)
            instants.append(f"({latest.sql})")
            instant_params += latest.params
    sql = (
        f"(({version}) || '@' || "
        f"coalesce(extract(epoch FROM greatest({', '.join(instants)}))::text, ''))"
    )
    return Statement(sql, (*version_params, *instant_params))


def _latest(records: QuerySet, column: str, at: datetime | Expression) -> Statement:
    # One step on the partial index of the column where rows are many, as in stored layers; max()
    # with a filter would read every record.
    passed = records.filter(**{f"{column}__lte": at})
    return written(passed.order_by(f"-{column}").values(column)[:1])


def read_states(sources: Mapping[str, StateSource]) -> dict[str, str]:
    """The states of several layers by name, in one statement."""
    if not sources:
        return {}
    parts, params = [], []
    for name, source in sources.items():
        state = state_sql(source)
        parts.append(f"SELECT %s, {state.sql}")
        params += [name, *state.params]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return dict(cursor.fetchall())
