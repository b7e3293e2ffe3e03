"""Pages read no more than they show, and name no district that is not public."""

import pytest
from django.contrib.gis.geos import LineString
from django.db import connection
from django.test.utils import CaptureQueriesContext

from investment.models import Document, Policy, Site
from layers.catalog.services import catalog_sync
from tests.factories import (
    make_district,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
    point,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def offers():
    """A park with a site and a project in a county; a policy and a document of theirs."""
    catalog_sync()
    county = make_district(name_en="Fairfield")
    make_district("231200", "绥化市", "Suihua", level="prefecture")
    park = make_park()
    site = make_site(park=park)
    project = make_project(park=park, site=site)
    document = Document.objects.create(
        title_zh="指南", title_en="Guide", kind="guide", language="zh", state="published"
    )
    for record in (park, site, project):
        record.documents.add(document)
    named = ("title_zh", "title_en", "text_zh", "text_en", "issued_by_zh", "issued_by_en")
    Policy.objects.create(
        slug="land", level="county", district=county, state="published", **dict.fromkeys(named, "X")
    )
    return county


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/parks/", "/sites/", "/sites/?view=table", "/projects/", "/policies/"),
        *("/why/", "/environment/", "/costs/", "/sitemap.xml", "/policies/land/"),
        "/sites/compare/?ids=site-1",
    ],
)
def test_no_statement_of_a_page_of_names_fetches_a_geometry(client, offers, path):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    fetching = [query["sql"] for query in asked if '"geom"::bytea' in query["sql"]]
    assert fetching == []


@pytest.mark.parametrize(
    ("path", "own"),
    [("/parks/beilin-park/", 1), ("/sites/site-1/", 2), ("/projects/project-1/", 2)],
)
def test_the_page_of_an_offer_fetches_its_own_geometry_and_its_parks_only(
    client, offers, path, own
):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert len([query for query in asked if '"geom"::bytea' in query["sql"]]) == own


@pytest.mark.parametrize(
    "path",
    [
        *("/en/parks/", "/en/sites/", "/en/projects/", "/en/sites/?view=table", "/en/policies/"),
        *("/en/parks/beilin-park/", "/en/sites/site-1/", "/en/projects/project-1/"),
        *("/en/policies/land/", "/en/sites/compare/?ids=site-1", "/en/sites/export.geojson"),
        *(f"/api/collections/{layer}/items" for layer in ("parks", "sites", "projects")),
    ],
)
def test_a_district_that_is_not_public_is_named_by_nothing_in_it(client, offers, path):
    def text():
        answer = client.get(path)
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return body.decode()

    assert "Fairfield" in text()
    offers.state = "draft"
    offers.save()
    assert "Fairfield" not in text()
    assert "231202" not in text()
    assert "the whole city" not in text()


def test_the_district_can_still_be_asked_for_in_the_interface(client, offers):
    address = "/api/collections/parks/items?district=231202"
    assert client.get(address).json()["numberMatched"] == 1
    offers.state = "draft"
    offers.save()
    assert client.get(address).json()["numberMatched"] == 0


@pytest.mark.parametrize("path", ["/parks/beilin-park/", "/sites/site-1/", "/projects/project-1/"])
def test_a_detail_page_asks_a_fixed_small_number_of_questions(client, offers, path):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    def map_more_around():
        for slug in ("substations", "hospitals", "roads", "railways", "waterways", "water-bodies"):
            layer = make_layer(slug)
            for number in range(3):
                make_feature(layer, f"{slug}-{number}", geom=point(126.99, 46.6 + number / 100))

    asked()
    before = asked()
    map_more_around()
    asked()
    assert asked() == before <= 20


def test_a_kept_drawing_is_made_anew_when_its_layers_change(client, offers):
    layer = make_layer("railways")
    west, south, east, north = Site.objects.get(slug="site-1").geom.extent
    before = client.get("/sites/site-1/").content
    make_feature(layer, "line", geom=LineString((west, south), (east + 0.001, north), srid=4490))
    after = client.get("/sites/site-1/").content
    assert len(after) > len(before)
