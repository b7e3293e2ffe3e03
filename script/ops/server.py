"""script/server: prepare what is missing, then serve until told to end."""

import errno
import os
import select
import socket

import application
from cluster import Cluster
from config import PYTHON, Failure, Var, whole_number
from environment import for_application, manage, own_database_wanted
from locks import holding
from processes import say
from supervisor import Service, Supervisor

CORES = len(os.sched_getaffinity(0))


class Address:
    def __init__(self):
        self.host = os.environ.get("HOST") or "127.0.0.1"
        self.port = whole_number("PORT", 8000, 1, 65535)

    def require_free(self) -> None:
        """Try to listen as nobody else may be: the web server itself would share the port."""
        try:
            family, _, _, _, target = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(target)
                probe.listen()
        except socket.gaierror:
            raise Failure(f"HOST is “{self.host}”, which is no address: correct it.") from None
        except OSError as error:
            raise Failure(self.advice(error)) from None

    def advice(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {self.port} on {self.host} is taken: end the program that uses it, "
                f"or choose another port, for example PORT={self.port % 65535 + 1} script/server."
            )
        if error.errno == errno.EACCES:
            return f"Port {self.port} needs more rights: choose one above 1023 with PORT."
        return f"{self.host} is no address of this machine ({error.strerror}): correct HOST."

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


class FirstAnswer:
    """Asks for the first page without ever waiting, so that signals are heard meanwhile."""

    def __init__(self, address: Address):
        # An address that stands for all of this machine's is reached by the loopback.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)
        self.target = (host, address.port)
        self.connection: socket.socket | None = None
        self.came = False

    def has_come(self) -> bool:
        if not self.came:
            try:
                self.came = self.hear() if self.connection else self.ask()
            except OSError:  # not listening yet
                self.forget()
        return self.came

    def ask(self) -> bool:
        self.connection = socket.create_connection(self.target, timeout=0.5)
        self.connection.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return False

    def hear(self) -> bool:
        if not select.select([self.connection], [], [], 0)[0]:
            return False
        # Whatever the page says: only a process that has loaded the application speaks HTTP.
        answer = self.connection.recv(5)
        self.forget()
        return answer == b"HTTP/"

    def forget(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


def web_command(address: Address) -> list[str]:
    """Why each of these: docs/operations.md, “The web server”."""
    workers = whole_number("GEOPORTAL_WORKERS", min(CORES, 4), 1, 64)
    threads = min(2 * CORES + 1, 8)
    return [
        str(PYTHON),
        "-m",
        "granian",
        "--interface=wsgi",
        f"--host={address.host}",
        f"--port={address.port}",
        "--http=1",
        "--no-ws",
        f"--workers={workers}",
        f"--blocking-threads={threads}",
        "--backlog=1024",
        "--backpressure=512",
        "--respawn-failed-workers",
        "--respawn-interval=1",
        "--workers-kill-timeout=10",
        "--log-level=warning",
        "geoportal.wsgi:application",
    ]


def services(address: Address) -> list[Service]:
    # The checks were made before; reloading and the random delay are for other settings.
    options = ("--queue-name=*", "--no-reload", "--no-startup-delay", "--skip-checks")
    return [
        Service("web server", web_command(address)),
        Service("background worker", manage("db_worker", *options), restarts=True),
    ]


def announce(address: Address, sign_ins: str) -> None:
    say(f"Geoportal serves at {address}")
    if sign_ins:
        say(f"Demonstration sign-ins at {address}admin/ (name, password, person):")
        say(sign_ins.rstrip())


def serve(prepare, arguments: list[str]) -> int:
    if arguments:
        raise Failure("script/server takes no arguments: set PORT, HOST and the like instead.")
    address = Address()
    wanted = services(address)
    address.require_free()
    var: Var = prepare()
    cluster = Cluster(var) if own_database_wanted() else None
    try:
        if cluster:
            cluster.join()
        prepare_and_supervise(var, cluster, address, wanted)
    finally:
        if cluster:
            cluster.leave()
    return 0


def prepare_and_supervise(var: Var, cluster: Cluster | None, address: Address, wanted: list):
    environ = for_application(var, cluster)
    with holding(var.locks / "application"):
        # The database first: with it the settings are checked, one sentence for each fault.
        preparation = application.prepare_database(var, environ, foreign=cluster is None)
    first_answer = FirstAnswer(address)
    try:
        application.prepare_files(var, environ)
        address.require_free()  # the preparation may have taken minutes
        Supervisor(wanted, environ, lambda: not (cluster and cluster.keeper_is_gone())).run(
            lambda: first_answer.has_come() and preparation.has_ended(),
            lambda: announce(address, preparation.sign_ins()),
        )
    finally:
        preparation.end()
