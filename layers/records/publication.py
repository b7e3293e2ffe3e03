"""Publication: the one rule that says what the public sees, of records and of all else."""

from datetime import datetime

from django.db import models
from django.db.models import Case, Expression, F, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from layers.rules import Check


class State(models.TextChoices):
    """Publication state of a record (发布状态)."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


def is_public(relation: str = "", at: datetime | Expression | None = None) -> Q:
    """That a row is published and in effect at an instant (default: the clock of the database).

    With `relation` the rule is asked of the related row, and is not met where there is none.
    """
    path = f"{relation}__" if relation else ""
    at = at or Now()
    return Q(
        Q(**{f"{path}effective_from": None}) | Q(**{f"{path}effective_from__lte": at}),
        Q(**{f"{path}effective_until": None}) | Q(**{f"{path}effective_until__gt": at}),
        **{f"{path}state": State.PUBLISHED},
    )


def seen_always() -> Q:
    """That a row is published and neither comes into effect nor goes out of it by the clock."""
    return Q(state=State.PUBLISHED, effective_from__isnull=True, effective_until__isnull=True)


def of_public(relation: str, column: str) -> Case:
    """A column of a related row, NULL while that row is not public itself.

    A layer may name another layer's record, and must not give away one that is not published.
    """
    return Case(When(is_public(relation), then=F(f"{relation}__{column}")))


class PublishedQuerySet(models.QuerySet):
    """The question every public surface starts from."""

    def public(self, at: datetime | None = None):
        """Published and in effect at an instant (default: now)."""
        return self.filter(is_public(at=at))


class Published(models.Model):
    """Publication state with effective and expiry time (发布、生效与失效).

    Both times are instants; an empty `effective_from` means always, an empty end means no end.
    """

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    effective_from = models.DateTimeField(_("in effect from"), null=True, blank=True)
    effective_until = models.DateTimeField(_("in effect until"), null=True, blank=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            Check(
                condition=Q(effective_from__isnull=True)
                | Q(effective_until__isnull=True)
                | Q(effective_until__gt=F("effective_from")),
                name="%(app_label)s_%(class)s_effect_ends_after_start",
                at=("effective_until",),
                says=_("The end of effect must be later than its beginning."),
            )
        ]
