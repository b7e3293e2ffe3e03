"""The standard's own data as stored layers, and a reader that filters them."""

import csv
import sqlite3
from functools import cache
from pathlib import Path

import pyproj
import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.test import Client

from layers.models import Layer, StoredFeature
from tests.conftest import SHARED_DATA
from tests.factories import make_layer

CQL2 = SHARED_DATA / "ogcapi" / "cql2"
PLACES, COUNTRIES, RIVERS = (
    "ne_110m_populated_places_simple",
    "ne_110m_admin_0_countries",
    "ne_110m_rivers_lake_centerlines",
)
_TYPES = {"TEXT": "text", "BOOLEAN": "boolean", "DATE": "date", "DATETIME": "datetime"}
_ENVELOPES = (0, 32, 48, 48, 64)


def slug_of(table: str) -> str:
    """The collection a table of the data is in."""
    return table.replace("_", "-")


def rows(name: str) -> list[dict]:
    """A table of the standard: predicates with the counts expected."""
    path = CQL2 / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def cql2_files() -> Path:
    """The folder of the standard's examples and data."""
    if not CQL2.is_dir():
        pytest.skip("../shared/data is not here")
    return CQL2


@pytest.fixture(scope="module")
def natural_earth(cql2_files, django_db_setup, django_db_blocker):
    """The three tables of the test data, loaded once for all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        source = sqlite3.connect(cql2_files / "data" / "ne110m4cql2.gpkg")
        for table in (PLACES, COUNTRIES, RIVERS):
            _load(source, table)
        source.close()
        yield
        transaction.set_rollback(True)


def _load(source: sqlite3.Connection, table: str) -> None:
    columns = [
        (name, _TYPES.get(kind.partition("(")[0], "number"))
        for _id, name, kind, *_rest in source.execute(f"PRAGMA table_info({table})")
        if name not in ("fid", "geom", "id")
    ]
    layer = make_layer(slug=slug_of(table), geometry_type="Geometry")
    layer.fields.all().delete()
    for order, (name, kind) in enumerate(columns):
        layer.fields.create(name=name, label_zh=name, label_en=name, type=kind, order=order)
    read = source.execute(
        f"SELECT geom, {', '.join(_quoted(n) for n, _kind in columns)} FROM {table}"
    )
    StoredFeature.objects.bulk_create(
        _record(layer, str(number), row, columns) for number, row in enumerate(read)
    )


def _quoted(name: str) -> str:
    return f'"{name}"'


def _record(layer: Layer, key: str, row: tuple, columns: list) -> StoredFeature:
    blob, *values = row
    shape = GEOSGeometry(memoryview(blob[8 + _ENVELOPES[blob[3] >> 1 & 7] :]))
    shape.srid = 4490
    properties = {
        name: _stored(kind, value) for (name, kind), value in zip(columns, values, strict=True)
    }
    return StoredFeature(layer=layer, key=key, geom=shape, properties=properties, state="published")


def _stored(kind: str, value):
    """A value as stored layers keep it; times of the data are in UTC and do not say so."""
    if value is None:
        return None
    return {"boolean": bool, "datetime": lambda text: f"{text}Z"}.get(kind, lambda same: same)(
        value
    )


@cache
def reader() -> Client:
    """One for all: to set up the chain of middleware takes longer than an answer."""
    return Client(raise_request_exception=False)


def asked(collection: str, text: str, **parameters):
    """The answer to a filter."""
    query = {"filter": text, "limit": 1, **parameters}
    return reader().get(f"/api/collections/{collection}/items", query)


def counted(collection: str, text: str, **parameters) -> int:
    """How many records match a filter."""
    response = asked(collection, text, **parameters)
    assert response.status_code == 200, (text, response.content.decode())
    return response.json()["numberMatched"]


def keys(collection: str, text: str, **parameters) -> list[str]:
    """The ids of the records that match a filter, in alphabetical order."""
    response = asked(collection, text, **{"limit": 1000, **parameters})
    assert response.status_code == 200, (text, response.content.decode())
    return sorted(feature["id"] for feature in response.json()["features"])


def refused(collection: str, text: str, **parameters) -> dict:
    """The one error body to a filter that cannot be answered."""
    response = asked(collection, text, **parameters)
    assert response.status_code == 400, (text, response.content.decode())
    return response.json()


def box_in(uri: str, *box: float) -> str:
    """A box of degrees and half a degree around it, as the corners of one in another system."""
    west, south, east, north = box
    corners = [(west - 0.5, south - 0.5), (east + 0.5, north + 0.5)]
    if "CRS84" not in uri:
        into = pyproj.Transformer.from_crs("OGC:CRS84", uri)
        corners = [into.transform(*corner) for corner in corners]
    return ",".join(str(number) for corner in corners for number in corner)
