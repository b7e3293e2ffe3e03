"""The application's own steps before it serves: translations, static files, database."""

import os
import subprocess
from pathlib import Path

from config import PYTHON, ROOT, Failure, Var, fingerprint, stamped
from environment import manage
from locks import holding
from processes import end, reason, say, step, tied

# What lies in the checkout without being ours.
FOREIGN = (".venv", "node_modules", "var")
# How prepare_application.py marks the one sentence it ends with.
SENTENCE = "! "


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
        manage("collectstatic", "--no-input", "--clear", "--verbosity", "0"),
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


def prepare_database(var: Var, environ: dict, *, foreign: bool) -> str:
    """Migrate, and load the demonstration into an empty database; returns the sign-ins."""
    receive, send = os.pipe()
    arguments = ["--sign-ins", str(send), *(["--check-foreign", "use"] if foreign else [])]
    try:
        run_preparation(var, environ, arguments, pass_fds=(send,))
    finally:
        os.close(send)
        with os.fdopen(receive) as sign_ins:
            text = sign_ins.read()
    return text


def check_foreign_for_tests(var: Var, environ: dict) -> None:
    run_preparation(var, environ, ["--check-foreign", "tests"])


def run_preparation(var: Var, environ: dict, arguments: list[str], **options) -> None:
    log = var.log / "setup.log"
    with log.open("ab") as errors:
        child = tied(
            [PYTHON, ROOT / "script/prepare_application.py", *arguments],
            env=environ,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            **options,
        )
    sentence = ""
    try:
        for line in child.stdout:
            if line.startswith(SENTENCE):
                sentence = line.removeprefix(SENTENCE).strip()
            else:
                say(line.rstrip())
        code = child.wait()
    finally:
        end(child)
    if code and sentence:
        raise Failure(sentence)
    if code:
        raise Failure(
            f"The application could not be prepared{reason(log)}: the whole reason is in {log}."
        )
