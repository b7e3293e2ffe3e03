"""The environment of the peers, and the programs of the machine that are measured beside us."""

import shutil
import subprocess
import venv
from pathlib import Path

from tests.benchmarks.peers import mapserver, qgis

REQUIREMENTS = Path(__file__).resolve().parents[3] / "requirements" / "bench.txt"
#: The Debian packages by the program that each brings.
PROGRAMS = {
    "wrk": "wrk",
    "nginx": "nginx-light",
    "pgbench": "postgresql-client",
    "ogr2ogr": "gdal-bin",
    str(mapserver.PROGRAM): "cgi-mapserver",
    str(qgis.PROGRAM): "qgis-server qgis-providers",
}


def peers_python(folder: Path) -> Path:
    """The interpreter of an environment with the peers, made where it is not there."""
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    wanted = REQUIREMENTS.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Installing the peers", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "--require-hashes", "--only-binary", ":all:", "-r", REQUIREMENTS], check=True
        )
        stamp.write_text(wanted)
    return python


def check_programs() -> None:
    """End the program, saying what to install, where a program is missing."""
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if missing:
        raise SystemExit(f"Needed besides: apt-get install {' '.join(missing)}")
