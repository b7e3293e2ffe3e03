"""How much alike words must be to be taken for one another, by their trigrams (pg_trgm)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def alike_from(likeness: float) -> Iterator[None]:
    """Words as much alike, from 0 to 1, match the operator %> that the trigram index answers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(likeness)]
        )
        yield
