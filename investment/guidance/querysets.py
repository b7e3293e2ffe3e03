"""Reads of policies, named as questions."""

from datetime import date

from django.db.models import Prefetch, Q
from django.utils import timezone

from investment.catalog.querysets import public_district
from investment.documents.models import Document
from investment.industries import INDUSTRIES
from layers.records.publication import PublishedQuerySet


class PolicyQuerySet(PublishedQuerySet):
    """Questions policies answer."""

    def in_force(self, on: date | None = None):
        """In force on a day (default: today); a policy without dates is."""
        on = on or timezone.localdate()
        return self.filter(
            Q(in_force_from__isnull=True) | Q(in_force_from__lte=on),
            Q(in_force_until__isnull=True) | Q(in_force_until__gte=on),
        )

    def ended(self, on: date | None = None):
        """No longer in force on a day (default: today)."""
        return self.filter(in_force_until__lt=on or timezone.localdate())

    def to_come(self, on: date | None = None):
        """Not yet in force on a day (default: today)."""
        return self.filter(in_force_from__gt=on or timezone.localdate())

    def in_district(self, code: str):
        """For this county, or for all."""
        return self.filter(Q(district__code=code) | Q(district__isnull=True))

    def in_industry(self, code: str):
        """For this division or its section, for any division of this section letter, or for all."""
        named = {code[:1], *(known for known in INDUSTRIES.codes if known.startswith(code))}
        return self.filter(Q(industries__overlap=sorted(named)) | Q(industries=[]))

    def matching(self, text: str):
        """Every word found in title, text, number or issuer of either language."""
        found = self
        for word in text.split():
            anywhere = Q()
            for name in ("title", "text", "issued_by", "qualifies"):
                anywhere |= Q(**{f"{name}_zh__icontains": word})
                anywhere |= Q(**{f"{name}_en__icontains": word})
            found = found.filter(anywhere | Q(number__icontains=word))
        return found

    def for_cards(self):
        """With all a card of a policy shows; what is not public itself is not named."""
        documents = Prefetch("document", Document.objects.public().with_versions())
        return self.prefetch_related(public_district(), documents)
