"""Asks a server as fast as it answers, over four connections that stay open (wrk)."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

CONNECTIONS = 4
_PATIENCE = 60.0
_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Answers:
    """What came back: how many, in how many seconds, of how many bytes, and waits in seconds."""

    count: int
    seconds: float
    size: int
    p50: float
    p95: float

    @property
    def per_second(self) -> float:
        """Requests answered per second."""
        return self.count / self.seconds


def drive(
    port: int, paths: Iterable[str], *, seconds: float, headers: Mapping[str, str] | None = None
) -> Answers:
    """Ask for `seconds`, longer where nothing has come by then; paths are taken in turn.

    Any status from 400 on ends the program.
    """
    while True:
        answers = _drive(port, paths, seconds, headers or {})
        if answers.count or seconds > _PATIENCE:
            return answers
        seconds *= 3


def _drive(port: int, paths: Iterable[str], seconds: float, headers: Mapping[str, str]) -> Answers:
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "paths"), Path(folder, "headers")
        asked.write_text("\n".join(paths) + "\n")
        told.write_text("".join(f"{name}: {value}\n" for name, value in headers.items()))
        command = ["wrk", "--threads=1", f"--connections={CONNECTIONS}", "--timeout=60s"]
        command += [f"--duration={max(1, round(seconds))}s", f"--script={_SCRIPT}"]
        environ = {**os.environ, "BENCH_PATHS": str(asked), "BENCH_HEADERS": str(told)}
        command.append(f"http://127.0.0.1:{port}")
        answer = subprocess.run(command, check=False, env=environ, capture_output=True, text=True)
    return _answers(answer.stdout + answer.stderr)


def _answers(said: str) -> Answers:
    found = [line.split()[1:] for line in said.splitlines() if line.startswith("FOUND ")]
    if not found:
        raise RuntimeError(said)
    count, microseconds, size, errors, p50, p95 = map(int, found[0])
    if errors:
        raise RuntimeError(f"{errors} of {count} requests failed")
    return Answers(count, microseconds / 1e6, size, p50 / 1e6, p95 / 1e6)


def body(port: int, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """The body of a 200 answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=dict(headers or {}))
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status} {content[:300]!r}")
    return content
