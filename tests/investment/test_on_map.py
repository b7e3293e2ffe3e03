"""Parks and sites tell on the map what power and water is left, and lists lead there filtered."""

import html
import re
from datetime import date
from urllib.parse import parse_qs

import pytest

from investment.catalog.on_map import FIELDS
from investment.catalog.views.lists import LISTINGS
from investment.models import Utility
from layers.catalog.services import catalog_sync
from layers.registry import typed_declarations
from tests.factories import make_layer, make_park, make_site, square

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue():
    catalog_sync()


def shown(client, layer: str, slug: str) -> dict:
    return client.get(f"/api/collections/{layer}/items/{slug}").json()["properties"]


def map_link(client, path: str) -> dict[str, str]:
    """The conditions in the link to the map that a list offers."""
    page = client.get(f"/en{path}").content.decode()
    query = re.search(r'href="/en/\?([^"]+)">(?:(?!</a>).)*On the map', page, re.DOTALL)[1]
    return {name: values[0] for name, values in parse_qs(html.unescape(query)).items()}


def test_a_park_tells_the_sum_of_its_connections(client):
    park = make_park(
        utilities=[("power", 60, 12, 66), ("power", 90, 40, 110), ("water", 500, 300, None)]
    )
    properties = shown(client, "parks", park.slug)
    assert (properties["power_free_mva"], properties["water_free_m3_d"]) == (52, 300)


def test_a_site_tells_its_own_connection_and_else_that_of_its_park(client):
    park = make_park(utilities=[("power", 90, 40, 110), ("water", 500, 300, None)])
    site = make_site(park=park)
    Utility.objects.create(
        site=site, kind="power", capacity=20, headroom=8, voltage_kv=10, as_of=date(2026, 6, 30)
    )
    properties = shown(client, "sites", site.slug)
    assert (properties["power_free_mva"], properties["water_free_m3_d"]) == (8, 300)


def test_a_site_does_not_tell_what_an_unpublished_park_has(client):
    site = make_site(park=make_park(state="draft"))
    assert shown(client, "sites", site.slug)["power_free_mva"] is None


@pytest.mark.parametrize("layer", FIELDS)
def test_every_filter_is_said_by_a_field_that_the_map_has(layer):
    fields = {field.name for field in typed_declarations()[layer].fields}
    filters = LISTINGS[layer].filters.base_filters
    for name, (field, _how) in FIELDS[layer].items():
        assert name in filters
        assert field in fields


@pytest.mark.parametrize(
    ("path", "conditions"),
    [
        ("/parks/", {}),
        ("/parks/?industry=C13&power_min=10", {"industries": "C13", "power_free_mva": "10.."}),
        ("/parks/?level=national&level=provincial", {"level": "national,provincial"}),
        ("/sites/?readiness_min=3", {"readiness": "3,4"}),
        ("/sites/?price_min=80&price_max=200", {"price": "80..200", "price_unit": "cny_m2"}),
        ("/sites/?rent_max=9.5", {"price": "..9.5", "price_unit": "cny_m2_month"}),
        ("/projects/?investment_min=10000", {"investment_total": "10000..", "currency": "CNY"}),
        ("/sites/?area_min=5000&q=beilin", {}),
    ],
)
def test_the_map_is_opened_with_the_filters_of_the_list(client, path, conditions):
    layer = path.split("/")[1]
    wanted = {f"{layer}.{field}": text for field, text in conditions.items()}
    assert map_link(client, path) == {"layers": f"{layer},districts", **wanted}


def test_the_map_is_opened_where_the_records_are_on_the_ground_it_usually_shows(client):
    make_layer("roads", visible=True)
    make_layer("hidden", visible=True, published=False)
    make_layer("pipelines", visible=False)
    make_park("here", geom=square(126.9, 46.5, 0.1))
    make_park("there", geom=square(127.1, 46.7, 0.1))
    link = map_link(client, "/parks/")
    assert set(link["layers"].split(",")) == {"parks", "districts", "roads"}
    assert link["box"] == "126.90000,46.50000,127.20000,46.80000"
    assert "box" not in map_link(client, "/sites/")
