"""script/bench: measurements beside other servers, against a database of its own."""

import application
from cluster import Cluster
from config import PYTHON, Var
from environment import for_application, own_database_wanted
from testing import child, renamed

DATABASE = "geoportal_bench"


def run(prepare, arguments: list[str]) -> int:
    var: Var = prepare()
    cluster = Cluster(var) if own_database_wanted() else None
    try:
        if cluster:
            cluster.join()
        place = Var(var.path / "bench").make()
        environ = for_application(place, cluster)
        environ["DATABASE_URL"] = renamed(environ["DATABASE_URL"], DATABASE)
        application.prepare_files(place, environ)
        return child([PYTHON, "-m", "tests.benchmarks", *arguments], environ)
    finally:
        if cluster:
            cluster.leave()
