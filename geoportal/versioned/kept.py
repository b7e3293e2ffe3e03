"""Finished answers: in the memory of the process, and in a store behind it that others share.

The store is the disk of the machine (here) or Redis (geoportal.versioned.shared).
"""

import fcntl
import json
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, Protocol

from geoportal.versioned.turns import Turns

_LOCKS = 64


class Answer(NamedTuple):
    """Headers and body of a good answer."""

    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def tag(self) -> str:
        """Its validator."""
        return dict(self.headers).get("ETag", "")

    def packed(self) -> bytes:
        """The answer as a store holds it."""
        return json.dumps(self.headers).encode() + b"\n" + self.body

    @classmethod
    def unpacked(cls, data: bytes) -> "Answer | None":
        """The answer that a store holds; None where it is none."""
        try:
            head, body = data.split(b"\n", maxsplit=1)
            return cls(tuple((name, value) for name, value in json.loads(head)), body)
        except (ValueError, TypeError):
            return None


class Store(Protocol):
    """Where answers outlive the process. One that is full or away costs speed, not the answer."""

    def get(self, name: str) -> Answer | None: ...

    def put(self, name: str, answer: Answer) -> None: ...

    def filling(self, name: str) -> AbstractContextManager[None]:
        """One of all who share the store makes the answer of this name; the others wait."""


class Memory:
    """The answers asked for last, up to so many bytes."""

    def __init__(self, most: int):
        self._most, self._size = most, 0
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str) -> Answer | None:
        """The answer of this name; it is now the last one asked for."""
        with self._lock:
            answer = self._answers.get(name)
            if answer:
                self._answers.move_to_end(name)
            return answer

    def put(self, name: str, answer: Answer) -> None:
        """Keep an answer, and forget those not asked for longest."""
        with self._lock:
            if name in self._answers or len(answer.body) > self._most:
                return
            self._answers[name] = answer
            self._size += len(answer.body)
            while self._size > self._most:
                _name, gone = self._answers.popitem(last=False)
                self._size -= len(gone.body)


class Disk:
    """Answers as files, up to so many bytes; each appears whole or not at all."""

    def __init__(self, folder: Path, most: int):
        self._folder, self._most = folder, most
        self._written = 0

    def get(self, name: str) -> Answer | None:
        """The answer of this name."""
        try:
            return Answer.unpacked(self._path(name).read_bytes())
        except OSError:
            return None

    def put(self, name: str, answer: Answer) -> None:
        """Keep an answer."""
        path = self._path(name)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(answer.packed())
            os.replace(file.name, path)
            self._written += len(answer.body)
            if self._written > self._most / 8:
                self._written = 0
                self._clear()

    def _clear(self) -> None:
        """Remove the oldest files until nine tenths of what may be kept are left."""
        found = sorted(
            ((stat.st_mtime, stat.st_size, path) for path, stat in self._files()),
            key=lambda each: each[0],
        )
        size = sum(each[1] for each in found)
        for _time, length, path in found:
            if size <= self._most * 0.9:
                return
            path.unlink(missing_ok=True)
            size -= length

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self._folder.glob("*/*"):
            with suppress(FileNotFoundError):
                yield path, path.stat()

    def _path(self, name: str) -> Path:
        place = digest(name)
        return self._folder / place[:2] / place[2:]

    @contextmanager
    def filling(self, name: str) -> Iterator[None]:
        """One process of this machine at a time."""
        with self._locked(int(digest(name)[:2], 16) % _LOCKS):
            yield

    def _locked(self, number: int) -> AbstractContextManager:
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            file = (self._folder / f"lock-{number}").open("a")
            fcntl.flock(file, fcntl.LOCK_EX)
            return file
        return nullcontext()


def digest(name: str) -> str:
    """What stands for a name where names are short."""
    return blake2b(name.encode(), digest_size=16).hexdigest()


class Kept:
    """Memory in front of a store."""

    def __init__(self, memory: Memory, store: Store):
        self._memory, self._store = memory, store
        self._turns = Turns()

    def get(self, name: str) -> Answer | None:
        """The answer of this name; the store is asked for what is not in memory."""
        answer = self._memory.get(name)
        if answer is None and (answer := self._store.get(name)):
            self._memory.put(name, answer)
        return answer

    def put(self, name: str, answer: Answer) -> None:
        """Keep an answer in both."""
        self._memory.put(name, answer)
        self._store.put(name, answer)

    @contextmanager
    def filling(self, name: str) -> Iterator[None]:
        """One thread of one process makes the answer of this name, the others wait for it.

        Threads first take turns here, so that without a store there is still one of each process.
        """
        with self._turns.of(name), self._store.filling(name):
            yield
