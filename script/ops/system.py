"""Debian packages: find out what is missing, and install only that."""

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from config import Failure, Var
from processes import say, step

LIBRARIES = Path("/usr/lib/postgresql")
EXTENSIONS = Path("/usr/share/postgresql")
BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
# What GeoDjango loads by ctypes.
GEO_LIBRARIES = ("gdal", "geos_c", "proj")


def postgis_versions() -> list[int]:
    """Major versions of PostgreSQL on this machine that have PostGIS 3, newest first."""
    found = (
        int(path.name)
        for path in LIBRARIES.glob("[0-9]*")
        if (path / "bin/postgres").exists()
        and (EXTENSIONS / path.name / "extension/postgis.control").exists()
    )
    return sorted(found, reverse=True)


def browser() -> str | None:
    named = os.environ.get("GEOPORTAL_CHROMIUM")
    if named and not shutil.which(named):
        raise Failure(
            f"GEOPORTAL_CHROMIUM names “{named}”, which cannot be run: correct or unset it."
        )
    return next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)


def installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Abbrev}", package]
    answer = subprocess.run(query, check=False, capture_output=True, text=True)
    return answer.stdout.startswith("ii")


def is_ubuntu() -> bool:
    text = Path("/etc/os-release").read_text(errors="replace")
    return "\nID=ubuntu" in f"\n{text}"


def missing(*, database: bool, tests: bool) -> list[str]:
    needed = []
    if importlib.util.find_spec("ensurepip") is None:
        needed.append(f"python3.{sys.version_info.minor}-venv")
    if not all(map(ctypes.util.find_library, GEO_LIBRARIES)):
        needed.append("gdal-bin")
    if not shutil.which("msgfmt"):
        needed.append("gettext")
    if not installed("fonts-noto-cjk"):
        needed.append("fonts-noto-cjk")
    if database and not postgis_versions():
        needed.append("postgis-server")
    if tests and not browser():
        needed.append(browser_package())
    if tests and not shutil.which("redis-server"):
        needed.append("redis-server")
    if tests and not ctypes.util.find_library("atomic"):
        needed.append("libatomic1")  # Playwright's driver is linked with it
    return needed


def browser_package() -> str:
    if is_ubuntu():
        # Ubuntu's own package is a snap, which cannot be driven in containers and services.
        raise Failure(
            "The browser tests need Chromium or Google Chrome: install one "
            "and set GEOPORTAL_CHROMIUM to its path."
        )
    return "chromium"


def prepare(var: Var, *, database: bool, tests: bool) -> None:
    if not shutil.which("dpkg-query"):
        raise Failure("Geoportal prepares itself on Debian 12 and Ubuntu 24.04: dpkg is not here.")
    packages = missing(database=database, tests=tests)
    if not packages:
        return
    names = " ".join(packages).replace(
        "postgis-server", "postgresql-15-postgis-3 (or the version apt offers)"
    )
    root = os.geteuid() == 0
    ask_for_rights = [] if root else sudo(names)
    say(f"Installing system packages: {names}")
    installer = Path(__file__).with_name("apt-install.sh")
    step(
        [*ask_for_rights, "bash", str(installer), *packages],
        var,
        f"The system packages {names} could not be installed",
        "check the network and that this user may use sudo, and start again",
        # sudo asks for the password on the terminal, and takes no signal from a lesser user.
        **({} if root else {"start": subprocess.Popen, "stdin": None}),
    )
    left = missing(database=database, tests=tests)
    if left:
        raise Failure(f"After installing, these are still missing: {' '.join(left)}.")


def sudo(names: str) -> list[str]:
    if not shutil.which("sudo"):
        raise Failure(
            f"System packages are missing and this user may not install them: start once as root, "
            f"or have an administrator install {names}."
        )
    # Without a terminal nobody can type a password: fail at once instead of waiting.
    return ["sudo"] if sys.stdin.isatty() else ["sudo", "--non-interactive"]
