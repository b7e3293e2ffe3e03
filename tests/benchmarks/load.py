"""Asks a server as fast as it answers, over some connections that stay open."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection


@dataclass
class Answers:
    """What came back: how many, how many bytes, how long each took, in seconds."""

    count: int = 0
    size: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests answered per second."""
        return self.count / self.seconds


def drive(port: int, paths: Iterator[str], *, seconds: float, connections: int = 4) -> Answers:
    """Ask for `seconds`; every path is taken once. Any status but 200 ends the program."""
    answers, lock = Answers(), threading.Lock()
    begin = time.monotonic()

    def ask():
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() - begin < seconds:
            with lock:
                path = next(paths)
            started = time.monotonic()
            size = len(body(connection, path))
            with lock:
                answers.count += 1
                answers.size += size
                answers.waits.append(time.monotonic() - started)
        connection.close()

    threads = [_Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.seconds = time.monotonic() - begin
    return answers


def body(connection: HTTPConnection, path: str) -> bytes:
    """The body of a 200 answer."""
    connection.request("GET", path)
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status} {content[:300]!r}")
    return content


class _Thread(threading.Thread):
    """A thread whose fault is the fault of the one who waits for it."""

    fault: BaseException | None = None

    def run(self):
        try:
            super().run()
        except BaseException as fault:  # raised again in join
            self.fault = fault

    def join(self, timeout=None):
        super().join(timeout)
        if self.fault:
            raise self.fault
