"""script/server ends everything it began, however it ends, and starts again."""

import os
import signal

from .service import END_SECONDS, until


def test_ctrl_c_ends_everything(service):
    service.process.send_signal(signal.SIGINT)
    assert service.wait() == 0
    assert not service.processes()


def test_a_second_start_only_serves_and_sigterm_ends_everything(service):
    service.start()
    for step in ("Installing", "Making", "Compiling", "Collecting", "Applying"):
        assert step not in service.said()
    assert service.processes("granian")
    until(lambda: service.processes("db_worker"), END_SECONDS, "the worker has started")

    service.process.send_signal(signal.SIGTERM)
    assert service.wait() == 0
    assert not service.processes()


def test_nothing_outlives_a_killed_supervisor(service):
    service.start()
    service.process.kill()
    service.nothing_is_left()


def test_the_end_of_the_database_ends_the_service_and_the_next_start_recovers(service):
    service.start()
    (postmaster,) = service.processes("bin/postgres")
    os.kill(postmaster, signal.SIGKILL)
    assert service.wait() == 1
    assert "The database has ended" in service.said().splitlines()[-1]
    service.nothing_is_left()
    # As after a power cut, with the number of the old process taken by another program.
    pid_file = service.var / "postgres/postmaster.pid"
    old = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *old[1:]]) + "\n")

    service.start()
    os.kill(service.processes("granian")[0], signal.SIGKILL)
    assert service.wait() == 1
    assert "The web server has ended" in service.said().splitlines()[-1]
    service.nothing_is_left()
