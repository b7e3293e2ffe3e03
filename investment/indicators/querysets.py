"""Reads of figures, named as questions."""

from collections.abc import Iterable

from django.db import models


class FigureQuerySet(models.QuerySet):
    """Questions figures answer."""

    def about(self, topics: Iterable[str]):
        """Of indicators of these topics, by indicator, district and year."""
        return (
            self.filter(indicator__topic__in=topics)
            .select_related("indicator", "district")
            .defer("district__geom")
            .order_by("indicator__order", "indicator__slug", "district__code", "year")
        )

    def of_districts(self, districts: Iterable):
        """Of these districts."""
        return self.filter(district__in=districts)

    def latest_of(self, slugs: Iterable[str], district):
        """The newest figure of each of these indicators for one district."""
        return (
            self.filter(indicator__slug__in=slugs, district=district)
            .select_related("indicator", "district")
            .defer("district__geom")
            .order_by("indicator_id", "-year")
            .distinct("indicator_id")
        )
