"""What was imported is what `/api/` serves: the same records, the same places, the same words."""

import json

import pytest
from django.test import Client

from layers.importing.targets.base import Stamps
from tests.layers.importing.conftest import WELLS

pytestmark = pytest.mark.django_db


def items(client, layer, **parameters):
    """The page of items that the public gets."""
    answer = client.get(f"/api/collections/{layer}/items", parameters | {"f": "json"})
    assert answer.status_code == 200
    return json.loads(b"".join(answer) if answer.streaming else answer.content)


def test_an_imported_layer_is_in_the_api_with_its_records(run, wells, client):
    run(wells)
    page = items(client, "wells")
    assert page["numberMatched"] == 2
    found = {f["properties"]["name"]: f["geometry"]["coordinates"] for f in page["features"]}
    assert found == {name: list(at) for name, at in WELLS}
    assert {f["id"] for f in page["features"]} == {"w-0", "w-1"}


def test_an_imported_draft_is_not_served(run, wells, client):
    run(wells, stamps=Stamps(state="draft"))
    assert client.get("/api/collections/wells/items").status_code == 404


def test_a_dry_run_is_not_served(run, wells, client):
    run(wells, commit=False)
    assert client.get("/api/collections/wells").status_code == 404


def test_a_second_import_leaves_the_validator_as_it_was(run, geojson, wells, client):
    run(wells)
    first = client.get("/api/collections/wells/items?f=json")["ETag"]
    run(wells)
    assert client.get("/api/collections/wells/items?f=json")["ETag"] == first
    run(geojson([((127, 46), {"code": "w-0", "name": "改"})]))
    assert client.get("/api/collections/wells/items?f=json")["ETag"] != first


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("path", "layer", "crs"),
    [
        ("boundaries/datav/heilongjiang_counties.geojson", "districts", "GCJ-02"),
        ("infra/hlj-liruiyi/rivers_osm.geojson", "rivers-osm", ""),
        ("infra/rail-railvista/suihua_railways.geojson", "rail", ""),
        ("infra/natural-earth/ne_10m_airports_ne-china.geojson", "airports-ne", ""),
    ],
)
def test_the_api_counts_as_many_as_the_real_file(run, shared_data, path, layer, crs):
    run(shared_data / path, layer, crs=crs)
    count = len(json.loads((shared_data / path).read_text())["features"])
    page = items(Client(), layer, limit=10000)
    assert page["numberMatched"] == page["numberReturned"] == count
