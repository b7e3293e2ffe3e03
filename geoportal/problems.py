"""Refusals and faults of the API, all in the one error body."""

import sys

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views import defaults
from rest_framework import exceptions, status

from geoportal.time_limit import is_out_of_reach, was_cut_off
from layers.errors import LayersError
from layers.serving.negotiation import LANGUAGES, preferred_language
from layers.serving.problem import problem

#: Seconds after which a database that was out of reach is worth asking again.
_WAIT = 4


def problem_response(error: Exception, context: dict) -> HttpResponse | None:
    """REST framework's exception handler: every refusal in the one body, faults left to Django."""
    if isinstance(error, LayersError):
        response = problem(error.status, error.code, str(error.title), str(error), **error.extra)
        return _with_wait(response, getattr(error, "wait", None))
    if isinstance(error, Http404):
        return problem(404, "not-found", _("Not found"))
    if isinstance(error, PermissionDenied):
        return problem(403, "forbidden", _("Not allowed"))
    if isinstance(error, SuspiciousOperation):
        return problem(400, "bad-request", _("Bad request"))
    if isinstance(error, exceptions.APIException):
        code = error.default_code.replace("_", "-")
        response = problem(error.status_code, code, _title(error), _detail(error))
        return _with_wait(response, getattr(error, "wait", None))
    return _of_database(error)


def _of_database(error: Exception) -> HttpResponse | None:
    if is_out_of_reach(error):
        return _out_of_reach()
    return _cut_off() if was_cut_off(error) else None


def _with_wait(response: HttpResponse, seconds: float | None) -> HttpResponse:
    if seconds:
        response["Retry-After"] = str(int(seconds) + 1)
    return response


def _cut_off() -> HttpResponse:
    detail = _("Ask for less at once: a smaller box, or a lower limit.")
    return problem(503, "query-too-long", _("The answer took too long."), detail)


def _out_of_reach() -> HttpResponse:
    title = _("The service is busy or being restarted.")
    return _with_wait(problem(503, "unavailable", title, _("Try again in a moment.")), _WAIT)


def _title(error: exceptions.APIException) -> str:
    return {
        status.HTTP_405_METHOD_NOT_ALLOWED: _("Method not allowed"),
        status.HTTP_406_NOT_ACCEPTABLE: _("No acceptable format"),
        status.HTTP_429_TOO_MANY_REQUESTS: _("Too many requests"),
    }.get(error.status_code, _("The request cannot be answered"))


def _detail(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.MethodNotAllowed):
        return _("This address answers to GET, HEAD and OPTIONS.")
    return ""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Requests refused before any view saw them, such as those for a foreign host (handler400)."""
    if _is_api(request):
        with override(LANGUAGES[preferred_language(request)]):
            return problem(400, "bad-request", _("Bad request"))
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Faults; what went wrong is in the log and nowhere else (handler500)."""
    if _is_api(request):
        with override(LANGUAGES[preferred_language(request)]):
            response = problem(500, "internal-error", _("Something went wrong here."))
        response["Access-Control-Allow-Origin"] = "*"
        return response
    response = defaults.server_error(request)
    # Django calls this while it handles the fault.
    error = sys.exc_info()[1]
    if was_cut_off(error) or is_out_of_reach(error):
        response.status_code = 503
    return response


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")
