"""The one error body: `application/problem+json` (RFC 9457) with a stable `code`.

`type` is `about:blank`, the standard's word for a problem that its status explains; programs
tell problems apart by `code`, people read `title` and `detail` in their language.
"""

from django.http import HttpResponse, JsonResponse

PROBLEM_JSON = "application/problem+json"


def problem(status_code: int, code: str, title: str, detail: str = "", **extra) -> HttpResponse:
    """An error response; `extra` members name the parameter at fault and the like."""
    body = {"type": "about:blank", "status": status_code, "code": code, "title": title}
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
