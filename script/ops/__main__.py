"""python script/ops COMMAND: what script/server, test, setup and manage hand over to."""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout

import benchmark
import keeper
import packages
import server
import system
import testing
from cluster import Cluster
from config import ROOT, Failure, Var, var_from
from environment import for_application, manage, own_database_wanted
from locks import holding
from processes import Stopped, say, stop_on_signals


def prepare(*, tests: bool = False) -> Var:
    """Everything that must be there before the database and the application can start."""
    var = var_from().make()
    system.prepare(var, database=own_database_wanted(), tests=tests)
    with holding(ROOT):  # two commands at once in one checkout: the second finds the work done
        packages.prepare(var, tests=tests)
    return var


def setup(arguments: list[str]) -> int:
    if arguments not in ([], ["--test"]):
        raise Failure("script/setup takes no argument but --test.")
    var = prepare(tests=bool(arguments))
    if own_database_wanted():
        cluster = Cluster(var)
        try:
            cluster.join()
        finally:
            cluster.leave()
    say("Everything is prepared.")
    return 0


def take_over(make_command: Callable[[Var, Cluster | None], tuple[list[str], dict]]) -> None:
    """Become another command, with the database up until it ends."""
    cluster = None
    with redirect_stdout(sys.stderr):  # standard output belongs to the command
        var = prepare()
        if own_database_wanted():
            cluster = Cluster(var)
            cluster.join()
    command, environ = make_command(var, cluster)
    if cluster:
        # The command takes this process over, and with it the lock that keeps the database up.
        os.set_inheritable(cluster.users, True)
    try:
        os.execvpe(command[0], command, environ)
    except OSError as error:
        raise Failure(f"{command[0]} cannot be run: {error.strerror}.") from None


def run_manage(arguments: list[str]) -> None:
    take_over(lambda var, cluster: (manage(*arguments), for_application(var, cluster)))


def run_beside_database(arguments: list[str]) -> None:
    if not arguments:
        raise Failure("Name a command of PostgreSQL, for example: script/database pg_dump -Fc")
    if not own_database_wanted():
        raise Failure("DATABASE_URL names an existing server: use the commands you use with it.")
    take_over(lambda _var, cluster: (arguments, cluster.client_environment()))


def keep(arguments: list[str]) -> int:
    return keeper.main(*arguments)


def serve(arguments: list[str]) -> int:
    return server.serve(prepare, arguments)


def test(arguments: list[str]) -> int:
    return testing.run(prepare, arguments)


def bench(arguments: list[str]) -> int:
    return benchmark.run(prepare, arguments)


COMMANDS = {
    "bench": bench,
    "database": run_beside_database,
    "keep": keep,
    "manage": run_manage,
    "server": serve,
    "setup": setup,
    "test": test,
}


OWNER = "start as the owner of the checkout and of its var, or set GEOPORTAL_VAR"
ADVICE = {
    errno.EACCES: OWNER,
    errno.EPERM: OWNER,
    errno.EROFS: "set GEOPORTAL_VAR to a directory that can be written",
    errno.ENOSPC: "make room on the disk and start again",
}


def main() -> int:
    command, *arguments = sys.argv[1:]
    stop_on_signals()
    try:
        return COMMANDS[command](arguments)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in ADVICE:
            raise
        place = error.filename or ROOT
        print(f"{place}: {error.strerror}; {ADVICE[error.errno]}.", file=sys.stderr)
        return 1
    except Stopped as stopped:
        return 128 + stopped.number


if __name__ == "__main__":
    sys.exit(main())
