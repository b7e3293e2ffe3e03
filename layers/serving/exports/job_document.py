"""What is told of a job: for programs as OGC API – Processes has it (OGC 18-062r2), for people."""

from django.utils.translation import gettext as _

from layers.jobs.models import Job
from layers.jobs.services import progress_of
from layers.serving.exports.formats import FORMATS
from layers.serving.links import OGC_RELATION, Addresses, link
from layers.serving.negotiation import HTML, JSON


def job_document(job: Job, addresses: Addresses) -> dict:
    """How far a job is, and where the file lies once it is there."""
    times = {
        "created": job.created_at,
        "started": job.started_at,
        "finished": job.finished_at,
        "expires": job.expires_at if job.finished_at else None,
    }
    told = {
        "jobID": str(job.pk),
        "type": "process",
        "processID": "export",
        "status": job.status,
        "message": _message(job),
        "progress": progress_of(job),
        "collection": job.collection,
        "format": job.format,
        "records": job.records,
        "bytes": job.size,
        **{name: moment and moment.isoformat() for name, moment in times.items()},
    }
    told = {name: value for name, value in told.items() if value is not None}
    return {**told, "links": _links(job, addresses)}


def _message(job: Job) -> str:
    if job.status == Job.Status.FAILED:
        return job.message or _("Something went wrong here. Ask for the export again.")
    return str(job.get_status_display())


def _links(job: Job, addresses: Addresses) -> list[dict]:
    address = addresses.job(job.pk)
    links = [
        link(address, "self", JSON.media_type),
        link(f"{address}?f=html", "alternate", HTML.media_type),
        link(addresses.collection(job.collection), "collection", JSON.media_type),
    ]
    if job.status == Job.Status.SUCCESSFUL:
        media_type = FORMATS[job.format].media_type
        links.append(link(f"{address}/results", f"{OGC_RELATION}/results", media_type))
    return links


def job_page(job: Job) -> dict:
    """What the page shows besides."""
    return {
        "job": job,
        "title": str(FORMATS[job.format].title),
        "is_ready": job.status == Job.Status.SUCCESSFUL,
        "is_over": job.status in (Job.Status.SUCCESSFUL, Job.Status.FAILED),
    }
