"""Running other programs so that none outlives the one that began it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config import Failure, Var

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class Stopped(BaseException):
    """A signal asked this process to end; carries its number."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


def stop_on_signals() -> None:
    """Turn the signals that end a program into an exception, so that `finally` is run."""

    def handler(number, _frame):
        raise Stopped(number)

    signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGTERM, handler)
    # Under nohup the terminal's end is to be ignored, and stays so.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, handler)


def die_with_parent(number: int = signal.SIGTERM) -> Callable[[], None]:
    """For preexec_fn: the kernel sends the signal when the parent ends, even by SIGKILL."""
    parent = os.getpid()

    def prepare():
        LIBC.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if os.getppid() != parent:  # the parent ended before the line above
            os._exit(1)

    return prepare


def tied(command: list, *, ending: int = signal.SIGTERM, **options) -> subprocess.Popen:
    """Start a program that ends when this process does, even by SIGKILL."""
    return subprocess.Popen(
        command,
        preexec_fn=die_with_parent(ending),  # noqa: PLW1509 - none of our processes has threads
        **options,
    )


def say(text: str) -> None:
    """A line for the operator; the terminal may have gone away meanwhile."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115


def step(argv: list, var: Var, failed: str, advice: str, *, start=tied, **options) -> None:
    """Run one step of the preparation; its output goes to var/log/setup.log."""
    log = var.log / "setup.log"
    with log.open("ab") as out:
        out.write(f"\n$ {' '.join(map(str, argv))}\n".encode())
        out.flush()
        try:
            options = {"stdin": subprocess.DEVNULL, **options}
            child = start(argv, stdout=out, stderr=subprocess.STDOUT, **options)
        except OSError as error:
            raise Failure(f"{failed} ({error.strerror}: {argv[0]}): {advice}.") from None
        try:
            code = child.wait()
        finally:
            end(child)
    if code:
        raise Failure(f"{failed}{reason(log)}: {advice}; the output is in {log}.")


def reason(log: Path) -> str:
    """The program's own last word, which usually names the cause."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4000))
        lines = [line.strip() for line in file.read().decode(errors="replace").splitlines()]
    telling = [
        line
        for line in lines
        if line.lower().startswith(("error", "e:", "npm error")) and "complete log" not in line
    ]
    line = next((line for line in reversed(telling or lines) if line), "")
    return f" ({line[:200].rstrip('.')})" if line else ""


def end(child: subprocess.Popen, patience: float = 20) -> None:
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_until(ready: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
