"""Policies say whether they are in force; the case for the place is read from public records."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from investment.models import Policy
from layers.catalog.services import catalog_sync
from layers.models import Layer
from tests.factories import make_contact, make_district, make_park, make_project, make_site
from tests.investment.documents.files import make_document, make_version

pytestmark = pytest.mark.django_db


def make_policy(slug="land", **given) -> Policy:
    defaults = {
        "title_zh": "工业用地优惠",
        "title_en": "Industrial land at a discount",
        "text_zh": "按七折供地。",
        "text_en": "Land at 70 per cent of the floor price.",
        "level": "municipal",
        "issued_by_zh": "绥化市人民政府",
        "issued_by_en": "Suihua City Government",
        "number": "绥政发〔2026〕3号",
        "qualifies_en": "Plants above CNY 50 million.",
        "state": "published",
    }
    return Policy.objects.create(slug=slug, **{**defaults, **given})


def day(offset: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=offset)


def words(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize(
    ("offsets", "said"),
    [
        ({}, "in force"),
        ({"in_force_until": 0}, "in force until {0.day} {0:%B %Y}"),
        ({"in_force_until": -1}, "ended on"),
        ({"in_force_from": 1}, "in force from"),
    ],
)
def test_a_policy_says_whether_it_is_in_force(client, offsets, said):
    make_policy(**{name: day(offset) for name, offset in offsets.items()})
    html = client.get("/en/policies/land/").content.decode()
    standing = re.findall(r'class="badge[^"]*">([^<]+)<', html)[1]
    assert standing.startswith(said.format(day(0)))
    assert ("no longer in force" in html) == (said == "ended on")
    text = words(client, "/en/policies/land/")
    for fact in ("Suihua City Government", "绥政发〔2026〕3号", "Plants above CNY 50 million."):
        assert fact in text


def test_a_policy_that_is_not_public_is_nowhere(client):
    make_policy("hidden", title_en="Hidden", state="draft")
    assert client.get("/policies/hidden/").status_code == 404
    assert "Hidden" not in words(client, "/en/policies/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("standing=in-force", {"now", "food", "beilin"}),
        ("standing=ended", {"over"}),
        ("standing=to-come", {"soon"}),
        ("level=county", {"beilin"}),
        ("district=231221", {"now", "over", "soon", "food"}),
        ("industry=C27", {"now", "over", "soon", "beilin"}),
        ("industry=C", {"now", "over", "soon", "food", "beilin"}),
        ("industry=A", {"now", "over", "soon", "beilin"}),
        ("q=70 per cent beilin", {"beilin"}),
    ],
)
def test_policies_are_filtered(client, query, found):
    beilin = make_district()
    make_district("231221", "望奎县", "Wangkui")
    make_policy("now")
    make_policy("over", in_force_until=day(-1))
    make_policy("soon", in_force_from=day(1))
    make_policy("food", industries=["C13"])
    make_policy("beilin", level="county", district=beilin, issued_by_en="Beilin Government")
    html = client.get(f"/en/policies/?{query}").content.decode()
    assert set(re.findall(r'card-title"><a href="/en/policies/([\w-]+)/"', html)) == found


def test_the_case_counts_only_what_is_public_and_on_offer(client):
    park = make_park(area_available_ha=321, utilities=[("power", 100, 77, 110)])
    make_park("hidden", area_available_ha=500)
    type(park).objects.filter(slug="hidden").update(state="draft")
    make_site(price=99)
    make_site("taken", availability="taken", price=10)
    make_site("hidden", state="draft", price=5)
    make_project()
    text = words(client, "/en/why/")
    assert "1 industrial park, 1 parcels and buildings on offer, 1 of them serviced" in text
    assert "Industrial land available 321 ha" in text
    assert "321 ha, including land not yet parcelled" in text
    assert "Land from 96 CNY/m²" in text
    assert "Power free in the parks 77 MVA" in text


def test_land_is_told_from_the_lowest_price_of_a_park_or_of_a_parcel_on_offer(client):
    make_park(land_price_min=90)
    site = make_site(price=85)
    assert "Land from 85 CNY/m²" in words(client, "/en/why/")
    type(site).objects.update(availability="reserved")
    assert "Land from 90 CNY/m²" in words(client, "/en/why/")


def test_the_case_ends_with_a_person(client):
    catalog_sync()
    person = make_contact(person_en="Li Hua", person_zh="李华", phone="0455-0000009")
    Layer.objects.filter(slug="projects").update(steward=person)
    assert "Li Hua" in words(client, "/en/why/")


def test_a_policy_leads_to_parks_forms_industries_and_a_person(client):
    beilin = make_district()
    document = make_document(kind="policy", procedure="land-use")
    make_version(document)
    contact = make_contact(person_en="Li Hua", phone="0455-0000009")
    make_park(district=beilin, contact=contact)
    make_park("hidden", name_en="Hidden Park", state="draft")
    make_policy(level="county", district=beilin, industries=["C13"], document=document)
    html = client.get("/en/policies/land/").content.decode()
    for address in (
        "/en/parks/beilin-park/",
        "/en/documents/?kind=form",
        "/en/documents/?procedure=land-use",
        "/en/policies/?industry=C13",
        "tel:0455-0000009",
    ):
        assert f'href="{address}"' in html
    assert "Hidden Park" not in html
    facts = re.search(r'<p class="small">Policy · (.*?)</p>', html)[1]
    assert re.search(r"Chinese · \w+ · [\d.]+.(bytes|KB) · <time", facts)
