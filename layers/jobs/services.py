"""Jobs as they are started, worked on, finished and forgotten.

Each has a folder of its own below `settings.EXPORTS_DIR`, with the file and how far it is. That is
told on the disk, because an export is read in one transaction, out of which no row is seen.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.jobs.errors import TooManyJobs
from layers.jobs.models import Job

#: How long a finished file is kept, and how long a job may take before it counts as lost.
KEPT_FOR = timedelta(days=1)
LOST_AFTER = timedelta(hours=6)
#: Jobs of one client that wait or are worked on.
MOST_PER_CLIENT = 4


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked for; `state` is that of the data, `query` the parameters as an address."""

    collection: str
    format: str
    query: str
    language: str
    origin: str
    state: str

    @property
    def digest(self) -> str:
        """The same for the same question of the same data."""
        parts = (self.collection, self.format, self.query, self.language, self.origin, self.state)
        return blake2b(chr(0).join(parts).encode(), digest_size=32).hexdigest()


def job_start(*, question: Question, client: str, records: int | None) -> tuple[Job, bool]:
    """The job that answers a question, and whether it is new; raises TooManyJobs.

    The same question of the same data has one job, whoever asks.
    """
    jobs_discard_expired()
    asked = Job.objects.unexpired().exclude(status=Job.Status.FAILED)
    if known := asked.filter(question=question.digest).first():
        return known, False
    _refuse_too_many(client)
    return Job.objects.exclude(status=Job.Status.FAILED).get_or_create(
        question=question.digest,
        defaults={
            "client": client,
            "collection": question.collection,
            "format": question.format,
            "query": question.query,
            "language": question.language,
            "origin": question.origin,
            "records": records,
            "expires_at": timezone.now() + LOST_AFTER,
        },
    )


def _refuse_too_many(client: str) -> None:
    if Job.objects.unfinished().filter(client=client).count() >= MOST_PER_CLIENT:
        message = _("%(limit)s exports are being made for you; wait until one is ready.")
        raise TooManyJobs(message % {"limit": MOST_PER_CLIENT})
    kept = Job.objects.unexpired().aggregate(size=Sum("size"))["size"] or 0
    if kept >= settings.EXPORTS_ON_DISK:
        raise TooManyJobs(_("There is no room for more exports now; ask again later."))


def job_begin(*, job_id: UUID) -> Job | None:
    """The job, under way from now on; None where there is nothing to do."""
    waiting = Job.objects.unfinished().filter(pk=job_id)
    if not waiting.update(status=Job.Status.RUNNING, started_at=timezone.now()):
        return None
    shutil.rmtree(folder_of(job_id), ignore_errors=True)
    folder_of(job_id).mkdir(parents=True)
    return Job.objects.get(pk=job_id)


def job_finish(*, job: Job, records: int) -> None:
    """The file of the job is there."""
    now = timezone.now()
    found = Job.objects.filter(pk=job.pk).update(
        status=Job.Status.SUCCESSFUL,
        records=records,
        size=file_of(job.pk).stat().st_size,
        finished_at=now,
        expires_at=now + KEPT_FOR,
    )
    if not found:
        shutil.rmtree(folder_of(job.pk), ignore_errors=True)


def job_fail(*, job: Job, message: str) -> None:
    """There will be no file; `message` may be read by anybody."""
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        status=Job.Status.FAILED, message=message, finished_at=now, expires_at=now + KEPT_FOR
    )
    shutil.rmtree(folder_of(job.pk), ignore_errors=True)


def jobs_discard_expired() -> None:
    """Forget what has expired, and remove the folders that no job owns."""
    Job.objects.expired().delete()
    root = settings.EXPORTS_DIR
    if not root.is_dir():
        return
    owned = {str(pk) for pk in Job.objects.values_list("pk", flat=True)}
    for folder in root.iterdir():
        if folder.name not in owned:
            shutil.rmtree(folder, ignore_errors=True)


def folder_of(job_id: UUID) -> Path:
    """Where the worker writes."""
    return settings.EXPORTS_DIR / str(job_id)


def file_of(job_id: UUID) -> Path:
    """The finished file."""
    return folder_of(job_id) / "export"


def tell_progress(job_id: UUID, percent: int) -> None:
    """Say how far the worker is."""
    told = folder_of(job_id) / "progress.new"
    told.write_text(str(percent))
    told.replace(folder_of(job_id) / "progress")


def progress_of(job: Job) -> int:
    """How far a job is, in percent; 100 is only what is ready."""
    if job.status == Job.Status.SUCCESSFUL:
        return 100
    with suppress(OSError, ValueError):
        return min(99, int((folder_of(job.pk) / "progress").read_text()))
    return 0
