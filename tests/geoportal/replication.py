"""A primary and its streaming replica, as real as the service meets them."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

_OPTIONS = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "hot_standby_feedback=on")


class Server:
    """A PostgreSQL server with its data in a folder, reached through a socket in it."""

    def __init__(self, folder: Path, binaries: Path):
        self.folder, self._binaries = folder, binaries
        self.data = folder / "data"

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's programs, as the user that owns the data."""
        # A server that is started keeps what it writes to: a pipe would never end.
        with (self.folder / "log").open("ab") as log:
            command = [*_as_owner(), str(self._binaries / program), *arguments]
            subprocess.run(command, check=True, stdout=log, stderr=log, cwd="/")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = " ".join(("-k", str(self.folder), *_OPTIONS))
        self.run("pg_ctl", "start", "-w", "-D", str(self.data), "-o", options)

    def stop(self) -> None:
        """End it at once; nothing if it has ended."""
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "-m", "immediate", "-w", "-D", str(self.data))

    def ask(self, statement: str, database: str = "postgres"):
        """The first value of what a statement gives, by the superuser."""
        connection = psycopg2.connect(host=str(self.folder), user="postgres", dbname=database)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()[0] if cursor.description else None
        finally:
            connection.close()


class Pair:
    """A primary with a copy of a database, and a replica of it."""

    def __init__(self, primary: Server, replica: Server, database: str):
        self.primary, self.replica, self.database = primary, replica, database

    def replicate(self) -> None:
        """Wait until the replica has all that the primary has written."""
        written = self.primary.ask("SELECT pg_current_wal_lsn()")
        self._await(f"pg_last_wal_replay_lsn() >= '{written}'")

    def _await(self, condition: str) -> None:
        wait = f"WHILE NOT ({condition}) LOOP PERFORM pg_sleep(0.01); END LOOP;"
        self.replica.ask(f"DO $$ BEGIN {wait} END $$")

    @contextmanager
    def held(self) -> Iterator[None]:
        """The replica replays nothing."""
        self.replica.ask("SELECT pg_wal_replay_pause()")
        self._await("pg_get_wal_replay_pause_state() = 'paused'")
        try:
            yield
        finally:
            self.replica.ask("SELECT pg_wal_replay_resume()")


def programs() -> Path | None:
    """The folder of the programs of PostgreSQL with PostGIS; None where they are not installed."""
    found = Path("/usr/share/postgresql").glob("*/extension/postgis.control")
    folders = [Path("/usr/lib/postgresql", each.parts[-3], "bin") for each in found]
    return next((each for each in folders if (each / "initdb").exists()), None)


@contextmanager
def replicated(binaries: Path, name: str, fill: Callable[[Server], None]) -> Iterator[Pair]:
    """A primary with a database of this name, which is filled, and then its replica."""
    with tempfile.TemporaryDirectory(prefix="gp-", ignore_cleanup_errors=True) as place:
        primary, replica = (_server(Path(place), each, binaries) for each in ("a", "b"))
        _owned(Path(place))
        try:
            primary.run("initdb", "-D", str(primary.data), "-U", "postgres", "-A", "trust", "-N")
            primary.start()
            to = ("-h", str(primary.folder), "-U", "postgres")
            primary.run("createdb", *to, name)
            fill(primary)
            replica.run("pg_basebackup", "-D", str(replica.data), *to, "-R", "-c", "fast")
            replica.start()
            yield Pair(primary, replica, name)
        finally:
            replica.stop()
            primary.stop()


def _server(place: Path, name: str, binaries: Path) -> Server:
    folder = place / name
    folder.mkdir()
    _owned(folder)
    return Server(folder, binaries)


def _owned(folder: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _as_owner() -> list[str]:
    """PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return []
    owner = pwd.getpwnam("postgres")
    setpriv = shutil.which("setpriv") or "setpriv"
    return [setpriv, f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--init-groups"]
