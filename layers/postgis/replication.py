"""Positions in the log that a primary writes and its streaming replicas replay."""

from django.db import connections

_WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
_REPLAYED = "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint"


def written_up_to(alias: str) -> int:
    """Where the primary of this name has written up to, in bytes from the beginning of its log."""
    return _position(alias, _WRITTEN)


def replayed_up_to(alias: str) -> int | None:
    """Where the replica of this name has replayed up to; None of what is no replica."""
    return _position(alias, _REPLAYED)


def _position(alias: str, statement: str) -> int | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
