"""What the machine can do at best: the best SQL we know by pgbench, and by a server that does
nothing else; the same bytes by nginx."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import connection

from layers.models import Layer
from layers.postgis.boxes import Box as Degrees
from layers.postgis.curve import Reading, stretches_of
from layers.records.summaries import density_of
from tests.benchmarks.addresses import Box, Place
from tests.benchmarks.data import FIELDS, connection_facts, slug
from tests.benchmarks.load import CONNECTIONS
from tests.benchmarks.peers.nginx import written
from tests.benchmarks.peers.servers import end, free_port

#: So many boxes, or tiles, take turns.
PLACES = 500
_PLACES_TABLE = """
    DROP TABLE IF EXISTS {table};
    CREATE TABLE {table} (id int PRIMARY KEY, lows bigint[], highs bigint[],
        box geometry, core geometry)
"""
_INSERT = """
    INSERT INTO {table} VALUES (%s, %s, %s, ST_MakeEnvelope(%s, %s, %s, %s, 4490),
        ST_Expand(ST_MakeEnvelope(%s, %s, %s, %s, 4490), -0.00002))
"""
#: The same features in the same order, kept as texts, along the curve. CASE keeps PostgreSQL from
#: the spatial index, by which it would read all of the box and sort it.
_PAGE = """
SELECT string_agg(encoded, ',') FROM (
    SELECT found.encoded
    FROM (SELECT * FROM {table} WHERE id = :place OFFSET 0) AS place,
        unnest(lows, highs) AS stretch (low, high)
    CROSS JOIN LATERAL (
        SELECT encoded FROM layers_storedfeature
        WHERE layer_id = {layer}::bigint AND curve BETWEEN low AND high AND state = 'published'
            AND CASE WHEN geom @ core THEN true WHEN NOT geom && box THEN false
                ELSE ST_Intersects(geom, box) END
        ORDER BY curve, id LIMIT {limit}
    ) AS found
    LIMIT {limit}
) AS page
"""
_WHOLE = """
SELECT string_agg(encoded, ',') FROM (
    SELECT encoded FROM layers_storedfeature
    WHERE layer_id = {layer}::bigint AND state = 'published' AND :place > 0
    ORDER BY curve, id
) AS page
"""
#: From the plain table, which has real columns.
_TILE = """
SELECT ST_AsMVT(part, 'bench', 4096, 'shape') FROM (
    SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), envelope, 4096, 64, true) AS shape, id, {fields}
    FROM (SELECT * FROM {table} WHERE id = :place OFFSET 0) AS place (place, shown, envelope)
    CROSS JOIN LATERAL (SELECT * FROM bench_{kind} WHERE geom && shown) AS found
) AS part
"""
_TILES_TABLE = """
    DROP TABLE IF EXISTS {table};
    CREATE TABLE {table} (id int PRIMARY KEY, shown geometry, envelope geometry)
"""
_INSERT_TILE = """
    INSERT INTO {table} SELECT %s, ST_Transform(ST_TileEnvelope(%s, %s, %s, margin => 0.015625),
            4326),
        ST_TileEnvelope(%s, %s, %s)
"""


@dataclass(frozen=True)
class Best:
    """The best SQL for a question; `:place` is the number of a box or tile, from 1 to PLACES."""

    sql: str

    @property
    def script(self) -> str:
        """For pgbench."""
        return f"\\set place random(1, {PLACES})\n{self.sql}"


def of_pages(kind: str, limit: int, boxes: Iterable[Box]) -> Best:
    """For pages in boxes."""
    table = f"bench_boxes_{kind}_{limit}"
    layer = Layer.objects.get(slug=slug(kind))
    reading = Reading(limit=limit, start=None, is_backwards=False, density=density_of(layer.pk))
    with connection.cursor() as cursor:
        cursor.execute(_PLACES_TABLE.format(table=table))
        for number, box in enumerate(islice(boxes, PLACES), 1):
            sides = dict(zip(("west", "south", "east", "north"), box, strict=True))
            found = stretches_of(Degrees(**sides), layer.levels, reading).after(0)
            values = (number, found.lows, found.highs, *box, *box)
            cursor.execute(_INSERT.format(table=table), values)
        cursor.execute(f"ANALYZE {table}")
    return Best(_PAGE.format(table=table, layer=layer.pk, limit=limit))


def of_whole(kind: str) -> Best:
    """For a whole layer."""
    return Best(_WHOLE.format(layer=Layer.objects.get(slug=slug(kind)).pk))


def of_tiles(kind: str, level: int, places: Iterable[Place]) -> Best:
    """For tiles."""
    table = f"bench_tiles_{kind}_{level}"
    with connection.cursor() as cursor:
        cursor.execute(_TILES_TABLE.format(table=table))
        for number, place in enumerate(islice(places, PLACES), 1):
            cursor.execute(_INSERT_TILE.format(table=table), (number, *place, *place))
        cursor.execute(f"ANALYZE {table}")
    fields = ", ".join(name for name, _kind, _expression in FIELDS)
    return Best(_TILE.format(table=table, kind=kind, fields=fields))


def transactions_per_second(script: str, seconds: float) -> float:
    """How often pgbench gets the statement answered, over as many connections as servers have."""
    facts = connection_facts()
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = ["pgbench", "--no-vacuum", "--protocol=prepared", f"--client={CONNECTIONS}"]
        command += ["--jobs=1", f"--time={max(1, round(seconds))}", f"--file={file.name}"]
        command += ["--host", facts["host"], "--username", facts["user"], facts["dbname"]]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(re.search(r"tps = ([\d.]+)", answer.stdout)[1])


def write_bare(folder: Path, found: list[Best]) -> dict[str, str]:
    """What the bare server (tests.benchmarks.peers.bare) is to answer; its environment."""
    place = folder / "bare.json"
    told = {"database": connection_facts(), "statements": [each.sql for each in found]}
    place.write_text(json.dumps(told))
    return {"BENCH_BARE": str(place)}


@contextmanager
def nginx(files: dict[str, bytes]) -> Iterator[int]:
    """The port of an nginx that gives files from the disk; names that end in `.gz` as gzip."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "files")
        root.mkdir()
        for name, content in files.items():
            (root / name).write_bytes(content)
        process = subprocess.Popen(written(Path(folder), port, f"root {root}; gzip_static on;"))
        try:
            yield port
        finally:
            end(process)
