"""The addresses of exports: a file at once, or a job that makes it and the file it made."""

from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from rest_framework.request import Request

from layers.errors import UnknownLayer
from layers.jobs.errors import UnfinishedJob, UnknownJob
from layers.jobs.models import Job
from layers.jobs.services import Question, file_of, job_start
from layers.serving import versions
from layers.serving.clients import client_address
from layers.serving.delivery import is_current, not_modified, state_tag
from layers.serving.described import Described, json_bytes
from layers.serving.disposition import attachment
from layers.serving.exports.asked import asked_export
from layers.serving.exports.export import Export as Leaving
from layers.serving.exports.formats import FORMATS
from layers.serving.exports.job_document import job_document, job_page
from layers.serving.exports.jobs import make_export
from layers.serving.exports.representations import NEGOTIATED
from layers.serving.exports.response import file_response, named
from layers.serving.files import ServedFile, file_answer
from layers.serving.negotiation import GEOJSON, HTML, JSON, preferred_format
from layers.serving.published import Collection, published_collection
from layers.serving.resource import Resource

_UNSAID = ("f", "lang")


class Export(Resource):
    """All records of a layer that match, as a file."""

    formats = NEGOTIATED
    parameters = None

    def get(self, request: Request, collection: str) -> HttpResponse:
        found = published_collection(collection)
        chosen = FORMATS[self.format.name]
        origin = request.build_absolute_uri("/").removesuffix("/")
        export = asked_export(request.GET, found, chosen, self.language, origin)
        state = found.state()
        tag = state_tag(state, request.build_absolute_uri(), self.format.name, self.language)
        if is_current(request, tag):
            return not_modified(tag)
        if request.method == "HEAD":
            return self._described(named(HttpResponse(), chosen, found.id, found.id), export, tag)
        # One more than the limit is not counted to the end.
        counted = export.records.order_by().values("pk")[: chosen.at_once + 1].count()
        asynchronous = _prefers_to_wait(request)
        if asynchronous or counted > chosen.at_once:
            question = self._question(request, found, origin, state)
            known = counted if counted <= chosen.at_once else None
            return self._accepted(request, question, known, asynchronous=asynchronous)
        if chosen.streamed:
            export.refuse_what_lies_outside()
        response = self._described(file_response(chosen, export, found.id), export, tag)
        response[versions.HEADER] = versions.version_of(state)
        return response

    def _described(self, response: HttpResponse, export: Leaving, tag: str) -> HttpResponse:
        response["Content-Crs"] = f"<{export.system.uri}>"
        response["ETag"] = tag
        response["Cache-Control"] = "public, no-cache"
        return response

    def _question(self, request: Request, found: Collection, origin: str, state: str) -> Question:
        said = sorted(item for item in request.GET.items() if item[0] not in _UNSAID)
        return Question(
            collection=found.id,
            format=self.format.name,
            query=urlencode(said),
            language=self.language,
            origin=origin,
            state=state,
        )

    def _accepted(
        self, request: Request, question: Question, records: int | None, *, asynchronous: bool
    ) -> HttpResponse:
        client = salted_hmac("layers.jobs", client_address(request)).hexdigest()
        with transaction.atomic():
            job, is_new = job_start(question=question, client=client, records=records)
            if is_new:
                transaction.on_commit(partial(make_export.enqueue, str(job.pk)))
        address = self.addresses.job(job.pk)
        if not asynchronous and preferred_format(request, (JSON, HTML)) is HTML:
            response = HttpResponse(status=303)
            address += f"?f=html&lang={self.language}"
        else:
            response = HttpResponse(json_bytes(job_document(job, self.addresses)), status=202)
            response["Content-Type"] = JSON.content_type
        if asynchronous:
            response["Preference-Applied"] = "respond-async"
        response["Location"] = address
        response["Cache-Control"] = "no-store"
        return response


def _prefers_to_wait(request: HttpRequest) -> bool:
    """Whether the reader would rather come back for the file (RFC 7240, respond-async)."""
    preferences = request.headers.get("Prefer", "").split(",")
    return any(each.split(";")[0].strip().lower() == "respond-async" for each in preferences)


class ExportJob(Described):
    """How far an export is that the worker makes."""

    template = "api/job.html"

    def get(self, request: Request, job: str) -> HttpResponse:
        found = _unexpired(job)
        document = job_document(found, self.addresses)
        if self.wants_html:
            response = self.deliver(document, **job_page(found))
        else:
            response = HttpResponse(json_bytes(document), content_type=JSON.content_type)
        response["Cache-Control"] = "no-store"
        return response


class ExportFile(Resource):
    """The file that was made, whole or in parts."""

    formats = (GEOJSON,)

    def get(self, request: Request, job: str) -> HttpResponse:
        found = _unexpired(job)
        if found.status != Job.Status.SUCCESSFUL:
            raise UnfinishedJob
        name = f"{found.collection}.{FORMATS[found.format].ending}"
        served = ServedFile(
            open=partial(file_of(found.pk).open, "rb"),
            size=found.size,
            etag=f'"{found.pk}"',
            modified=int(found.finished_at.timestamp()),
            media_type=FORMATS[found.format].media_type,
            disposition=attachment(name, name),
        )
        try:
            response = file_answer(request, served)
        except FileNotFoundError:
            raise UnknownJob from None
        # Whoever asks again is asked whether the layer is still public.
        response["Cache-Control"] = "private, no-cache"
        return response


def _unexpired(job: str) -> Job:
    """The job of this identifier, while its layer is public."""
    try:
        found = Job.objects.unexpired().get(pk=UUID(job))
        published_collection(found.collection)
    except (ValueError, Job.DoesNotExist, UnknownLayer):
        raise UnknownJob from None
    return found
