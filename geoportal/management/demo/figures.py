"""Indicators with their figures, and policies."""

from __future__ import annotations

from datetime import date

from fixtures.suihua.content.rows import SOURCE
from investment.models import Document, Figure, Indicator, Policy
from layers.models import District
from layers.records.publication import State


def load_indicators(city) -> None:
    """Indicators and the figures the city and its counties lack."""
    rows = city.content.indicators
    known = set(Indicator.objects.values_list("slug", flat=True))
    new = [Indicator(slug=row.slug, **row.values) for row in rows if row.slug not in known]
    Indicator.objects.bulk_create(new)
    city.count("indicators", len(new))
    figures = _missing_figures(rows)
    if figures:
        Figure.objects.bulk_create(figures, batch_size=500)
    city.count("figures", len(figures))


def _missing_figures(rows) -> list[Figure]:
    known = set(Figure.objects.values_list("indicator__slug", "district__code", "year"))
    indicators = {indicator.slug: indicator for indicator in Indicator.objects.all()}
    districts = {district.code: district for district in District.objects.only("pk", "code")}
    return [
        Figure(
            indicator=indicators[row.slug],
            district=districts[code],
            year=year,
            value=value,
            source_zh=SOURCE[0],
            source_en=SOURCE[1],
            as_of=date(year, 12, 31),
            state=State.PUBLISHED,
        )
        for row in rows
        for (code, year), value in row.figures.items()
        if (row.slug, code, year) not in known
    ]


def load_policies(city) -> None:
    """Policies, each with its full text as a document."""
    known = set(Policy.objects.values_list("slug", flat=True))
    districts = {district.code: district for district in District.objects.only("pk", "code")}
    documents = {document.title_zh: document for document in Document.objects.all()}
    new = [
        Policy(
            slug=row.slug,
            district=districts.get(row.district),
            document=documents.get(row.values["title_zh"]),
            state=State.PUBLISHED,
            **row.values,
        )
        for row in city.content.policies
        if row.slug not in known
    ]
    Policy.objects.bulk_create(new)
    city.count("policies", len(new))
