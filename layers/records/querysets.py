"""Reads of records, named as questions."""

from datetime import datetime

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone


class RecordQuerySet(models.QuerySet):
    """Questions every layer's records answer."""

    def public(self, at: datetime | None = None):
        """Published and in effect at an instant (default: now)."""
        at = at or timezone.now()
        return self.filter(
            Q(effective_from__isnull=True) | Q(effective_from__lte=at),
            Q(effective_until__isnull=True) | Q(effective_until__gt=at),
            state="published",
        )

    def in_district(self, code: str):
        """Inside the district with this GB/T 2260 code, at county level or above."""
        if code.endswith("00"):
            return self.filter(district__code__startswith=code.rstrip("0"))
        return self.filter(district__code=code)

    def matching(self, text: str):
        """Every word of the text found in names, codes or pinyin."""
        found = self
        for word in text.lower().split():
            found = found.filter(search_text__contains=word)
        return found
