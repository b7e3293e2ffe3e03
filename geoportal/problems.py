"""The one error body of the API: `application/problem+json` (RFC 9457) with a stable `code`."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status

from layers.errors import LayersError

PROBLEM_JSON = "application/problem+json"


def problem(status_code: int, code: str, title: str, detail: str = "", **extra) -> HttpResponse:
    """An error response; `extra` members name the parameter at fault and the like."""
    body = {"type": f"about:blank#{code}", "status": status_code, "code": code, "title": title}
    if detail:
        body["detail"] = detail
    response = JsonResponse(
        {**body, **extra},
        status=status_code,
        content_type=PROBLEM_JSON,
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "no-store"
    return response


def problem_response(error: Exception, context: dict) -> HttpResponse | None:
    """REST framework's exception handler: every refusal in the one body, faults left to Django."""
    if isinstance(error, LayersError):
        return problem(error.status, error.code, str(error.title), str(error), **error.extra)
    if isinstance(error, Http404):
        return problem(404, "not-found", _("Not found"))
    if isinstance(error, PermissionDenied):
        return problem(403, "forbidden", _("Not allowed"))
    if isinstance(error, exceptions.APIException):
        response = problem(error.status_code, error.default_code.replace("_", "-"), _title(error))
        if wait := getattr(error, "wait", None):
            response["Retry-After"] = str(int(wait) + 1)
        return response
    return None


def _title(error: exceptions.APIException) -> str:
    return {
        status.HTTP_405_METHOD_NOT_ALLOWED: _("Method not allowed"),
        status.HTTP_406_NOT_ACCEPTABLE: _("No acceptable format"),
        status.HTTP_429_TOO_MANY_REQUESTS: _("Too many requests"),
    }.get(error.status_code, _("The request cannot be answered"))
