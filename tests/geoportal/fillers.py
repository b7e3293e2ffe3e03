"""A process whose threads ask for one address at once: `python -m tests.geoportal.fillers …`.

The application behind them leaves word of each answer that it makes, and gives it when all readers
of all processes have come and had the time to ask it too, which those who are held back do not.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from wsgiref.util import setup_testing_defaults

from geoportal.versioned.kept import Disk, Kept, Memory
from geoportal.versioned.server import Versioned
from geoportal.versioned.shared import Shared
from layers.serving.versions import HEADER

ENOUGH = 0.5
VERSION = "0123456789abcdef"
PATH = f"/api/v/{VERSION}/tiles/WebMercatorQuad/0/0/0"
BODY = b"tile" * 1000


class Place:
    """The folder in which the processes leave word for each other."""

    def __init__(self, folder: str, readers: int):
        self._come, self._asked = Path(folder, "come"), Path(folder, "asked")
        self._readers = readers

    def come(self) -> None:
        self._add(self._come)

    def asked(self) -> None:
        self._add(self._asked)

    def wait_for_all(self) -> None:
        self._wait(lambda: self._come.stat().st_size >= self._readers, 60)
        self._wait(lambda: self._asked.stat().st_size > 1, ENOUGH)

    @staticmethod
    def _wait(condition: Callable[[], bool], most: float) -> None:
        pause, end = threading.Event(), time.monotonic() + most
        while not condition() and time.monotonic() < end:
            pause.wait(0.005)

    @staticmethod
    def _add(path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, b".")
        os.close(descriptor)


def server(place: Place, kept: Kept) -> Versioned:
    def application(environ, start_response):
        if "HTTP_IF_NONE_MATCH" in environ:
            start_response("304 Not Modified", [])
            return []
        place.asked()
        place.wait_for_all()
        start_response("200 OK", [("ETag", 'W/"1"'), (HEADER, VERSION)])
        return [BODY]

    return Versioned(application, kept)


def main(folder: str, store: str, threads: int, readers: int) -> None:
    place, answers = Place(folder, readers), []
    kept = Kept(Memory(10**6), Shared(store) if "://" in store else Disk(Path(store), 10**6))
    asked = server(place, kept)

    def read():
        environ = {"PATH_INFO": PATH, "HTTP_ACCEPT_ENCODING": "br"}
        setup_testing_defaults(environ)
        place.come()
        told = []
        body = b"".join(asked(environ, lambda *start: told.append(start[0])))
        answers.append([told[0], body.hex()])

    reading = [threading.Thread(target=read) for _ in range(threads)]
    for thread in reading:
        thread.start()
    for thread in reading:
        thread.join()
    print(json.dumps(answers))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
