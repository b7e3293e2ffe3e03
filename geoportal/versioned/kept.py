"""Finished answers, in the memory of the process and on the disk that processes share."""

import fcntl
import json
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

_LOCKS = 64


class Answer(NamedTuple):
    """Headers and body of a good answer."""

    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def tag(self) -> str:
        """Its validator."""
        return dict(self.headers).get("ETag", "")


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
            head, body = self._path(name).read_bytes().split(b"\n", maxsplit=1)
        except (OSError, ValueError):
            return None
        return Answer(tuple((key, value) for key, value in json.loads(head)), body)

    def put(self, name: str, answer: Answer) -> None:
        """Keep an answer. A disk that is full or gone costs speed, not the answer."""
        path = self._path(name)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(json.dumps(answer.headers).encode() + b"\n" + answer.body)
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
        digest = blake2b(name.encode(), digest_size=16).hexdigest()
        return self._folder / digest[:2] / digest[2:]

    @contextmanager
    def filling(self, name: str) -> Iterator[None]:
        """One thread of one process at a time makes the answer of this name."""
        number = blake2b(name.encode(), digest_size=1).digest()[0] % _LOCKS
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"lock-{number}").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Kept:
    """Memory in front of the disk."""

    def __init__(self, memory: Memory, disk: Disk):
        self._memory, self._disk = memory, disk
        self.filling = disk.filling

    def get(self, name: str) -> Answer | None:
        """The answer of this name."""
        answer = self._memory.get(name)
        if answer is None and (answer := self._disk.get(name)):
            self._memory.put(name, answer)
        return answer

    def put(self, name: str, answer: Answer) -> None:
        """Keep an answer in both."""
        self._memory.put(name, answer)
        self._disk.put(name, answer)
