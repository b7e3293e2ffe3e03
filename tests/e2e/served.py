"""Serves the demonstration city for the browser tests: own database, own files, own port."""

import hashlib
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connections
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 30.0
#: A base map whose tiles the tests answer themselves.
BASE_MAP = "xyz|测试底图|https://tiles.example.invalid/{z}/{x}/{y}.png|© 测试"
#: What the demonstration city is made of; when none of it has changed, the database is kept.
INGREDIENTS = (
    "fixtures/**/*",
    "geoportal/management/**/*.py",
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "*/*/layers.py",
    "*/map_layers.py",
    "*/catalog/services.py",
    "*/records/*.py",
)


@dataclass(frozen=True)
class Served:
    """A running service: its address, and the environment its commands run in."""

    url: str
    environ: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command on the served database; gives what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done.stdout


class Server:
    """The production web server of a service, which may be stopped and started again."""

    def __init__(self, served: Served, log: str = "server.log"):
        self._served, self._process, self._log = served, None, None
        self._log_path = Path(served.environ["GEOPORTAL_VAR"]) / log

    def start(self, **environ: str) -> None:
        """Serve, with these in the environment too."""
        port = self._served.url.rpartition(":")[2]
        self._log = self._log_path.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1",
             f"--port={port}", "--workers=1", "--blocking-threads=4", "--log-level=warning",
             "geoportal.wsgi:application"],
            cwd=ROOT, env={**self._served.environ, **environ},
            stdout=self._log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        wait_for_answer(self._served.url, self._process, self._log_path)

    def stop(self) -> None:
        """End it; does nothing where it has ended."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait(timeout=20)
        self._log.close()
        self._process = None


@contextmanager
def served_city():
    """Prepare and serve until the block ends."""
    # Kept between runs like the database, whose documents and photos lie in it.
    var = Path(os.environ.get("GEOPORTAL_VAR", ROOT / "var")) / "e2e"
    var.mkdir(parents=True, exist_ok=True)
    prepared = Served("", _environment(var))
    _prepare_database(prepared)
    _collect_static(prepared)
    with serving(prepared.environ) as served:
        yield served


@contextmanager
def serving(environ: dict[str, str], log: str = "server.log"):
    """Serve what is prepared, by the settings of an environment, until the block ends."""
    served = Served(free_address(), environ)
    server = Server(served, log)
    try:
        server.start()
        yield served
    finally:
        server.stop()


def free_address() -> str:
    """An address of this machine that nothing listens at."""
    return f"http://127.0.0.1:{free_port()}"


def free_port() -> int:
    """A port that nothing listens on."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def _environment(var: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": _database_url(),
        "GEOPORTAL_VAR": str(var),
        "GEOPORTAL_SECRET_KEY": settings.SECRET_KEY or "e" * 50,
        "GEOPORTAL_MAP_APPROVAL_NUMBER": "GS(2026)0000号",
        "GEOPORTAL_BASE_MAPS": BASE_MAP,
        "DJANGO_SETTINGS_MODULE": "geoportal.settings",
    }


def _database_url() -> str:
    url = os.environ.get("DATABASE_URL", "postgis:///geoportal")
    return re.sub(r"^(\w+://[^/?]*/[^?]*)", r"\1_e2e", url)


def _prepare_database(served: Served) -> None:
    name = re.search(r"/([^/?]*)(?:\?|$)", served.environ["DATABASE_URL"])[1]
    key = _ingredients_key()
    with closing(_maintenance_connection()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        if cursor.fetchone() == (key,):
            served.manage("migrate", "--verbosity", "0")
            return
        database = sql.Identifier(name)
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(database))
        served.manage("migrate", "--verbosity", "0")
        served.manage("load_demo")
        # Written last: a preparation cut short is not taken for a whole one.
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(database, sql.Literal(key)))


def _collect_static(served: Served) -> None:
    settings_module = {"DJANGO_SETTINGS_MODULE": "tests.e2e.static_settings"}
    collecting = Served(served.url, {**served.environ, **settings_module})
    collecting.manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")


def _ingredients_key() -> str:
    digest = hashlib.sha256()
    for pattern in INGREDIENTS:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _maintenance_connection():
    parameters = connections["default"].get_connection_params()
    wanted = ("host", "port", "user", "password")
    given = {name: parameters[name] for name in wanted if parameters.get(name)}
    connection = psycopg2.connect(dbname="postgres", **given)
    connection.autocommit = True
    return connection


def wait_for_answer(url: str, process: subprocess.Popen, log: Path) -> None:
    """Wait until a server that was started answers with something good."""
    pause = threading.Event()
    for _attempt in range(int(STARTS_WITHIN / 0.1)):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{url}: {error.code}\n{log.read_text()[-4000:]}") from error
        except OSError:
            assert process.poll() is None, f"the server ended:\n{log.read_text()[-4000:]}"
            pause.wait(0.1)
    raise AssertionError(f"no answer within {STARTS_WITHIN} s:\n{log.read_text()[-4000:]}")
