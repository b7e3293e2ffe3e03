"""How each server is started: granian, two workers, four connections, the same database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from tests.benchmarks.addresses import BARE, DRF_GIS, MAPSERVER, OURS, PYGEOAPI, QGIS, TIPG
from tests.benchmarks.data import KINDS, connection_facts
from tests.benchmarks.peers import mapserver, pygeoapi, qgis

START_SECONDS = 180
_FASTCGI = (sys.executable, "-m", "tests.benchmarks.peers.fastcgi")


@dataclass(frozen=True)
class Server:
    """A server by name: its command but for the port, its environment, a path that it answers."""

    name: str
    command: tuple[str, ...]
    probe: str
    environ: Mapping[str, str] = field(default_factory=dict)


def _granian(python: str | Path, target: str, interface: str, *more: str) -> tuple[str, ...]:
    command = (str(python), "-m", "granian", f"--interface={interface}", "--http=1", "--no-ws")
    return (*command, "--workers=2", "--log-level=warning", *more, target)


def _django(name: str, settings: str, probe: str) -> Server:
    environ = {"DJANGO_SETTINGS_MODULE": settings, "GEOPORTAL_ALLOWED_HOSTS": "127.0.0.1"}
    command = _granian(sys.executable, "geoportal.wsgi:application", "wsgi", "--blocking-threads=2")
    return Server(name, command, probe, environ)


def ours() -> Server:
    """Geoportal with all its settings."""
    return _django(OURS, "geoportal.settings", "/healthz")


def drf_gis() -> Server:
    """The viewset, without any middleware."""
    return _django(DRF_GIS, "tests.benchmarks.peers.drf_gis_settings", "/points/?limit=1")


def tipg(python: Path) -> Server:
    """TiPg with the plain tables."""
    facts = connection_facts()
    host, user = quote(facts["host"], safe=""), quote(facts["user"], safe="")
    tables = ", ".join(f'"public.bench_{kind}"' for kind in KINDS)
    environ = {
        "DATABASE_URL": f"postgresql://{user}@{host}/{facts['dbname']}",
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_DB_TABLES": f"[{tables}]",
        "TIPG_MAX_FEATURES_PER_QUERY": "10000",
        "TIPG_DB_MIN_CONN_SIZE": "2",
        "TIPG_DB_MAX_CONN_SIZE": "4",
    }
    return Server(TIPG, _granian(python, "tipg.main:app", "asgi"), "/healthz", environ)


def pygeoapi_server(python: Path, folder: Path) -> Server:
    """pygeoapi with the plain tables; its two documents are written into a folder."""
    environ = pygeoapi.configured(python, folder, connection_facts())
    command = _granian(python, "pygeoapi.flask_app:APP", "wsgi", "--blocking-threads=2")
    return Server(PYGEOAPI, command, "/conformance?f=json", environ)


def mapserver_server(folder: Path) -> Server:
    """Debian's MapServer behind nginx, with the plain tables."""
    environ = mapserver.configured(folder, connection_facts())
    command = (*_FASTCGI, str(mapserver.PROGRAM))
    return Server(MAPSERVER, command, "/bench/ogcapi/collections?f=json", environ)


def qgis_server(folder: Path) -> Server:
    """Debian's QGIS Server behind nginx, with the plain tables."""
    environ = qgis.configured(folder, connection_facts())
    return Server(QGIS, (*_FASTCGI, str(qgis.PROGRAM)), "/wfs3/collections.json", environ)


def bare(environ: Mapping[str, str]) -> Server:
    """The server that runs the best SQL and does nothing else."""
    target = "tests.benchmarks.peers.bare:application"
    command = _granian(sys.executable, target, "wsgi", "--blocking-threads=2")
    return Server(BARE, command, "/0/1", environ)


@dataclass(frozen=True)
class Running:
    """A server that answers, at a port."""

    port: int
    process: subprocess.Popen

    def settle(self) -> None:
        """Wait until it has done with what nobody waits for any more."""
        before, deadline = -1, time.monotonic() + START_SECONDS
        while (now := self._ticks()) > before + 1 and time.monotonic() < deadline:
            before = now
            time.sleep(0.2)

    def _ticks(self) -> int:
        """The processor time that the server and its workers have had."""
        return sum(int(told[11]) + int(told[12]) for _folder, told in self._processes())

    def megabytes(self) -> float:
        """What the server and its workers hold in memory, what they share once."""
        kilobytes = 0
        for folder, _told in self._processes():
            with suppress(OSError):
                lines = (folder / "smaps_rollup").read_text().splitlines()
                kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kilobytes / 1024

    def _processes(self) -> Iterator[tuple[Path, list[str]]]:
        """The folders in /proc of all processes of the session, and what their `stat` tells."""
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                told = path.read_text().rpartition(")")[2].split()
                if int(told[3]) == self.process.pid:
                    yield path.parent, told


@contextmanager
def running(server: Server) -> Iterator[Running]:
    """The server, started and answering."""
    port = free_port()
    command = [*server.command, f"--port={port}"]
    process = subprocess.Popen(
        command, env={**os.environ, **server.environ}, start_new_session=True
    )
    try:
        _wait_until_it_answers(process, port, server.probe)
        yield Running(port, process)
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    """End a server and its workers, by force where it does not go by itself."""
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """A port that nobody listens at."""
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
