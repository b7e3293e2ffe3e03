"""script/server while it serves, and commands beside it."""

import os
import signal
import socket
import stat
import subprocess
from pathlib import Path
from urllib.parse import quote

from .service import END_SECONDS, free_port, one_sentence, run, until


def listening_sockets(pid):
    """Which of a process' descriptors are TCP sockets."""
    tcp = set()
    for table in ("tcp", "tcp6"):
        rows = (Path("/proc/net") / table).read_text().splitlines()[1:]
        tcp |= {f"socket:[{row.split()[9]}]" for row in rows}
    links = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()}
    return links & tcp


def test_it_answers(service):
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(b"GET /static/none HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert connection.recv(5) == b"HTTP/"


def test_the_database_listens_on_no_network_port(service):
    (postmaster,) = service.processes("bin/postgres")
    assert not listening_sockets(postmaster)


def test_only_the_owner_reaches_the_database_and_the_secret_key(service):
    (socket_file,) = service.var.glob("run/.s.PGSQL.*[0-9]")
    assert stat.S_IMODE(socket_file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((service.var / "secret-key").stat().st_mode) == 0o600


def test_a_command_beside_the_server_leaves_the_database_up(service):
    result = run("manage", "showmigrations", "contenttypes", GEOPORTAL_VAR=str(service.var))
    assert "[X] 0001_initial" in result.stdout, result.stderr
    assert service.processes("bin/postgres")
    assert service.process.poll() is None


def test_a_taken_port_is_said_in_one_sentence(service):
    other = str(service.var.with_name("other"))
    sentence = one_sentence(run("server", PORT=str(service.port), GEOPORTAL_VAR=other))
    assert f"Port {service.port} on 127.0.0.1 is taken" in sentence
    assert not Path(other).exists()  # said before anything is prepared


def test_a_worker_that_dies_is_started_again(service):
    (before,) = until(lambda: service.processes("db_worker"), END_SECONDS, "a worker")
    os.kill(before, signal.SIGKILL)
    until(lambda: service.processes("db_worker") not in ([], [before]), END_SECONDS, "a new worker")
    assert service.process.poll() is None


def test_a_foreign_database_without_postgis_is_said_in_one_sentence(service):
    """The role and the database stand for a server that somebody else runs."""
    for statement in (
        "CREATE ROLE guest LOGIN",
        "CREATE DATABASE bare OWNER guest TEMPLATE template0",
    ):
        psql = ["psql", "-h", service.var / "run", "-U", "postgres", "-c", statement]
        subprocess.run(psql, check=True, capture_output=True)
    url = f"postgis://guest@{quote(str(service.var / 'run'), safe='')}/bare"
    settings = {"GEOPORTAL_VAR": str(service.var), "PORT": str(free_port())}
    sentence = one_sentence(run("server", **settings, DATABASE_URL=url))
    assert "has no postgis" in sentence
    assert "CREATE EXTENSION postgis" in sentence


def test_a_database_that_does_not_answer_is_said_in_one_sentence(service):
    settings = {"GEOPORTAL_VAR": str(service.var), "PORT": str(free_port())}
    url = "postgis://guest@127.0.0.1:1/bare"
    assert "cannot be reached" in one_sentence(run("server", **settings, DATABASE_URL=url))
