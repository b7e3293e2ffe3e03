"""A large export on its way."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.rules import Unique, choices_held


class JobQuerySet(models.QuerySet):
    """Which jobs there are."""

    def unexpired(self) -> "JobQuerySet":
        """Those that can still be asked about."""
        return self.filter(expires_at__gt=timezone.now())

    def expired(self) -> "JobQuerySet":
        """Those whose time is over."""
        return self.filter(expires_at__lte=timezone.now())

    def unfinished(self) -> "JobQuerySet":
        """Those that wait or are worked on."""
        return self.unexpired().filter(status__in=(Job.Status.ACCEPTED, Job.Status.RUNNING))


@choices_held
class Job(models.Model):
    """An export that a worker makes, known by an identifier that nobody guesses.

    `question` is a digest of what was asked and of the state of the data; `client` is a digest of
    where it was asked from. `records` is how many were counted, `size` the bytes of the file.
    `message` says why it failed, where that can be said.
    """

    class Status(models.TextChoices):
        # OGC API – Processes (OGC 18-062r2), statusCode
        ACCEPTED = "accepted", _("waiting")
        RUNNING = "running", _("under way")
        SUCCESSFUL = "successful", _("ready")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.CharField(_("question"), max_length=64)
    client = models.CharField(_("client"), max_length=64)
    collection = models.CharField(_("layer"), max_length=100)
    format = models.CharField(_("format"), max_length=20)
    query = models.TextField(_("query"), blank=True)
    language = models.CharField(_("language"), max_length=10)
    origin = models.CharField(_("address of the service"), max_length=300)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.ACCEPTED
    )
    message = models.TextField(_("message"), blank=True)
    records = models.BigIntegerField(_("records"), null=True, blank=True)
    size = models.BigIntegerField(_("bytes"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            Unique(
                fields=["question"],
                condition=~Q(status="failed"),
                name="job_question_is_asked_once",
                at=("question",),
                says=_("This export is under way already."),
            ),
        ]

    def __str__(self):
        return f"{self.collection}.{self.format}"
