"""A large export: rows a second, beside GDAL reading the same table and the bare SQL."""

import subprocess
import time
from collections.abc import Callable
from http.client import HTTPConnection

from layers.models import Layer
from tests.benchmarks.addresses import OURS
from tests.benchmarks.data import FIELDS, connection_facts, slug
from tests.benchmarks.rounds import Row

OGR, COPY = "ogr2ogr", "psql COPY"
_CHUNK = 1 << 20
_COPY = """
COPY (SELECT encoded FROM layers_storedfeature
    WHERE layer_id = {layer} AND state = 'published' ORDER BY curve, id) TO STDOUT
"""


def measure(port: int, kind: str, rows: int, rounds: int) -> Row:
    """An export of all of a layer as GeoJSON, once a round and way."""
    layer = Layer.objects.get(slug=slug(kind)).pk
    facts = connection_facts()
    ways: dict[str, Callable[[], None]] = {
        OURS: lambda: _fetch(port, f"/api/collections/{slug(kind)}/export?f=geojson"),
        OGR: lambda: _run(_ogr2ogr(facts, layer)),
        COPY: lambda: _run(["psql", *_to(facts), "--command", _COPY.format(layer=layer)]),
    }
    row = Row(f"all of {rows:,} points as GeoJSON", "exports")
    for number in range(rounds):
        for name in ways if number % 2 else reversed(ways):
            begun = time.monotonic()
            ways[name]()
            row.add(name, rows / (time.monotonic() - begun))
    return row


def _fetch(port: int, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", path)
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"The export was answered with {response.status}")
    while response.read(_CHUNK):
        pass
    connection.close()


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _to(facts: dict[str, str]) -> list[str]:
    return ["--host", facts["host"], "--username", facts["user"], facts["dbname"]]


def _ogr2ogr(facts: dict[str, str], layer: int) -> list[str]:
    fields = ", ".join(f"properties ->> '{name}' AS {name}" for name, _type, _sql in FIELDS)
    rows = f"SELECT key, {fields}, geom FROM layers_storedfeature WHERE layer_id = {layer}"
    source = "PG:" + " ".join(f"{name}='{value}'" for name, value in facts.items())
    return ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", source, "-sql", rows]
