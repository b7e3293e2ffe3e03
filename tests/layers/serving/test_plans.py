"""How PostgreSQL reads a page of a large layer: no more than the page, whatever is asked."""

import json

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layers.models import StoredFeature
from layers.serving import features
from tests.factories import make_layer

pytestmark = pytest.mark.django_db
SIDE = 100


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
    return layer


def nodes(node: dict):
    yield node
    for inner in node.get("Plans", []):
        yield from nodes(inner)


def reads(api, path: str, *, times: int = 1, how: str = "SELECT string_agg") -> list[dict]:
    """The nodes that read records in the statement a page is read by, as it was run."""
    for _time in range(times):
        with CaptureQueriesContext(connection) as asked:
            api.json(path)
    page = [query["sql"] for query in asked if query["sql"].lstrip().startswith(how)][-1]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {page}")
        plan = cursor.fetchone()[0][0]["Plan"]
    found = [node for node in nodes(plan) if node.get("Relation Name") == "layers_storedfeature"]
    return [node for node in found if node["Actual Loops"]]


def rows_read(found: list[dict]) -> int:
    """Rows given and rows thrown away by the nodes that read records, their states aside."""
    return sum(
        node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in found
    )


@pytest.mark.parametrize(
    "asked",
    ["limit=10", "bbox=126,46,126.98,46.98&limit=10", "bbox=126.4,46.4,126.6,46.6&limit=10"],
)
def test_a_page_reads_little_more_than_itself(api, crowded, asked):
    found = reads(api, f"collections/wells/items?{asked}")
    assert {node.get("Index Name") for node in found} >= {"feature_layer_curve"}
    assert rows_read(found) < 100


def test_a_page_whose_statement_is_prepared_reads_no_more(api, crowded):
    asked = "collections/wells/items?bbox=126.4,46.4,126.6,46.6&limit=10"
    # From the sixth time on PostgreSQL may plan it without a look at the values.
    found = reads(api, asked, times=9, how="EXECUTE")
    assert {node.get("Index Name") for node in found} >= {"feature_layer_curve"}
    assert rows_read(found) < 100


def test_a_page_deep_in_a_layer_costs_what_the_first_one_does(api, crowded):
    box = "bbox=126,46,126.98,46.98"
    page = api.json(f"collections/wells/items?{box}&limit=9000")
    deep = next(link["href"] for link in page["links"] if link["rel"] == "next")
    path = deep.removeprefix("http://testserver/api/").replace("limit=9000", "limit=10")
    assert rows_read(reads(api, path)) < 60


def test_a_large_layer_is_not_counted_for_a_page(api, crowded, monkeypatch):
    box = "collections/wells/items?bbox=126,46,126.98,46.98&limit=10"
    assert api.json(box)["numberMatched"] == 99 * 99
    monkeypatch.setattr(features, "QUICKLY_COUNTED", 9_999)
    assert "numberMatched" not in api.json(box)
    assert api.json("collections/wells/items?limit=10")["numberMatched"] == SIDE * SIDE
    few = api.json("collections/wells/items?bbox=126,46,126.02,46.02&limit=10")
    assert few["numberMatched"] == 9


def test_the_state_of_a_layer_is_read_by_index(crowded):
    soon = timezone.now()
    ids = StoredFeature.objects.filter(layer=crowded).values("pk")[:50]
    StoredFeature.objects.filter(pk__in=ids).update(effective_from=soon)
    passed = StoredFeature.objects.in_layer(crowded.pk).filter(effective_from__lte=soon)
    latest = passed.order_by("-effective_from").values("effective_from")[:1]
    assert "feature_from" in json.dumps(latest.explain(format="json"))
