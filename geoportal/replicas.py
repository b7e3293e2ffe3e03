"""Public reads go to streaming replicas of the database (只读副本).

Each web process stays with one replica, so that a reader does not see the data go back and forth.
A replica that does not answer, or is further behind than is allowed, is left alone until it is well
again; where none is well, the primary is asked, as it is for whoever has signed in: they see their
own changes at once.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from geoportal.time_limit import is_out_of_reach
from layers.postgis.replication import replayed_up_to, written_up_to

#: Seconds for which the word on a replica is believed: while it is well, and while it is not.
_BELIEVED, _RESTING = 1.0, 5.0
#: What is written by one request and read by the next, of readers who have not signed in.
_OWN_WRITES = ("/api/jobs/",)
_READ_ONLY = "25006"
_log = logging.getLogger(__name__)


def replica_aliases() -> list[str]:
    """The names of the replicas among the databases of the settings."""
    return [name for name in connections if name != DEFAULT_DB_ALIAS]


class Replica:
    """A replica, and whether it may be read."""

    def __init__(self, alias: str, most_behind: float, clock: Callable[[], float] = time.monotonic):
        self.alias = alias
        self._most_behind, self._clock = most_behind, clock
        #: Where the primary had written up to, and when: what the replica has yet to replay.
        self._awaited: deque[tuple[float, int]] = deque()
        self._has_caught_up, self._is_well = False, False
        self._ask_again = clock()
        self._lock = threading.Lock()

    def is_well(self) -> bool:
        """Whether it answers and is not too far behind, as of a second ago at most."""
        if self._clock() >= self._ask_again and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._is_well

    def rest(self) -> None:
        """Leave it alone for some seconds."""
        self._is_well = False
        self._ask_again = self._clock() + _RESTING

    def _look(self) -> None:
        was_well = self._is_well
        try:
            self._is_well = self._is_close()
        except DatabaseError:
            connections[self.alias].close()
            self._is_well = False
        self._ask_again = self._clock() + (_BELIEVED if self._is_well else _RESTING)
        if was_well != self._is_well:
            _log.warning("%s %s", self.alias, "is read" if self._is_well else "is left alone")

    def _is_close(self) -> bool:
        """How far it is behind is told by when the primary wrote what it has not replayed yet."""
        replayed = replayed_up_to(self.alias)
        if replayed is None:
            # No replica: it would hold something else.
            return False
        try:
            written = written_up_to(DEFAULT_DB_ALIAS)
        except DatabaseError:
            # Without a primary nothing is written that it could be behind.
            return self._has_caught_up
        now = self._clock()
        self._awaited.append((now, written))
        while self._awaited and self._awaited[0][1] <= replayed:
            self._awaited.popleft()
            self._has_caught_up = True
        behind = now - self._awaited[0][0] if self._awaited else 0
        return self._has_caught_up and behind <= self._most_behind


class ReplicaReads:
    """Middleware, the innermost: public reads see a replica as the only database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        found = [Replica(each, settings.REPLICA_LAG_SECONDS) for each in replica_aliases()]
        if not found:
            raise MiddlewareNotUsed
        first = os.getpid() % len(found)
        self._replicas = [*found[first:], *found[:first]]
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        replica = self._replica_for(request)
        if replica is None:
            return self._get_response(request)
        with reading(replica.alias):
            response = self._get_response(request)
        if _is_unanswered(response):
            if not isinstance(response, _Wrote):
                replica.rest()
            return self._get_response(request)
        if response.streaming:
            response.streaming_content = _read_from(replica.alias, response.streaming_content)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Have what a replica could not do, or may not, done by the primary."""
        if connections[DEFAULT_DB_ALIAS].alias == DEFAULT_DB_ALIAS:
            return None
        if getattr(error.__cause__, "pgcode", None) == _READ_ONLY:
            return _Wrote()
        return _Unanswered() if is_out_of_reach(error) else None

    def _replica_for(self, request: HttpRequest) -> Replica | None:
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(_OWN_WRITES):
            return None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return None
        return next((each for each in self._replicas if each.is_well()), None)


class _Unanswered(HttpResponse):
    """Stands for an answer that is yet to be given."""

    status_code = 503


class _Wrote(_Unanswered):
    """The request had something to write."""


def _is_unanswered(response: HttpResponseBase) -> bool:
    # REST framework makes answers of errors before any middleware sees them; one that a query took
    # too long gives no time after which to ask again.
    is_away = response.status_code == 503 and "Retry-After" in response
    return is_away or isinstance(response, _Unanswered)


@contextmanager
def reading(alias: str) -> Iterator[None]:
    """Have this thread read from a replica whatever asks for the database."""
    primary = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[alias]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary


def _read_from(alias: str, content: Iterator[bytes]) -> Iterator[bytes]:
    """What is read while it is sent."""
    with reading(alias):
        yield from content
