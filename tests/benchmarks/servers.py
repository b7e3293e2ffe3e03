"""The servers that are measured: how each starts, and how it is asked for a page in a box."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

from tests.benchmarks.data import LAYER

Box = tuple[float, float, float, float]
START_SECONDS = 180
_TINY = (125.0, 45.5, 125.1, 45.6)


@dataclass(frozen=True)
class Peer:
    """A server by name, the Django settings it runs under, and its address for a page."""

    name: str
    settings: str
    page: Callable[[Box, int], str]


def _box(box: Box) -> str:
    return ",".join(f"{side:.6f}" for side in box)


OURS = Peer(
    "Geoportal",
    "geoportal.settings",
    lambda box, limit: f"/api/collections/{LAYER}/items?bbox={_box(box)}&limit={limit}",
)
DRF_GIS = Peer(
    "djangorestframework-gis",
    "tests.benchmarks.peer_settings",
    lambda box, limit: f"/points/?in_bbox={_box(box)}&limit={limit}",
)


@contextmanager
def running(peer: Peer):
    """The port of the server, run as in production: granian, 2 workers, 5 threads each."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface=wsgi", "--http=1", "--no-ws"]
    command += ["--workers=2", "--blocking-threads=5", "--log-level=warning"]
    command += [f"--port={port}", "geoportal.wsgi:application"]
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": peer.settings}
    environ["GEOPORTAL_ALLOWED_HOSTS"] = "127.0.0.1"
    process = subprocess.Popen(command, env=environ, start_new_session=True)
    try:
        _wait_until_it_answers(process, port, peer.page(_TINY, 1))
        yield port
    finally:
        _end(process)


def _end(process: subprocess.Popen) -> None:
    """End the server and its workers, by force where it does not go by itself."""
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_answers(process: subprocess.Popen, port: int, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", path)
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"The server on port {port} did not start; its words are above.")
