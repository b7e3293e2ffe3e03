"""Records of an import laid beside those of their layer: compared and taken over in sets.

One temporary table per import, filled by COPY; whatever the number of rows, Python holds a batch.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import connection

_TABLE = "layers_import_staging"
_TEXTS = "layers_import_search_text"
#: Publication columns that an import may set on every record it brings.
STAMPS = ("source_zh", "source_en", "as_of", "state")


class StagedRow(NamedTuple):
    """One record: geometry as hexadecimal EWKB in the storage CRS, explicit None clears a value."""

    row: int
    key: str
    geom: str
    properties: dict


class Verdicts(NamedTuple):
    """How many records an import would add, change, leave, and (with replace) remove."""

    added: int
    changed: int
    unchanged: int
    absent: int


def one_import_at_a_time(slug: str) -> None:
    """Wait until no other transaction imports into a layer of this name, standing or to be made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import:{slug}"])


class Staging:
    """The staged records of one stored layer; lives as long as the transaction."""

    def __init__(self, layer_id: int):
        self.layer_id = layer_id
        with connection.cursor() as cursor:
            # An import of a million rows is not the page request that the time limit is for.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(f"DROP TABLE IF EXISTS {_TABLE}, {_TEXTS}")
            cursor.execute(
                f"""CREATE TEMPORARY TABLE {_TABLE} (
                    row bigint PRIMARY KEY, key text NOT NULL, geom geometry NOT NULL,
                    properties jsonb NOT NULL, feature_id bigint, row_version bigint,
                    verdict text NOT NULL DEFAULT 'added'
                ) ON COMMIT DROP"""
            )
            cursor.execute(
                f"""CREATE TEMPORARY TABLE {_TEXTS} (
                    row bigint PRIMARY KEY, search_text text NOT NULL
                ) ON COMMIT DROP"""
            )

    def copy(self, rows: Iterable[StagedRow]) -> None:
        """Take in one batch."""
        encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
        staged = (row._replace(properties=encode(row.properties)) for row in rows)
        self._copy(f"{_TABLE} (row, key, geom, properties)", staged)

    def set_search_texts(self, texts: Iterable[tuple[int, str]]) -> None:
        """Say by what text each of some rows will be found; all that are written must have one."""
        self._copy(f"{_TEXTS} (row, search_text)", texts)

    def _copy(self, target: str, rows: Iterable[tuple]) -> None:
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        text.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {target} FROM STDIN WITH (FORMAT csv)", text)

    def number_repeats(self) -> None:
        """Tell equal keys apart by their order (key, key-2, key-3, …), for keys made of content."""
        self._run(
            f"""UPDATE {_TABLE} s SET key = s.key || '-' || r.place
                FROM (SELECT row, row_number() OVER (PARTITION BY key ORDER BY row) AS place
                      FROM {_TABLE}) r
                WHERE r.row = s.row AND r.place > 1"""
        )

    def repeated_keys(self, limit: int) -> list[tuple[int, str, int]]:
        """(row, key, row where the key comes first) of rows whose key another row has already."""
        return self._rows(
            f"""SELECT row, key, first FROM (
                    SELECT row, key, min(row) OVER (PARTITION BY key) AS first FROM {_TABLE}
                ) r WHERE row > first ORDER BY row LIMIT %s""",
            [limit],
        )

    def compare(self, stamps: dict) -> Verdicts:
        """Set each staged record's verdict against the layer and count them.

        Geometry is compared bit for bit. Values that the file does not carry stay as they are.
        """
        # The planner thinks a layer just filled is empty and walks this table once per record of
        # it; with an index on the key that walk is a look-up.
        self._run(f"CREATE INDEX ON {_TABLE} (key)")
        self._run(f"ANALYZE {_TABLE}")
        differs = " OR ".join(
            [
                "ST_AsEWKB(s.geom) <> ST_AsEWKB(f.geom)",
                "f.geom IS NULL",
                "jsonb_strip_nulls(f.properties || s.properties)"
                " <> jsonb_strip_nulls(f.properties)",
                *(f"f.{column} IS DISTINCT FROM %s" for column in _columns(stamps)),
            ]
        )
        self._run(
            f"""UPDATE {_TABLE} s SET feature_id = f.id, row_version = f.row_version,
                    verdict = CASE WHEN {differs} THEN 'changed' ELSE 'unchanged' END,
                    properties = jsonb_strip_nulls(f.properties || s.properties)
                FROM layers_storedfeature f
                WHERE f.layer_id = %s AND f.key = s.key""",
            [*stamps.values(), self.layer_id],
        )
        counts = dict(self._rows(f"SELECT verdict, count(*) FROM {_TABLE} GROUP BY verdict"))
        absent = self._rows(
            f"SELECT count(*) FROM layers_storedfeature f WHERE {self._absent()}", [self.layer_id]
        )
        return Verdicts(
            *(counts.get(verdict, 0) for verdict in ("added", "changed", "unchanged")),
            absent[0][0],
        )

    def to_write(self, size: int) -> Iterator[list[tuple[int, str, dict]]]:
        """Batches of (row, key, properties as they will stand) of what is added or changed."""
        last = 0
        while batch := self._rows(
            f"""SELECT row, key, properties::text FROM {_TABLE}
                WHERE verdict <> 'unchanged' AND row > %s ORDER BY row LIMIT %s""",
            [last, size],
        ):
            yield [(row, key, json.loads(properties)) for row, key, properties in batch]
            last = batch[-1][0]

    def overtaken(self, limit: int) -> list[tuple[int, str]]:
        """(row, key) of changed records that somebody else has changed since they were compared.

        The records to be changed are held from here on, so that nobody comes in between.
        """
        return self._rows(
            f"""WITH held AS MATERIALIZED (
                    SELECT s.row, f.row_version
                    FROM {_TABLE} s JOIN layers_storedfeature f ON f.id = s.feature_id
                    WHERE s.verdict = 'changed' FOR UPDATE OF f
                )
                SELECT s.row, s.key FROM {_TABLE} s LEFT JOIN held USING (row)
                WHERE s.verdict = 'changed' AND held.row_version IS DISTINCT FROM s.row_version
                ORDER BY s.row LIMIT %s""",
            [limit],
        )

    def write(self, stamps: dict, *, remove_absent: bool) -> None:
        """Take the changes over. Rows that are unchanged are not touched."""
        set_stamps = "".join(f", {column} = %s" for column in _columns(stamps))
        values = list(stamps.values())
        if stamps.get("as_of"):
            # A check that was due before the data's own date has been overtaken.
            set_stamps += ", verify_by = CASE WHEN verify_by >= %s THEN verify_by END"
            values.append(stamps["as_of"])
        self._run(
            f"""UPDATE layers_storedfeature f SET geom = s.geom, properties = s.properties,
                    search_text = t.search_text{set_stamps}
                FROM {_TABLE} s JOIN {_TEXTS} t USING (row)
                WHERE s.verdict = 'changed' AND f.id = s.feature_id""",
            values,
        )
        new = {"source_zh": "", "source_en": "", "as_of": None, "state": "published", **stamps}
        self._run(
            f"""INSERT INTO layers_storedfeature
                    (layer_id, key, geom, properties, search_text, row_version,
                     {", ".join(_columns(new))})
                SELECT %s, key, geom, jsonb_strip_nulls(properties), search_text, 1,
                    {", ".join(["%s"] * len(new))}
                FROM {_TABLE} JOIN {_TEXTS} USING (row)
                WHERE verdict = 'added' ORDER BY row""",
            [self.layer_id, *new.values()],
        )
        if remove_absent:
            self._run(f"DELETE FROM layers_storedfeature f WHERE {self._absent()}", [self.layer_id])

    def _absent(self) -> str:
        return f"f.layer_id = %s AND NOT EXISTS (SELECT FROM {_TABLE} s WHERE s.key = f.key)"

    def _run(self, sql: str, values: list | None = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    def _rows(self, sql: str, values: list | None = None) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()


def _columns(stamps: dict) -> list[str]:
    """Stamp columns by name, none of them from outside."""
    unknown = set(stamps) - set(STAMPS)
    if unknown:
        raise ValueError(f"not publication columns: {unknown}")
    return list(stamps)
