"""The project's own PostGIS cluster below var/: made once, up while somebody uses it.

Everybody who uses the cluster holds a shared lock on `locks/users`. The keeper (keeper.py) is
the parent of postgres and waits for that lock: when the last user is gone, however it ended,
the keeper stops postgres and ends. So there is no count that a crash could leave wrong.
"""

import fcntl
import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import system
from config import Failure, Var, not_yours
from locks import EXCLUSIVE, SHARED, holding, is_free, open_lock
from processes import say, step, wait_until

ROLE = DATABASE = "geoportal"
SUPERUSER = "postgres"
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm", "unaccent")
START_SECONDS = 120  # crash recovery after a power cut may take this long
STOP_SECONDS = 60
# Written once into postgresql.conf, where the operator may change it. The figures suit a machine
# of two cores and a few gigabytes that also runs the web processes.
TUNING = """
# --- Geoportal ---
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
random_page_cost = 1.1
# Map queries are short: compiling them, or spreading one over all cores, costs more than it gives.
jit = off
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
max_wal_size = 1GB
log_min_duration_statement = 2000
"""


class Cluster:
    def __init__(self, var: Var):
        self.var = var
        self.data = var.postgres
        self.socket = var.socket
        self.users: int | None = None

    # --- who runs it ------------------------------------------------------------------------

    @property
    def owner(self) -> pwd.struct_passwd:
        """The user postgres runs as; it refuses root, so root lends it Debian's `postgres`."""
        uid = self.data.stat().st_uid if self.data.exists() else os.geteuid()
        if uid == 0:
            try:
                return pwd.getpwnam("postgres")
            except KeyError:
                raise Failure(
                    "The system user “postgres” is missing: reinstall postgresql-common."
                ) from None
        if os.geteuid() not in (0, uid):
            raise Failure(not_yours(self.data))
        return pwd.getpwuid(uid)

    def as_owner(self, signal_name: str = "keep") -> list[str]:
        """What to put before a command so that it runs as the owner and ends with its parent."""
        tie = ["--pdeathsig", signal_name]
        if os.geteuid() != 0:
            return ["setpriv", *tie]
        owner = self.owner
        become = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--init-groups"]
        # Below a closed directory such as /root the owner cannot reach its own data. Then, and
        # only then, it gets the one capability that opens directories.
        for capability in (None, "dac_read_search", "dac_override"):
            grant = [f"--{kind}-caps=-all,+{capability}" for kind in ("inh", "ambient")]
            prefix = [*become, *(grant if capability else [])]
            # Not `test -x`: access(2) looks away from capabilities.
            if succeeds([*prefix, "stat", str(self.var.locks)]):
                return [*prefix, *tie]
        raise Failure(
            f"The user {owner.pw_name} cannot reach {self.var.path}: move the checkout to a "
            "directory everybody may enter, or set GEOPORTAL_VAR to one."
        )

    @property
    def binaries(self) -> Path:
        """Debian keeps several versions side by side; the data decide once they are there."""
        versions = system.postgis_versions()
        version_file = self.data / "PG_VERSION"
        version = int(version_file.read_text()) if version_file.exists() else max(versions)
        if version not in versions:
            raise Failure(
                f"{self.data} was made by PostgreSQL {version}, which is not installed: "
                f"install postgresql-{version}-postgis-3."
            )
        return system.LIBRARIES / str(version) / "bin"

    def url(self, database: str = DATABASE) -> str:
        return f"postgis://{ROLE}@{quote(str(self.socket), safe='')}/{database}"

    def client_environment(self) -> dict[str, str]:
        """For PostgreSQL's own commands, in the version of the cluster."""
        target = {"PGHOST": str(self.socket), "PGUSER": ROLE, "PGDATABASE": DATABASE}
        path = f"{self.binaries}:{os.environ.get('PATH', os.defpath)}"
        return {**os.environ, **target, "PGPORT": "5432", "PATH": path}

    # --- making it --------------------------------------------------------------------------

    def make_socket_directory(self) -> None:
        """0700 and owned by postgres' user: this directory is what guards `trust` in pg_hba."""
        owner = self.owner
        if not self.socket.exists():
            self.socket.mkdir(mode=0o700)
            os.chown(self.socket, owner.pw_uid, owner.pw_gid)
        found = self.socket.lstat()
        closed = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if not closed or found.st_uid != owner.pw_uid:
            raise Failure(
                f"{self.socket} must be a directory only {owner.pw_name} may enter: remove it."
            )

    def make_data(self) -> None:
        if self.data.exists():
            return
        say("Making the database cluster")
        owner = self.owner
        new = self.data.with_name("postgres.new")  # renamed when whole, so a crash leaves no half
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        os.chown(new, owner.pw_uid, owner.pw_gid)
        step(
            [
                *self.as_owner("TERM"),
                self.binaries / "initdb",
                f"--pgdata={new}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--auth=trust",
            ],
            self.var,
            "The database cluster could not be made",
            "check the free space on the disk and start again",
            cwd="/",
        )
        (new / "pg_hba.conf").write_text("local all all trust\n")
        with (new / "postgresql.conf").open("a") as conf:
            conf.write(TUNING)
        new.rename(self.data)

    # --- using it ---------------------------------------------------------------------------

    def join(self) -> None:
        """Be one of its users from now on, and start it when it is down."""
        self.users = open_lock(self.var.locks / "users")
        with holding(self.var.locks / "start"):
            # Waits while a keeper is stopping the cluster, which holds this lock alone.
            fcntl.flock(self.users, SHARED)
            self.make_socket_directory()
            self.make_data()
            if not self.answers():
                self.start()
            self.make_database()

    def answers(self) -> bool:
        probe = [self.binaries / "pg_isready", "-q", "-h", self.socket, "-d", SUPERUSER]
        return subprocess.run(probe, check=False, cwd="/").returncode == 0

    def keeper_is_gone(self) -> bool:
        return is_free(self.var.locks / "keeper")

    def start(self) -> None:
        log = self.var.log / "postgres.log"
        wait_until(lambda: self.keeper_is_gone() or self.answers(), STOP_SECONDS)
        if self.answers():
            return
        command = [sys.executable, "-I", "-B", Path(__file__).parent, "keep", self.var.path]
        with log.open("ab") as out:
            keeper = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                start_new_session=True,  # the terminal's Ctrl-C is for its users, not for it
            )
        wait_until(lambda: keeper.poll() is not None or self.answers(), START_SECONDS)
        if not self.answers():
            keeper.terminate()
            raise Failure(f"The database did not start: the reason is at the end of {log}.")

    def make_database(self) -> None:
        if self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'") == "1":
            return
        say("Making the database")
        # In template1, so that databases made from it for the tests have them as well: their
        # owner is no superuser and could not.
        for extension in EXTENSIONS:
            self.sql(f"CREATE EXTENSION IF NOT EXISTS {extension}", "template1")
        if self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'") != "1":
            self.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        # Last: its presence says that all of the above is done.
        self.sql(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")

    def sql(self, statement: str, database: str = SUPERUSER) -> str:
        psql = [self.binaries / "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]
        target = ["-h", self.socket, "-U", SUPERUSER, "-d", database, "-c", statement]
        command = [*psql, *target]
        answer = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/")
        if answer.returncode:
            raise Failure(
                f"The database could not be prepared ({answer.stderr.strip()}): "
                f"look into {self.var.log / 'postgres.log'}."
            )
        return answer.stdout.strip()

    def leave(self) -> None:
        """Stop being a user; when that was the last one, return only after postgres has ended."""
        if self.users is None:
            return
        os.close(self.users)
        self.users = None
        wait_until(lambda: self.keeper_is_gone() or self.used_by_others(), STOP_SECONDS)

    def used_by_others(self) -> bool:
        users = self.var.locks / "users"
        return not is_free(users, EXCLUSIVE) and is_free(users, SHARED)


def succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True, cwd="/").returncode == 0
