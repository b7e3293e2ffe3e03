"""script/test: every test of the project, against a database of its own."""

import os
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import application
import packages
import system
from cluster import Cluster
from config import PYTHON, ROOT, Failure, Var, fingerprint, stamped
from environment import for_application, own_database_wanted
from locks import EXCLUSIVE, open_lock, try_lock
from processes import end, say, tied

SLOTS = 9
# One works through the browser tests, which take as long as all others together.
PROCESSES = 2
# Lost on a power cut, which is no loss for a test database.
FAST_AND_LOOSE = "-c jit=off -c synchronous_commit=off"


def run(prepare, arguments: list[str]) -> int:
    var: Var = prepare(tests=True)
    with free_slot(var) as slot:
        cluster = Cluster(var) if own_database_wanted() else None
        try:
            if cluster:
                cluster.join()
            # Media, static files and stamps of the tests lie apart from the live ones.
            place = Var(var.path / f"test-{slot}").make()
            environ = test_environment(place, cluster, slot)
            application.prepare_files(place, environ)
            if not cluster:
                application.check_foreign_for_tests(place, environ)
            return run_some(place, environ, arguments) if arguments else run_all(place, environ)
        finally:
            if cluster:
                cluster.leave()


@contextmanager
def free_slot(var: Var):
    """Runs at the same time in one checkout get databases of different names."""
    for slot in range(1, SLOTS + 1):
        descriptor = open_lock(var.locks / f"test-{slot}")
        try:
            if try_lock(descriptor, EXCLUSIVE):
                yield slot
                return
        finally:
            os.close(descriptor)
    raise Failure(f"{SLOTS} runs of script/test are under way in this checkout: let one end.")


def test_environment(place: Var, cluster: Cluster | None, slot: int) -> dict[str, str]:
    environ = for_application(place, cluster)
    # Django makes test_<name>; a name nothing else uses, so the live database is out of reach
    # even for a test that forgets where it is.
    environ["DATABASE_URL"] = renamed(environ["DATABASE_URL"], f"geoportal_{slot}")
    if cluster:
        environ.setdefault("GEOPORTAL_PG_OPTIONS", FAST_AND_LOOSE)
    # What the tests ask for they bring themselves.
    for name in ("DATABASE_REPLICA_URLS", "GEOPORTAL_REDIS_URL", "GEOPORTAL_CDN_URL"):
        environ.pop(name, None)
    environ["GEOPORTAL_CHROMIUM"] = system.browser() or ""
    return environ


def renamed(url: str, database: str) -> str:
    return re.sub(r"^(\w+://[^/?]*)(?:/[^?]*)?", rf"\1/{database}", url)


def run_some(place: Var, environ: dict, arguments: list[str]) -> int:
    return pytest(place, environ, arguments)


def run_all(place: Var, environ: dict) -> int:
    javascript = javascript_tests(place, environ)
    report = f"--junitxml={place.path / 'pytest.xml'}"
    code = pytest(place, environ, [f"--numprocesses={PROCESSES}", report])
    python = pytest_counts(place.path / "pytest.xml")
    passed, failed = (sum(pair) for pair in zip(javascript, python, strict=True))
    failed = failed or int(code != 0)
    say(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


# --- pytest -----------------------------------------------------------------------------------


def pytest(place: Var, environ: dict, arguments: list[str]) -> int:
    """Keeps the test database between runs; makes it anew when it may not fit any more."""
    migrations = [path for root in application.ours("migrations") for path in root.glob("*.py")]
    key = fingerprint(*sorted(migrations), environ["DATABASE_URL"])
    stamp = place.stamps / "database"
    fresh = [] if stamped(stamp, key) else ["--create-db"]
    stamp.unlink(missing_ok=True)  # a run cut short leaves its rows behind
    code = child([PYTHON, "-m", "pytest", *fresh, *arguments], environ)
    if code in (0, 1):  # ran to its end
        stamp.write_text(key)
    return code


def pytest_counts(report: Path) -> tuple[int, int]:
    try:
        suites = ElementTree.parse(report).getroot().iter("testsuite")
    except (OSError, ElementTree.ParseError):
        return 0, 1
    total = failed = 0
    for suite in suites:
        failed += int(suite.get("failures")) + int(suite.get("errors"))
        total += int(suite.get("tests")) - int(suite.get("skipped"))
    return total - failed, failed


# --- node -------------------------------------------------------------------------------------


def javascript_tests(place: Var, environ: dict) -> tuple[int, int]:
    files = sorted((ROOT / "tests/js").rglob("*.test.*js"))
    if not files:
        return 0, 0
    report = place.path / "node.tap"
    reporters = [
        "--test-reporter=dot",
        "--test-reporter-destination=stdout",
        "--test-reporter=tap",
        f"--test-reporter-destination={report}",
    ]
    code = child([packages.node(), "--test", *reporters, *files], environ)
    counts = dict(re.findall(r"^# (pass|fail|cancelled) (\d+)$", report.read_text(), re.MULTILINE))
    failed = int(counts.get("fail", 0)) + int(counts.get("cancelled", 0))
    return int(counts.get("pass", 0)), failed or int(code != 0)


def child(command: list, environ: dict) -> int:
    process = tied(command, env=environ, cwd=ROOT, stdin=subprocess.DEVNULL)
    try:
        return process.wait()
    finally:
        end(process)
