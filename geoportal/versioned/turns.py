"""Threads of a process take turns, and what one of them learns serves the others for a second."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

_BELIEVED = 1.0
_MOST_NAMES = 1000

T = TypeVar("T")


class Turns:
    """One thread at a time for each name."""

    def __init__(self):
        self._guard = threading.Lock()
        #: The lock of a name, and how many threads hold it or wait for it.
        self._locks: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Wait for the turn of this thread, and end it with the block."""
        with self._guard:
            lock, users = self._locks.get(name, (threading.Lock(), 0))
            self._locks[name] = lock, users + 1
        try:
            with lock:
                yield
        finally:
            with self._guard:
                _lock, users = self._locks.pop(name)
                if users > 1:
                    self._locks[name] = lock, users - 1


class Believed(Generic[T]):
    """What was learnt by name, each for a second."""

    def __init__(self, clock: Callable[[], float]):
        self._clock, self._turns = clock, Turns()
        self._learnt: dict[str, tuple[float, T]] = {}

    def get(self, name: str) -> T | None:
        """What is believed of a name."""
        since, found = self._learnt.get(name, (None, None))
        return None if since is None or self._clock() - since >= _BELIEVED else found

    def set(self, name: str, found: T) -> None:
        """Believe this from now on."""
        if len(self._learnt) >= _MOST_NAMES:
            self._learnt.clear()
        self._learnt[name] = self._clock(), found

    def learn(self, name: str, ask: Callable[[], T]) -> T:
        """What is believed, else what `ask` gives: one thread asks, the others wait for it."""
        found = self.get(name)
        if found is None:
            with self._turns.of(name):
                found = self.get(name)
                if found is None:
                    found = ask()
                    self.set(name, found)
        return found
