"""What the machine can do at best: the best SQL we know by pgbench, the same bytes by nginx."""

import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.db import connection

from layers.models import Layer
from layers.postgis.boxes import Box as Degrees
from layers.postgis.curve import stretches_of
from tests.benchmarks.data import FIELDS, connection_facts, slug
from tests.benchmarks.load import CONNECTIONS
from tests.benchmarks.peers.servers import end, free_port
from tests.benchmarks.questions import Box, Place, box_of

#: So many boxes, or tiles, take turns.
_PLACES = 500
_PLACES_TABLE = """
    DROP TABLE IF EXISTS {table};
    CREATE TABLE {table} (id int PRIMARY KEY, lows bigint[], highs bigint[],
        box geometry, envelope geometry)
"""
_INSERT = """
    INSERT INTO {table} VALUES (%s, %s, %s, ST_MakeEnvelope(%s, %s, %s, %s, 4490),
        ST_Envelope(ST_Transform(ST_MakeEnvelope(%s, %s, %s, %s, 4326), 3857)))
"""
#: The same features in the same order, kept as texts, along the curve.
_PAGE = """
\\set place random(1, {places})
SELECT string_agg(encoded, ',') FROM (
    SELECT found.encoded FROM {table} AS place, unnest(lows, highs) AS stretch (low, high)
    CROSS JOIN LATERAL (
        SELECT encoded FROM layers_storedfeature
        WHERE layer_id = {layer}::bigint AND curve BETWEEN low AND high
            AND state = 'published' AND geom && box
        ORDER BY curve, id LIMIT {limit}
    ) AS found
    WHERE place.id = :place LIMIT {limit}
) AS page
"""
_TILE = """
\\set place random(1, {places})
SELECT ST_AsMVT(part, 'bench', 4096, 'shape') FROM (
    SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), envelope, 4096, 256, true) AS shape, key,
        {fields}
    FROM {table} AS place, layers_storedfeature
    WHERE place.id = :place AND layer_id = {layer}::bigint AND state = 'published'
        AND geom && box
) AS part
"""
#: A tile shows what lies around it too, by a sixteenth of its width.
_ROOM = 1 / 16


def page_statement(kind: str, limit: int, boxes: Iterable[Box]) -> str:
    """A pgbench script for pages in boxes."""
    table = f"bench_boxes_{kind}_{limit}"
    layer = _fill(table, kind, list(islice(boxes, _PLACES)))
    return _PAGE.format(table=table, places=_PLACES, layer=layer.pk, limit=limit)


def tile_statement(kind: str, level: int, places: Iterable[Place]) -> str:
    """A pgbench script for tiles."""
    table = f"bench_tiles_{kind}_{level}"
    layer = _fill(table, kind, [box_of(*each) for each in islice(places, _PLACES)], room=_ROOM)
    fields = ", ".join(
        f"properties ->> '{name}' AS {name}"
        if kind == "text"
        else f"(properties -> '{name}')::{'bigint' if kind == 'integer' else 'float8'} AS {name}"
        for name, kind, _expression in FIELDS
    )
    return _TILE.format(table=table, places=_PLACES, layer=layer.pk, fields=fields)


def _fill(table: str, kind: str, boxes: list[Box], room: float = 0) -> Layer:
    layer = Layer.objects.get(slug=slug(kind))
    with connection.cursor() as cursor:
        cursor.execute(_PLACES_TABLE.format(table=table))
        for number, (west, south, east, north) in enumerate(boxes, 1):
            wide, high = (east - west) * room, (north - south) * room
            outer = (west - wide, south - high, east + wide, north + high)
            box = Degrees(**dict(zip(("west", "south", "east", "north"), outer, strict=True)))
            found = stretches_of(box, layer.levels).after(0)
            sides = (*outer, west, south, east, north)
            cursor.execute(_INSERT.format(table=table), (number, found.lows, found.highs, *sides))
        cursor.execute(f"ANALYZE {table}")
    connection.close()
    return layer


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


_NGINX = """
worker_processes 2;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    gzip_static on;
    etag on;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


@contextmanager
def nginx(files: dict[str, bytes]) -> Iterator[int]:
    """The port of an nginx that gives files from the disk; names that end in `.gz` as gzip."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        root = Path(folder, "files")
        root.mkdir()
        for name, content in files.items():
            (root / name).write_bytes(content)
        config = Path(folder, "nginx.conf")
        config.write_text(_NGINX.format(folder=folder, port=port))
        process = subprocess.Popen(["nginx", "-c", str(config), "-g", "daemon off;"])
        try:
            yield port
        finally:
            end(process)
