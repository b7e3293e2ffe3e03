"""A version's file over HTTP: names, counting, hand-off to nginx."""

import logging
from functools import partial
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from investment.documents.models import DocumentVersion
from investment.documents.services import download_count
from layers.serving.disposition import attachment
from layers.serving.files import ServedFile, file_answer
from layers.serving.ranges import Unsatisfiable, parse_range

logger = logging.getLogger(__name__)
_CONDITIONS = ("If-None-Match", "If-Modified-Since")


def deliver(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    """Answer GET or HEAD for the file of a version the public may have."""
    if settings.ACCEL_REDIRECT_PREFIX:
        response = _handed_off(request, version)
    else:
        response = _answered(request, version)
    # A document may be withdrawn at any time: caches ask before they give it out again.
    response["Cache-Control"] = "no-cache"
    return response


def _answered(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    served = ServedFile(
        open=partial(version.file.open, "rb"),
        size=version.size,
        etag=f'"{version.sha256}"',
        modified=int(version.created_at.timestamp()),
        media_type=version.media_type,
        disposition=_disposition(version),
        taken=partial(download_count, version=version),
    )
    try:
        return file_answer(request, served)
    except FileNotFoundError:
        logger.error("The file of document version %s is missing from the storage", version.pk)
        raise Http404 from None


def _disposition(version: DocumentVersion) -> str:
    extension = version.filename.rpartition(".")[2]
    plain = f"document-{version.document_id}-v{version.number}.{extension}"
    return attachment(version.filename, plain)


def _handed_off(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    """Let nginx send the file; validators and ranges are then its own (docs/documents.md).

    Whether nginx answers a conditional request with the file cannot be known here, so those are
    not counted.
    """
    if request.method == "GET" and _asks_for_the_end(request, version):
        download_count(version=version)
    response = HttpResponse()
    prefix = settings.ACCEL_REDIRECT_PREFIX.rstrip("/")
    response["X-Accel-Redirect"] = f"{prefix}/{quote(version.file.name)}"
    response["Content-Type"] = version.media_type
    response["Content-Disposition"] = _disposition(version)
    return response


def _asks_for_the_end(request: HttpRequest, version: DocumentVersion) -> bool:
    if any(name in request.headers for name in _CONDITIONS):
        return False
    try:
        wanted = parse_range(request.headers.get("Range", ""), version.size)
    except Unsatisfiable:
        return False
    return wanted is None or wanted.reaches_the_end
