"""The figures of some topics for one district, over the years and beside the other counties."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from investment.indicators.charts import Bars, Line, bars, line
from investment.indicators.models import Figure, Indicator
from investment.places import short_name
from investment.quantities import number
from layers.models import District


@dataclass(frozen=True, kw_only=True)
class Board:
    """One indicator as seen from one district; lists are ordered by year and by division code."""

    indicator: Indicator
    district: District
    series: list[Figure]
    counties: list[Figure]

    @property
    def latest(self) -> Figure | None:
        """The newest figure of the district itself."""
        return self.series[-1] if self.series else None

    @property
    def value(self) -> str:
        """The newest value in writing."""
        return number(self.latest.amount, self.indicator.places)

    @property
    def in_percent(self) -> bool:
        """Whether the indicator is itself a percentage; its change is then told in points."""
        return self.indicator.unit_zh == "%"

    @property
    def change(self) -> Decimal | None:
        """Against the year before, where both are known: percent, or points of a percentage."""
        if len(self.series) < 2 or self.series[-2].year != self.series[-1].year - 1:
            return None
        before, now = (figure.value for figure in self.series[-2:])
        if self.in_percent:
            return round(now - before, 1)
        return round((now - before) / before * 100, 1) if before else None

    @property
    def line(self) -> Line | None:
        """The district's figures over the years."""
        return line([(f.year, f.amount) for f in self.series], self.indicator.places)

    @property
    def uniform(self) -> bool:
        """Whether all counties have the same value in the newest year, as with tariffs."""
        return len(self.counties) > 1 and len({figure.value for figure in self.counties}) == 1

    @property
    def ordered(self) -> list[Figure]:
        """All counties in the newest year, the greatest first; none where they do not differ."""
        if len(self.counties) < 2 or self.uniform:
            return []
        return sorted(self.counties, key=lambda figure: figure.value, reverse=True)

    @property
    def span(self) -> tuple[Figure, Figure] | None:
        """The least and the greatest among the counties."""
        return (self.ordered[-1], self.ordered[0]) if self.ordered else None

    @property
    def bars(self) -> Bars | None:
        """The counties beside one another."""
        if not self.ordered:
            return None
        return bars(
            [
                (short_name(f.district.name), f.amount, f.district_id == self.district.pk)
                for f in self.ordered
            ],
            self.indicator.places,
        )


def boards(topics: Iterable[str], district: District, counties: list[District]) -> dict:
    """The boards of these topics, by topic in the order given; topics without figures left out."""
    districts = {district.pk, *(county.pk for county in counties)}
    figures = Figure.objects.about(topics).of_districts(districts)
    by_topic: dict[str, list[Board]] = {topic: [] for topic in topics}
    for indicator, group in groupby(figures, key=lambda figure: figure.indicator):
        board = _board(indicator, district, list(group))
        if board.latest:
            by_topic[indicator.topic].append(board)
    return {topic: found for topic, found in by_topic.items() if found}


def _board(indicator: Indicator, district: District, figures: list[Figure]) -> Board:
    counties = [f for f in figures if f.district.level == District.Level.COUNTY]
    newest = max((f.year for f in counties), default=None)
    return Board(
        indicator=indicator,
        district=district,
        series=[f for f in figures if f.district_id == district.pk],
        counties=[f for f in counties if f.year == newest],
    )
