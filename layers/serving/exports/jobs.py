"""Exports made by the worker: what is asked of it, and what it tells."""

import logging
from datetime import timedelta
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override
from django_tasks import task

from layers.errors import LayersError
from layers.jobs.models import Job
from layers.jobs.services import (
    KEPT_FOR,
    file_of,
    job_begin,
    job_fail,
    job_finish,
    jobs_discard_expired,
    tell_progress,
)
from layers.serving.exports.asked import asked_export
from layers.serving.exports.export import Export
from layers.serving.exports.formats import FORMATS
from layers.serving.negotiation import LANGUAGES
from layers.serving.published import published_collection

_MARGIN = timedelta(minutes=1)
logger = logging.getLogger(__name__)


@task()
def make_export(job_id: str) -> None:
    """Make the file of a job; what fails is told in words or not at all."""
    job = job_begin(job_id=UUID(job_id))
    if job is None:
        return
    with override(LANGUAGES[job.language]):
        try:
            records = _make(job)
        except LayersError as error:
            job_fail(job=job, message=str(error))
        except Exception:
            logger.exception("The export of job %s failed", job.pk)
            job_fail(job=job, message="")
        else:
            job_finish(job=job, records=records)
            discard_expired.using(run_after=timezone.now() + KEPT_FOR + _MARGIN).enqueue()


def _make(job: Job) -> int:
    """Write the file; how many records were read for it."""
    export = export_of(job)
    total = export.records.count()
    counted = _Counted(job.pk, total)
    target = file_of(job.pk)
    # GDAL knows formats by the ending.
    path = target.with_name(f"making.{FORMATS[job.format].ending}")
    FORMATS[job.format].write(path, export.telling(counted))
    path.replace(target)
    return total


def export_of(job: Job) -> Export:
    """What a job is to make; raises UnknownLayer where it is no longer public."""
    found = published_collection(job.collection)
    query = QueryDict(job.query)
    return asked_export(query, found, FORMATS[job.format], job.language, job.origin)


class _Counted:
    """Tells how far a job is, by the records that were read."""

    def __init__(self, job_id: UUID, total: int):
        self._job_id, self._total, self._read = job_id, total, 0

    def __call__(self, records: int) -> None:
        self._read += records
        tell_progress(self._job_id, 100 * self._read // max(1, self._total))


@task()
def discard_expired() -> None:
    """Remove files whose time is over."""
    jobs_discard_expired()
