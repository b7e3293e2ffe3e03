"""Health for the machines that watch the service: alive, and ready to answer."""

from datetime import timedelta
from threading import Event

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

#: A task that has waited longer while none is at work shows that no worker is there.
PATIENCE = timedelta(minutes=2)
#: Migrations were found complete: the code of this process asks for no more, and looking is dear.
_complete = Event()


def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return _plain({"status": "ok"}, 200)


def readyz(_request: HttpRequest) -> JsonResponse:
    """Database, migrations and worker, each `ok` or what is wrong; 503 unless all are."""
    try:
        # Both checks ask the database, so that it answers whenever they do.
        checks = {"database": "ok", "migrations": _migrations(), "worker": _worker()}
    except DatabaseError:
        checks = {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
    ready = all(state == "ok" for state in checks.values())
    return _plain({"status": "ok" if ready else "unavailable", **checks}, 200 if ready else 503)


def _migrations() -> str:
    if not _complete.is_set():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "missing"
        _complete.set()
    return "ok"


def _worker() -> str:
    overdue = timezone.now() - PATIENCE
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=overdue).exists()
    return "not taking tasks" if waiting and not DBTaskResult.objects.running().exists() else "ok"


def _plain(body: dict, status: int) -> JsonResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response
