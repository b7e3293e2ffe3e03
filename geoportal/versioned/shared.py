"""Finished answers in Redis, in the place of the disk: many machines share them.

No answer needs Redis. What it refuses, or does not answer in time, has it left alone for some
seconds, and each process goes on with what it has itself.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.exceptions import LockError
from redis.lock import Lock
from redis.retry import Retry

from geoportal.versioned.kept import Answer, digest

#: Seconds: for a word from Redis, between words where none came, and for which answers are kept.
_PATIENCE, _RESTING, _KEPT_FOR = 0.5, 5.0, 24 * 3600
#: Seconds: how long the lock of a filler that has died holds, between looks at a lock that another
#: holds, and after which it is waited for no longer.
_LEASE, _LOOKING, _WAITING = 3.0, 0.03, 30.0

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Shared:
    """Answers in Redis, which bounds them: they expire, and it drops what is not asked for."""

    def __init__(self, address: str, *, resting: float = _RESTING, lease: float = _LEASE):
        # Nothing is tried again: a reader waits. What is wanted is bytes, which servers of any age
        # give by the older protocol.
        once = Retry(NoBackoff(), 0)
        timeouts = {"socket_timeout": _PATIENCE, "socket_connect_timeout": _PATIENCE}
        self._redis = Redis.from_url(address, retry=once, protocol=2, **timeouts)
        self._resting, self._lease = resting, lease
        self._is_well, self._ask_again = True, 0.0
        self._guard = threading.Lock()

    def get(self, name: str) -> Answer | None:
        """The answer of this name."""
        found = self._asked(lambda: self._redis.get(f"geoportal:answer:{digest(name)}"))
        return Answer.unpacked(found) if found else None

    def put(self, name: str, answer: Answer) -> None:
        """Keep an answer for a day."""
        key = f"geoportal:answer:{digest(name)}"
        self._asked(lambda: self._redis.set(key, answer.packed(), ex=_KEPT_FOR))

    @contextmanager
    def filling(self, name: str) -> Iterator[None]:
        """One process of all machines at a time; one that has died holds the others up no longer
        than its lock does."""
        lock = self._redis.lock(
            f"geoportal:filling:{digest(name)}",
            timeout=self._lease,
            sleep=_LOOKING,
            blocking_timeout=_WAITING,
            thread_local=False,
        )
        if not self._asked(lock.acquire):
            yield
            return
        done = threading.Event()
        threading.Thread(target=self._hold, args=(lock, done), daemon=True).start()
        try:
            yield
        finally:
            done.set()
            self._asked(lock.release)

    def _hold(self, lock: Lock, done: threading.Event) -> None:
        """Keep a lock from running out while its filler lives."""
        while not done.wait(self._lease / 3):
            self._asked(lock.reacquire)

    def _asked(self, ask: Callable[[], T]) -> T | None:
        """What Redis says; None where it is left alone, or is from now on."""
        if not self._may_be_asked():
            return None
        try:
            found = ask()
        except LockError:
            # The lock ran out: another may fill by now, and Redis is well.
            return None
        except RedisError as fault:
            self._rest(fault)
            return None
        if not self._is_well:
            self._is_well = True
            _log.warning("Redis is asked again")
        return found

    def _may_be_asked(self) -> bool:
        if self._is_well:
            return True
        with self._guard:
            if time.monotonic() < self._ask_again:
                return False
            # One tries; the others go on without.
            self._ask_again = time.monotonic() + self._resting
            return True

    def _rest(self, fault: RedisError) -> None:
        with self._guard:
            was_well, self._is_well = self._is_well, False
            self._ask_again = time.monotonic() + self._resting
        if was_well:
            _log.warning("Redis is left alone: %s", fault)
