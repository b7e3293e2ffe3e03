"""Publication for things that are not map records: documents, policies."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.records.models import State


class PublishedQuerySet(models.QuerySet):
    """The same question the records of layers answer."""

    def public(self, at: datetime | None = None):
        """Published and in effect at an instant (default: now)."""
        at = at or timezone.now()
        return self.filter(
            Q(effective_from__isnull=True) | Q(effective_from__lte=at),
            Q(effective_until__isnull=True) | Q(effective_until__gt=at),
            state=State.PUBLISHED,
        )


class Published(models.Model):
    """Publication state with effective and expiry time (发布、生效与失效)."""

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    effective_from = models.DateTimeField(_("in effect from"), null=True, blank=True)
    effective_until = models.DateTimeField(_("in effect until"), null=True, blank=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True
