"""The application's own steps before it serves: translations, static files, database."""

import subprocess
from pathlib import Path

from config import PYTHON, ROOT, Failure, Var, fingerprint, stamped
from environment import manage
from locks import holding
from processes import end, reason, say, step, tied

# What lies in the checkout without being ours.
FOREIGN = (".venv", "node_modules", "var")
# How prepare_application.py marks the one sentence it ends with, and that its work is done.
SENTENCE = "! "
READY = "= "


def compile_messages(var: Var, environ: dict) -> None:
    """Like make: a catalogue is compiled when it is newer than what was made of it."""
    catalogues = [path for root in ours("locale") for path in root.glob("*/LC_MESSAGES/*.po")]
    if all(up_to_date(path) for path in catalogues):
        return
    say("Compiling translations")
    step(
        manage("compilemessages", *(f"--ignore={name}" for name in FOREIGN)),
        var,
        "The translations could not be compiled",
        "correct the .po file",
        cwd=ROOT,
        env=environ,
    )


def ours(name: str) -> list[Path]:
    """The directories of this name, no deeper than a package in a package."""
    found = (path for depth in ("", "*/", "*/*/") for path in ROOT.glob(depth + name))
    return sorted(path for path in found if path.relative_to(ROOT).parts[0] not in FOREIGN)


def up_to_date(catalogue) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime


def collect_static(var: Var, environ: dict) -> None:
    key = static_key()
    stamp = var.stamps / "static"
    if stamped(stamp, key) and (var.path / "static").is_dir():
        return
    say("Collecting static files")
    step(
        manage("collectstatic", "--no-input", "--verbosity", "0"),
        var,
        "The static files could not be collected",
        "make sure that every file a style sheet or module names is there",
        cwd=ROOT,
        env=environ,
    )
    stamp.write_text(key)


def static_key() -> str:
    """Our own files by content; the packages' by their lock files."""
    sources = [ROOT / name for name in ("package-lock.json", "requirements/base.txt")]
    sources += sorted((ROOT / "geoportal").glob("*.py"))  # settings, storage of static files
    for directory in ours("static"):
        sources += sorted(path for path in directory.rglob("*") if path.is_file())
    names = [str(path.relative_to(ROOT)) for path in sources]
    return fingerprint(*names, *sources)


def prepare_files(var: Var, environ: dict) -> None:
    with holding(ROOT):
        compile_messages(var, environ)
        collect_static(var, environ)


class DatabasePreparation:
    """prepare_application.py at work: first what must be done before the service may start, then
    the sign-ins, which take the time of one password hash each and may come later."""

    def __init__(self, var: Var, environ: dict, *arguments: str):
        self.log = var.log / "setup.log"
        with self.log.open("ab") as errors:
            self.child = tied(
                [PYTHON, ROOT / "script/prepare_application.py", *arguments],
                env=environ,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def wait_until_ready(self) -> None:
        for line in self.child.stdout:
            if line.startswith(READY):
                return
            if line.startswith(SENTENCE):
                raise Failure(line.removeprefix(SENTENCE).strip())
            say(line.rstrip())
        self.require_success()

    def has_ended(self) -> bool:
        return self.child.poll() is not None

    def sign_ins(self) -> str:
        text = self.child.stdout.read()
        if text.startswith(SENTENCE):
            raise Failure(text.removeprefix(SENTENCE).strip())
        self.require_success()
        return text

    def require_success(self) -> None:
        if self.child.wait():
            raise Failure(
                f"The application could not be prepared{reason(self.log)}: "
                f"the whole reason is in {self.log}."
            )

    def end(self) -> None:
        end(self.child)


def prepare_database(var: Var, environ: dict, *, foreign: bool) -> DatabasePreparation:
    """Returns when the database is up to the code and holds the demonstration."""
    arguments = ["--migrate", *(["--check-foreign=use"] if foreign else [])]
    preparation = DatabasePreparation(var, environ, *arguments)
    try:
        preparation.wait_until_ready()
    except BaseException:
        preparation.end()
        raise
    return preparation


def check_foreign_for_tests(var: Var, environ: dict) -> None:
    check = DatabasePreparation(var, environ, "--check-foreign=tests")
    try:
        check.wait_until_ready()
    finally:
        check.end()
