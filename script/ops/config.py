"""Where things lie and what the environment asks for."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path


class Failure(Exception):
    """One sentence for the operator: what is wrong and what to do. Never shown as a traceback."""


ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# sockaddr_un holds 108 bytes with the closing zero; PostgreSQL appends its own file name.
SOCKET_PATH_LIMIT = 107
SOCKET_FILE = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Var:
    """The directory that holds everything the service keeps: GEOPORTAL_VAR."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def locks(self) -> Path:
        return self.path / "locks"

    @property
    def stamps(self) -> Path:
        return self.path / "stamps"

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def secret_key(self) -> Path:
        return self.path / "secret-key"

    @property
    def socket(self) -> Path:
        """The directory of the database's socket: below var, or in /tmp when that is too long."""
        near = self.path / "run"
        if len(os.fsencode(near / SOCKET_FILE)) <= SOCKET_PATH_LIMIT:
            return near
        name = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        return Path("/tmp") / f"geoportal-{name}"  # made 0700 and checked on use

    def make(self) -> "Var":
        try:
            for directory in (self.path, self.locks, self.stamps, self.log):
                directory.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise Failure(not_yours(self.path)) from None
        if not os.access(self.locks, os.W_OK):
            raise Failure(not_yours(self.path))
        return self


def not_yours(path: Path) -> str:
    return (
        f"{path} cannot be written by this user: start as its owner, "
        "or set GEOPORTAL_VAR to a directory of your own."
    )


def var_from(environ=os.environ) -> Var:
    value = environ.get("GEOPORTAL_VAR")
    return Var(Path(value).expanduser().resolve() if value else ROOT / "var")


def whole_number(name: str, default: int, low: int, high: int, environ=os.environ) -> int:
    text = environ.get(name, "").strip() or str(default)
    if re.fullmatch(r"[0-9]{1,6}", text) and low <= int(text) <= high:
        return int(text)
    raise Failure(f"{name} is “{text}”: set it to a whole number from {low} to {high}.")


def fingerprint(*parts) -> str:
    """One hash over texts and files' contents: what a stamp compares."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def stamped(stamp: Path, key: str) -> bool:
    try:
        return stamp.read_text() == key
    except OSError:
        return False
