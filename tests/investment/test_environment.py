"""Figures stand with unit, source and date, by city and county, as picture and as table."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from investment.indicators import charts
from investment.models import Figure, Indicator
from layers.catalog.services import catalog_sync
from layers.registry import typed_declarations
from tests.factories import make_district, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    """Suihua and two of its counties."""
    return [
        make_district("231200", "绥化市", "Suihua", level="prefecture", population=3756167),
        make_district(),
        make_district("231221", "望奎县", "Wangkui", geom=square(126.4, 46.5, 0.4)),
    ]


def make_indicator(slug="gdp", topic="economy", **given) -> Indicator:
    defaults = {
        "title_zh": "地区生产总值",
        "title_en": "GDP",
        "unit_zh": "亿元",
        "unit_en": "100m CNY",
        "decimals": 1,
    }
    return Indicator.objects.create(slug=slug, topic=topic, **{**defaults, **given})


def make_figure(indicator, district, year, value, **given) -> Figure:
    return Figure.objects.create(
        indicator=indicator,
        district=district,
        year=year,
        value=value,
        source_zh="统计公报",
        source_en="Statistical bulletin",
        as_of=date(year + 1, 3, 20),
        **{"state": "published", **given},
    )


@pytest.fixture
def figures(city):
    gdp = make_indicator()
    for district, base in zip(city, (1200, 300, 100), strict=True):
        make_figure(gdp, district, 2024, base)
        make_figure(gdp, district, 2025, Decimal(base) * Decimal("1.05"))
    wage = make_indicator("wage", "labour", title_en="Wage", unit_en="CNY a month", decimals=0)
    make_figure(wage, city[1], 2025, 4200)


@pytest.fixture
def read(client: Client, figures):
    """The words of a page, tags taken out."""

    def words(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())

    return words


def test_a_figure_stands_with_unit_year_change_source_and_date(read):
    text = read("/en/environment/")
    assert "GDP 1,260.0 100m CNY 2025 · +5.0% on the year before" in text
    assert "Source: Statistical bulletin · as of 20 March 2026" in text


def test_all_figures_stand_at_a_glance_with_the_least_and_the_greatest_county(read):
    glance = read("/en/environment/").split("All figures", 1)[1]
    assert "GDP 1,260.0 100m CNY +5.0% 105.0 Wangkui 315.0 Beilin" in glance


def test_each_county_has_its_own_page_beside_the_others(read):
    text = read("/en/environment/231202/")
    assert "GDP 315.0 100m CNY 2025" in text
    assert "Beilin 2024 300.0" in text
    assert "Wangkui 2025 105.0" in text


def test_a_tariff_that_is_the_same_everywhere_says_so_instead_of_drawing_equal_bars(read, city):
    tariff = make_indicator("tariff", "power", title_en="Tariff", decimals=2)
    for county in city[1:]:
        make_figure(tariff, county, 2025, Decimal("0.55"))
    assert "The same in all counties." in read("/en/costs/231202/")


def test_a_percentage_changes_by_points(read, city):
    share = make_indicator("share", title_en="Share", unit_zh="%", unit_en="%")
    make_figure(share, city[1], 2024, 20)
    make_figure(share, city[1], 2025, 25)
    assert "Share 25.0 % 2025 · +5.0 points on the year before" in read("/en/environment/231202/")


def test_costs_are_on_their_own_page(read):
    assert "Wage 4,200 CNY a month" in read("/en/costs/231202/")
    assert "Wage" not in read("/en/environment/231202/")


def test_a_district_without_figures_says_so(read):
    assert "No figures are published for this district yet." in read("/en/costs/231221/")


def test_the_form_of_the_address_with_a_parameter_leads_to_the_page(client, figures):
    response = client.get("/environment/?district=231202")
    assert response.status_code == 302
    assert response["Location"] == "/environment/231202/"


def test_an_unknown_district_in_the_parameter_is_said_and_in_the_address_not_found(read, client):
    assert "There is no district “999”; this is the whole city." in read(
        "/en/environment/?district=999"
    )
    assert client.get("/environment/999999/").status_code == 404


@pytest.mark.parametrize("path", ["/environment/231221/", "/sitemap/", "/environment/"])
def test_a_district_that_is_not_public_is_named_nowhere(client, figures, city, path):
    city[2].state = "draft"
    city[2].save()
    response = client.get(path)
    assert response.status_code == 404 or "望奎县" not in response.content.decode()


HIDDEN = [
    {"state": "draft"},
    {"state": "withdrawn"},
    {"effective_from": timezone.now() + timedelta(hours=1)},
    {"effective_until": timezone.now() - timedelta(hours=1)},
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_figure_that_is_not_public_stands_nowhere(client, read, city, hidden):
    gdp = Indicator.objects.get(slug="gdp")
    for district in city:
        make_figure(gdp, district, 2026, 7777, **hidden)
    make_figure(make_indicator("secret", title_en="Secret"), city[0], 2026, 5, **hidden)
    for path in ("/en/environment/", "/en/environment/231202/", "/en/why/"):
        text = read(path)
        assert "7,777" not in text
        assert "Secret" not in text
    catalog_sync()
    county = client.get("/api/collections/district-economy/items/231202").json()
    assert county["properties"]["gdp"] == 315


def test_the_layer_asks_the_clock_of_the_database_which_figures_are_public():
    economy = typed_declarations()["district-economy"]
    (gdp,) = (field for field in economy.fields if field.name == "gdp")
    assert "STATEMENT_TIMESTAMP" in str(economy.records().annotate(shown=gdp.expression).query)


def test_counties_are_coloured_by_the_rules_of_the_big_map(client, figures):
    html = client.get("/en/environment/").content.decode()
    themes = re.findall(r'<figure class="theme">.*?</figure>', html, re.S)
    assert len(themes) == 3
    assert "Beilin: 698,025 people" in themes[0]
    shade = re.search(r'theme-county" d="[^"]+" fill="(#\w+)"><title>Beilin', themes[0])[1]
    assert f'fill="{shade}"/></svg>≥ 600,000' in themes[0]


def test_a_thematic_map_tells_amounts_in_the_unit_of_the_page_around_it(client, city, figures):
    Indicator.objects.filter(slug="gdp").update(unit_en="billion CNY", factor_en=Decimal("0.1"))
    for path, beilin, unit, least in (
        ("/en/environment/", "Beilin: 31.5 billion CNY", "billion CNY", "< 6.0"),
        ("/environment/", "北林区: 315 亿元", "亿元", "< 60"),
    ):
        html = client.get(path).content.decode()
        output = re.findall(r'<figure class="theme">.*?</figure>', html, re.S)[2]
        assert beilin in output
        assert f'<span class="unit">{unit}</span>' in output
        assert least.replace("<", "&lt;") in output


def test_a_thematic_map_stands_with_its_source_and_date(client, city, figures):
    city[1].population_as_of = date(2025, 12, 31)
    city[1].source_en = "Census office"
    city[1].save()
    html = client.get("/en/environment/").content.decode()
    people, density, output = re.findall(r'<figure class="theme">.*?</figure>', html, re.S)
    for of_people in (people, density):
        assert "Source: Census office · as of 31 December 2025" in of_people
    assert "Source: Statistical bulletin · as of 20 March 2026" in output


def test_pages_without_any_data_answer(client):
    for path in ("/environment/", "/costs/", "/why/"):
        assert client.get(path).status_code == 200


def test_the_queries_do_not_grow_with_the_figures(client, figures, city, django_assert_num_queries):
    with django_assert_num_queries(5):
        client.get("/environment/")
    for number in range(6):
        indicator = make_indicator(f"more-{number}")
        for district in city:
            make_figure(indicator, district, 2025, number + 1)
    with django_assert_num_queries(5):
        client.get("/environment/")


def test_bars_are_as_long_as_their_values():
    drawn = charts.bars([("A", Decimal(200), True), ("B", Decimal(50), False)], 0).bars
    assert drawn[0].width == pytest.approx(4 * drawn[1].width)
    assert [bar.text for bar in drawn] == ["200", "50"]


def test_bars_of_nothing_but_zeros_have_no_length():
    assert [bar.width for bar in charts.bars([("A", Decimal(0), True)], 0).bars] == [0]


def test_a_line_places_years_in_proportion_and_the_highest_on_top():
    points = charts.line([(2020, Decimal(1)), (2021, Decimal(3)), (2024, Decimal(2))], 0).points
    assert points[2].x - points[1].x == pytest.approx(3 * (points[1].x - points[0].x), abs=0.2)
    assert min(points, key=lambda point: point.y).year == 2021


def test_one_year_makes_no_line():
    assert charts.line([(2025, Decimal(1))], 0) is None


def test_each_language_reads_figures_in_a_unit_of_its_own(read, city):
    people = make_indicator(
        "population", "people", unit_zh="万人", unit_en="people", factor_en=10_000
    )
    make_figure(people, city[0], 2025, Decimal("353.9"))
    Indicator.objects.filter(slug="gdp").update(unit_en="billion CNY", factor_en=Decimal("0.1"))
    chinese, english = read("/environment/"), read("/en/environment/")
    assert "353.9 万人" in chinese
    assert "1,260.0 亿元" in chinese
    assert "3,539,000 people" in english
    assert "126.00 billion CNY" in english
