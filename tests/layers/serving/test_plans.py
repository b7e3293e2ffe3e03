"""How PostgreSQL reads a page of a large layer: indexes serve it, nothing reads it all."""

import json

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils import timezone

from layers.models import StoredFeature
from layers.postgis import encoding
from layers.postgis.boxes import Box, meeting
from layers.postgis.encoding import Cut, KnownCount, read_page
from layers.serving.published import published_collection
from tests.factories import make_layer

pytestmark = pytest.mark.django_db
SIDE = 100
BOX = Box(west=126.0, south=46.0, east=126.09, north=46.09)


@pytest.fixture
def crowded():
    """10,000 wells on a grid, and as many in another layer at the same places."""
    for slug in ("wells", "other-wells"):
        layer = make_layer(slug=slug)
        StoredFeature.objects.bulk_create(
            StoredFeature(
                layer=layer,
                key=f"{x}-{y}",
                geom=GEOSGeometry(f"SRID=4490;POINT({126 + x / 100} {46 + y / 100})"),
                state="published",
            )
            for x in range(SIDE)
            for y in range(SIDE)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE layers_storedfeature")
    return published_collection("wells")


def plan(monkeypatch, collection, records, **more) -> list[dict]:
    """The nodes of the plan of the statement that a page is read by."""
    plans = []

    class Explaining:
        """Asks for the plan of each statement first."""

        def __init__(self):
            self.cursor = connection.cursor()

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            self.cursor.close()

        def execute(self, sql, params):
            self.cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            plans.append(self.cursor.fetchone()[0][0]["Plan"])
            self.cursor.execute(sql, params)

        def fetchone(self):
            return self.cursor.fetchone()

    class Connection:
        cursor = staticmethod(Explaining)

    monkeypatch.setattr(encoding, "connection", Connection)
    read_page(collection.declaration, records, source=collection.source, **more)
    return list(nodes(plans[0]))


def nodes(node: dict):
    yield node
    for inner in node.get("Plans", []):
        yield from nodes(inner)


def test_a_box_is_answered_by_the_index_of_layer_and_geometry(crowded, monkeypatch):
    records = meeting(crowded.public_records(), BOX)
    found = plan(monkeypatch, crowded, records, cut=Cut(limit=10))
    (by_box,) = [node for node in found if node.get("Index Name") == "feature_layer_geom"]
    assert "layer_id" in by_box["Index Cond"]
    assert "&&" in by_box["Index Cond"]
    assert by_box["Actual Rows"] <= 100
    assert not [node for node in found if node["Node Type"] == "Seq Scan"
                and node["Relation Name"] == "layers_storedfeature"
                and node["Actual Loops"]]  # fmt: skip


def test_a_page_of_a_whole_layer_reads_no_more_than_the_page(crowded, monkeypatch):
    known = KnownCount(state=crowded.state(), count=SIDE * SIDE)
    found = plan(monkeypatch, crowded, crowded.public_records(), cut=Cut(limit=10), known=known)
    read = [node for node in found if node.get("Relation Name") == "layers_storedfeature"]
    assert read
    assert max(node["Actual Rows"] * node["Actual Loops"] for node in read) <= 10


def test_the_state_of_a_layer_is_read_by_index(crowded):
    soon = timezone.now()
    StoredFeature.objects.filter(layer=crowded.layer)[:1].get()
    ids = StoredFeature.objects.filter(layer=crowded.layer).values("pk")[:50]
    StoredFeature.objects.filter(pk__in=ids).update(effective_from=soon)
    passed = crowded.source.records[0].filter(effective_from__lte=soon).order_by("-effective_from")
    text = json.dumps(passed.values("effective_from")[:1].explain(format="json"))
    assert "feature_from" in text
