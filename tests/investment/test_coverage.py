"""What a place has free is told alike everywhere, and each need of a project is held against it."""

import json
import re
from datetime import date

import pytest
from django.test import Client

from investment.models import Park, Site, Utility, UtilityNeed
from layers.catalog.services import catalog_sync
from tests.factories import make_park, make_project, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(client: Client):
    """The text of a page, which must answer 200."""

    def read(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200
        return response.content.decode().replace("\xa0", " ")

    return read


def words(html: str) -> str:
    """What a reader reads: tags taken out, white space joined."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def needing(land_m2=60000, **place):
    project = make_project("it", land_need_m2=land_m2, **place)
    for kind, demand in (("power", 30), ("water", 15000), ("steam", 25)):
        UtilityNeed.objects.create(project=project, kind=kind, demand=demand)


def test_each_need_of_a_project_is_marked_against_what_its_site_or_park_has_free(get):
    park = make_park()
    site = make_site("the-site", park=park)
    Utility.objects.create(
        site=site, kind="power", capacity=40, headroom=35, voltage_kv=66, as_of=date(2026, 6, 30)
    )
    needing(park=park, site=site)
    text = words(get("/en/projects/it/"))
    assert "Land 6 ha 5 ha at the plot short by 1 ha" in text
    assert "Power 30 MVA 35 MVA at the plot covered" in text
    assert "Water supply 15,000 m³/d 12,000 m³/d in the park short by 3,000 m³/d" in text
    assert "Steam 25 t/h – not stated" in text
    assert "缺口3,000 m³/d" in words(get("/projects/it/"))


def test_a_plant_still_to_come_covers_a_need_from_its_day_on(get):
    park = make_park(utilities=[("power", 40, 18, 220)])
    year = date.today().year + 2
    day, earlier = date(year, 10, 15), date(2020, 1, 1)
    for headroom, begin in ((5, earlier), (60, day)):
        Utility.objects.create(
            park=park,
            kind="steam",
            capacity=90,
            headroom=headroom,
            available_from=begin,
            as_of=date(2026, 6, 30),
        )
    needing(park=park)
    assert f"Steam 25 t/h 65 t/h in the park covered from 15 October {year}" in words(
        get("/en/projects/it/")
    )
    assert f"{year}年10月15日起可满足" in words(get("/projects/it/"))
    UtilityNeed.objects.filter(kind="steam").update(demand=5)
    assert "Steam 5 t/h 65 t/h in the park covered" in words(get("/en/projects/it/"))
    assert "covered from" not in words(get("/en/projects/it/"))


def test_a_project_that_names_only_its_park_is_compared_with_the_park(get):
    needing(park=make_park(utilities=[("power", 40, 18, 220), ("power", 40, 14, 66)]))
    text = words(get("/en/projects/it/"))
    assert "Power 30 MVA 32 MVA in the park covered" in text
    assert "Land 6 ha 300 ha in the park covered" in text


def test_needs_are_marked_only_where_a_place_that_is_public_is_named(get):
    needing(park=make_park("hidden", state="draft"))
    text = words(get("/en/projects/it/"))
    assert "Power 30 MVA" in text
    assert "covered" not in text.lower()
    assert "63 MVA" not in text


def test_a_park_says_what_its_available_area_counts(get):
    make_park("it")
    assert "300 ha including land not yet parcelled" in words(get("/en/parks/it/"))


def test_supplies_at_two_voltages_add_up_wherever_the_power_of_a_park_is_told(get):
    park = make_park("it", utilities=[("power", 126, 63, 220), ("power", 40, 12.5, 66)])
    make_site("the-site", park=park)
    catalog_sync()
    for page in ("/en/parks/it/", "/en/parks/", "/en/sites/the-site/"):
        assert "75.5 MVA" in words(get(page))
    assert "Power free in the parks 76 MVA" in words(get("/en/why/"))
    for layer in ("parks", "sites"):
        items = json.loads(get(f"/api/collections/{layer}/items"))
        assert [f["properties"]["power_free_mva"] for f in items["features"]] == [75.5]
    assert Park.objects.with_headroom("power", 75).get() == park
    assert not Park.objects.with_headroom("power", 76).exists()
    assert Site.objects.with_headroom("power", 75).exists()
    assert not Site.objects.with_headroom("power", 76).exists()
