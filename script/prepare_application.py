"""Bring the database up to the code. Run by script/ops with the project's Python packages.

All in one process, because starting Django takes longer than anything it finds to do on a
second start. On standard output, a line that begins with "! " is a fault the operator can mend, in
one sentence; one that begins with "= " says that the service may start, and what follows it are the
sign-ins. Anything unforeseen leaves its traceback on standard error.
"""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

import dj_database_url
import django
import psycopg2
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from environs import EnvError

# This file's directory comes first by default; the application is imported from the checkout.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from geoportal.environment import sentence  # noqa: E402

EXTENSIONS = ("postgis", "btree_gist", "pg_trgm", "unaccent")
# Any number, as long as every process that migrates takes the same.
MIGRATION_LOCK = 0x67656F70


class Unfit(Exception):
    """The database cannot be used; one sentence."""


def connect(settings: dict, database: str | None = None):
    wanted = {
        "dbname": database or settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
        "connect_timeout": 10,
        **settings.get("OPTIONS", {}),
    }
    try:
        return psycopg2.connect(**{key: value for key, value in wanted.items() if value})
    except psycopg2.OperationalError as error:
        detail = " ".join(str(error).split())
        raise Unfit(
            f"The database of DATABASE_URL cannot be reached ({detail}): correct DATABASE_URL, "
            "or unset it to use the project's own."
        ) from None


def check_foreign_database(*, for_tests: bool) -> None:
    """A server somebody else runs must offer what the project's own one does."""
    settings = dj_database_url.parse(os.environ["DATABASE_URL"])
    # Tests make a database of their own, from template1; the one in the URL stays untouched.
    database = "template1" if for_tests else settings["NAME"]
    session = connect(settings, database)
    session.autocommit = True
    with session.cursor() as cursor:
        for extension in EXTENSIONS:
            require_extension(cursor, extension, database, create=not for_tests)
        if for_tests:
            require_test_rights(cursor)
    session.close()


def require_extension(cursor, name: str, database: str, *, create: bool) -> None:
    cursor.execute(
        "SELECT default_version, installed_version FROM pg_available_extensions WHERE name = %s",
        [name],
    )
    offered, installed = cursor.fetchone() or (None, None)
    if installed:
        version = installed
    elif offered is None:
        raise Unfit(
            f"The server of DATABASE_URL has no {name}: install PostGIS 3 and the contrib "
            "modules on it, or unset DATABASE_URL to use the project's own database."
        )
    elif create or is_superuser(cursor):
        version = create_extension(cursor, name, database, offered) if create else offered
    else:
        raise Unfit(advice_to_create(name, database))
    if name == "postgis" and int(version.split(".")[0]) < 3:
        raise Unfit(f"The database {database} has PostGIS {version}: Geoportal needs version 3.")


def create_extension(cursor, name: str, database: str, offered: str) -> str:
    try:
        cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    except psycopg2.Error:
        raise Unfit(advice_to_create(name, database)) from None
    return offered


def advice_to_create(name: str, database: str) -> str:
    return (
        f"The database {database} of DATABASE_URL has no {name} and this role may not add it: "
        f"let a superuser run CREATE EXTENSION {name} in it, then start again."
    )


def is_superuser(cursor) -> bool:
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return cursor.fetchone()[0]


def require_test_rights(cursor) -> None:
    cursor.execute(
        "SELECT rolcreatedb OR rolsuper, rolname FROM pg_roles WHERE rolname = current_user"
    )
    allowed, role = cursor.fetchone()
    if not allowed:
        raise Unfit(
            f"The role {role} of DATABASE_URL may not create the test database: "
            f"let a superuser run ALTER ROLE {role} CREATEDB."
        )


def check_settings() -> None:
    serious = [found for found in run_checks(databases=["default"]) if found.is_serious()]
    sentences = [f"{found.msg} {found.hint or ''}".strip() for found in serious]
    if sentences:
        raise Unfit(" ".join(sentences))


def migrate() -> bool:
    """Whether the database was new."""
    with connection.cursor() as cursor:
        # Two servers starting at once on one database: the second waits and finds it done.
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    new = not executor.loader.applied_migrations
    if plan:
        print(f"Applying {len(plan)} database migrations", flush=True)
        call_command("migrate", interactive=False, verbosity=1, stdout=sys.stderr)
    return new


def demonstration_wanted() -> bool:
    return os.environ.get("GEOPORTAL_DEMO", "yes").lower() not in ("no", "0", "false", "off")


def prepare() -> None:
    """What must be done before the service starts; then, while it does, who may sign in."""
    try:
        django.setup()
        check_settings()
        new = migrate()
        # Before anybody can connect; an earlier start may have left such accounts.
        import_module("geoportal.management.demo.people").refuse_known_sign_ins()
        if demonstration_wanted():
            if new:
                print("Loading the demonstration city", flush=True)
            call_command("load_demo", "--if-empty", stdout=sys.stderr)
        print("= The database is ready.", flush=True)
        if demonstration_wanted():
            call_command("load_demo", "--print-sign-ins")
    except EnvError as error:
        raise Unfit(sentence(error)) from None
    except CommandError as error:
        raise Unfit(" ".join(str(error).split())) from None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check-foreign", choices=["use", "tests"])
    parser.add_argument("--migrate", action="store_true")
    options = parser.parse_args()
    try:
        if options.check_foreign:
            check_foreign_database(for_tests=options.check_foreign == "tests")
        if options.migrate:
            prepare()
    except Unfit as unfit:
        print(f"! {unfit}", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
