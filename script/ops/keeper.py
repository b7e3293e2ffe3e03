"""The parent of postgres: a process of its own that outlives whoever started the cluster."""

import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path

from cluster import Cluster
from config import Var
from locks import EXCLUSIVE, open_lock, try_lock
from processes import Stopped, stop_on_signals, wait_until

ORPHAN_SECONDS = 20


def keep(cluster: Cluster) -> int:
    mine = open_lock(cluster.var.locks / "keeper")
    if not try_lock(mine, EXCLUSIVE):
        return 0  # another keeper was faster
    stop_on_signals()
    users = open_lock(cluster.var.locks / "users")
    postgres = None
    try:
        clear_leftovers(cluster.data)
        postgres = start(cluster)
        # Comes back when nobody uses the cluster any more; a signal, or postgres' own end,
        # interrupts the waiting.
        signal.signal(signal.SIGCHLD, signal.getsignal(signal.SIGTERM))
        if postgres.poll() is None:
            fcntl.flock(users, EXCLUSIVE)
    except Stopped:
        pass
    finally:
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN if number != signal.SIGCHLD else signal.SIG_DFL)
        if postgres:
            stop(postgres)
    return 0


def start(cluster: Cluster) -> subprocess.Popen:
    return subprocess.Popen(
        [
            # Killed without a chance to stop postgres, the keeper takes it along.
            *cluster.as_owner("INT"),
            cluster.binaries / "postgres",
            "-D",
            cluster.data,
            # Never a network port, whatever postgresql.conf says.
            "-c",
            "listen_addresses=",
            "-c",
            f"unix_socket_directories={cluster.socket}",
            "-c",
            "unix_socket_permissions=0700",
            "-c",
            "port=5432",
        ],
        cwd="/",
    )


def stop(postgres: subprocess.Popen) -> None:
    """Fast shutdown: sessions are ended, data are written; by force only when that hangs."""
    for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
        if postgres.poll() is not None:
            return
        postgres.send_signal(number)
        wait_until(lambda: postgres.poll() is not None, seconds)


def clear_leftovers(data: Path) -> None:
    """Make way after a crash or a power cut.

    postgres refuses to start while the process named in its old postmaster.pid seems to live;
    after a restart of the machine that number may belong to any program. The old server's
    processes are told by their working directory, and only these count.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    if not wait_until(lambda: not processes_in(data), ORPHAN_SECONDS, pause=0.2):
        for pid in processes_in(data):
            os.kill(pid, signal.SIGQUIT)
        if not wait_until(lambda: not processes_in(data), ORPHAN_SECONDS, pause=0.2):
            return  # let postgres itself say what is in its way
    pid_file.unlink(missing_ok=True)


def processes_in(data: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "cwd").samefile(data) and "postgres" in os.readlink(entry / "exe"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def main(path: str) -> int:
    os.umask(0o077)
    print(time.strftime("%F %T keeper: starting postgres"), flush=True)
    return keep(Cluster(Var(Path(path))))
