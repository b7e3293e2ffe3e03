"""A real script/server in a var of its own, for the tests to start, watch and end."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Deadlines for a machine that has other work to do; on an idle one a second start takes 5 seconds.
FIRST_START_SECONDS = 600
SECOND_START_SECONDS = 120
END_SECONDS = 60


def until(condition, seconds, what):
    """The condition's value once it is true; fails when the deadline passes."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds} seconds"
        time.sleep(0.02)
    return value


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(**settings):
    """What a fresh shell has: none of what script/test set for the run around us."""
    ours = re.compile(r"GEOPORTAL_|DJANGO_|DATABASE_URL$|HOST$|PORT$|VIRTUAL_ENV$")
    kept = {key: value for key, value in os.environ.items() if not ours.match(key)}
    return {**kept, "GEOPORTAL_DEMO": "no", **settings}


def run(name, *arguments, **settings):
    """One of the commands, to its end."""
    return subprocess.run(
        [ROOT / "script" / name, *arguments],
        env=clean_environment(**settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=FIRST_START_SECONDS,
        check=False,
    )


def one_sentence(result):
    """What the operator reads when a command gives up: one line, no traceback."""
    assert result.returncode != 0
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stdout
    return lines[0]


def processes_of(var):
    """Every process that belongs to the service in this var, by its environment or directory."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environ = (entry / "environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        named = f"GEOPORTAL_VAR={var}" in environ or str(var) in command
        if named and state != "Z" and int(entry.name) != os.getpid():
            found[int(entry.name)] = command
    return found


class Service:
    def __init__(self, var):
        self.var = Path(var)
        self.port = free_port()
        self.output = self.var.parent / f"{self.var.name}.out"
        self.process = None
        self.begun = None
        self.lend_static_files()

    def lend_static_files(self):
        """Collecting them takes long and has nothing to do with these tests."""
        around = os.environ.get("GEOPORTAL_VAR")
        if around and (Path(around) / "stamps/static").exists():
            (self.var / "stamps").mkdir(parents=True)
            shutil.copytree(Path(around) / "static", self.var / "static")
            shutil.copy(Path(around) / "stamps/static", self.var / "stamps")

    @property
    def settings(self):
        return {"GEOPORTAL_VAR": str(self.var), "PORT": str(self.port), "GEOPORTAL_WORKERS": "1"}

    def begin(self):
        """Start anew, without waiting for it."""
        self.end()
        self.begun = time.monotonic()
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [ROOT / "script/server"],
                env=clean_environment(**self.settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start(self, seconds=SECOND_START_SECONDS):
        """Start anew and wait until it serves; the seconds that took."""
        self.begin()
        self.wait_until_it_serves(seconds)
        return time.monotonic() - self.begun

    def wait_until_it_serves(self, seconds):
        until(self.serves_or_ended, seconds, "script/server serves")
        assert self.process.poll() is None, self.said()

    def serves_or_ended(self):
        return f"serves at http://127.0.0.1:{self.port}/" in self.said() or (
            self.process.poll() is not None
        )

    def said(self):
        return self.output.read_text()

    def processes(self, part=""):
        return [pid for pid, command in processes_of(self.var).items() if part in command]

    def wait(self):
        until(lambda: self.process.poll() is not None, END_SECONDS, "script/server ends")
        return self.process.returncode

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.wait()
            sys.stderr.write(self.said())  # pytest shows it beside a failure

    def nothing_is_left(self):
        until(lambda: not self.processes(), END_SECONDS, "every process ends")
