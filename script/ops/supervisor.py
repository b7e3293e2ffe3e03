"""Keeps the web server and the background worker running, and ends both together."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from config import ROOT, Failure
from processes import say, tied, wait_until

END_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
GRACE_SECONDS = 15  # a request or a step of an import may finish; then force
FORCE_SECONDS = 5
READY_SECONDS = 300  # a machine under full load; a server that fails ends earlier anyway
# A worker that ends this often within the span will not get well by being started again.
RESTARTS = 5
RESTART_SPAN = 60


@dataclass
class Service:
    name: str
    command: list[str]
    restarts: bool = False
    process: subprocess.Popen | None = None
    ends: list[float] = field(default_factory=list)

    def start(self, environ: dict) -> None:
        self.process = tied(
            self.command,
            env=environ,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            # A session of its own: Ctrl-C reaches the supervisor alone, which then ends the
            # services in order, and the group's number finds whatever a service leaves behind.
            start_new_session=True,
        )

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def may_restart(self) -> bool:
        now = time.monotonic()
        self.ends = [moment for moment in self.ends if now - moment < RESTART_SPAN] + [now]
        return self.restarts and len(self.ends) <= RESTARTS


class Supervisor:
    def __init__(self, services: list[Service], environ: dict, database_is_up: Callable[[], bool]):
        self.services = services
        self.environ = environ
        self.database_is_up = database_is_up

    @property
    def started(self) -> list[Service]:
        return [service for service in self.services if service.process]

    def run(self, is_ready: Callable[[], bool], when_ready: Callable[[], None]) -> None:
        """Returns when a signal asked to end; raises Failure when a service or the base ended."""
        # Signals wait until they are asked for, so none can interrupt an ending half-way.
        ignored = {s for s in END_SIGNALS if signal.getsignal(s) == signal.SIG_IGN}
        awaited = END_SIGNALS - ignored | {signal.SIGCHLD}
        signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
        try:
            # One after the other: visitors wait for the first, and starting costs both cores.
            self.services[0].start(self.environ)
            self.watch_until(awaited, is_ready, when_ready)
        finally:
            self.end(awaited)

    def watch_until(self, awaited: set[int], is_ready, when_ready) -> None:
        """Until a signal asks to end."""
        ready, deadline = False, time.monotonic() + READY_SECONDS
        while True:
            got = signal.sigtimedwait(awaited, 1 if ready else 0.05)
            if got and got.si_signo in END_SIGNALS:
                return
            self.look_after_services()
            if not self.database_is_up():
                raise Failure("The database has ended: look into var/log/postgres.log.")
            if not ready and is_ready():
                ready = True
                when_ready()
                for service in self.services[1:]:
                    service.start(self.environ)
            if not ready and time.monotonic() > deadline:
                raise Failure(
                    f"The web server gave no answer within {READY_SECONDS} seconds: "
                    "its reason is printed above."
                )

    def look_after_services(self) -> None:
        for service in self.started:
            code = service.process.poll()
            if code is None:
                continue
            service.signal(signal.SIGKILL)  # what it may have left behind
            if not service.may_restart():
                raise Failure(
                    f"The {service.name} has ended (code {code}): its reason is printed above; "
                    "everything else was ended as well."
                )
            say(f"The {service.name} has ended (code {code}) and is started again.")
            service.start(self.environ)

    def end(self, awaited: set[int]) -> None:
        started = self.started
        for service in started:
            # Only its first process: that one ends its own children in the right order.
            if service.process.poll() is None:
                service.process.terminate()
        wait_until(lambda: all_ended(started) or asked_again(awaited), GRACE_SECONDS)
        for service in started:
            service.signal(signal.SIGKILL)
        wait_until(lambda: all_ended(started), FORCE_SECONDS)


def all_ended(services: list[Service]) -> bool:
    return all(service.process.poll() is not None for service in services)


def asked_again(awaited: set[int]) -> bool:
    """A second Ctrl-C: do not wait for the running requests."""
    got = signal.sigtimedwait(awaited, 0)
    return bool(got and got.si_signo == signal.SIGINT)
