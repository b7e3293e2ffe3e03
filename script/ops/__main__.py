"""python script/ops COMMAND: what script/server, test, setup and manage hand over to."""

import os
import sys
from contextlib import redirect_stdout

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


def run_manage(arguments: list[str]) -> int:
    cluster = None
    with redirect_stdout(sys.stderr):  # standard output belongs to the command
        var = prepare()
        if own_database_wanted():
            cluster = Cluster(var)
            cluster.join()
    if cluster:
        # manage.py takes this process over, and with it the lock that keeps the database up.
        os.set_inheritable(cluster.users, True)
    command = manage(*arguments)
    os.execve(command[0], command, for_application(var, cluster))


def keep(arguments: list[str]) -> int:
    return keeper.main(*arguments)


def serve(arguments: list[str]) -> int:
    return server.serve(prepare, arguments)


def test(arguments: list[str]) -> int:
    return testing.run(prepare, arguments)


COMMANDS = {
    "keep": keep,
    "manage": run_manage,
    "server": serve,
    "setup": setup,
    "test": test,
}


def main() -> int:
    command, *arguments = sys.argv[1:]
    stop_on_signals()
    try:
        return COMMANDS[command](arguments)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except Stopped as stopped:
        return 128 + stopped.number


if __name__ == "__main__":
    sys.exit(main())
