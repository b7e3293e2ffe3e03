"""A standard harvester reads the catalogue unmodified."""

import pytest
from owslib.ogcapi.records import Records

from tests.factories import make_feature, make_layer

pytestmark = pytest.mark.django_db(transaction=True)


def test_owslib_finds_a_layer_and_reads_its_record(live_server, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    make_feature(make_layer(abstract_en="Drinking water"))
    make_layer("hidden", published=False)
    catalogue = Records(f"{live_server.url}/api/")
    assert catalogue.collection("records")["itemType"] == "record"
    found = catalogue.collection_items("records", q="drinking")
    assert [each["id"] for each in found["features"]] == ["wells"]
    every = catalogue.collection_items("records", limit=100)
    assert "hidden" not in [each["id"] for each in every["features"]]
    record = catalogue.collection_item("records", "wells")
    assert record["properties"]["type"] == "dataset"
