"""Reads of figures, named as questions."""

from collections.abc import Iterable

from layers.records.publication import PublishedQuerySet


class FigureQuerySet(PublishedQuerySet):
    """Questions figures answer."""

    def about(self, topics: Iterable[str]):
        """The public ones of indicators of these topics, by indicator, district and year."""
        return (
            self.public()
            .filter(indicator__topic__in=topics)
            .select_related("indicator", "district")
            .defer("district__geom")
            .order_by("indicator__order", "indicator__slug", "district__code", "year")
        )

    def of_districts(self, districts: Iterable):
        """Of these districts."""
        return self.filter(district__in=districts)

    def latest_of(self, slugs: Iterable[str], district):
        """The newest public figure of each of these indicators for one district."""
        return (
            self.public()
            .filter(indicator__slug__in=slugs, district=district)
            .select_related("indicator", "district")
            .defer("district__geom")
            .order_by("indicator_id", "-year")
            .distinct("indicator_id")
        )
