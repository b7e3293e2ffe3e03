"""What the application's own processes get to see."""

import os
import secrets

import packages
from cluster import Cluster
from config import PYTHON, ROOT, VENV, Var


def own_database_wanted() -> bool:
    return not os.environ.get("DATABASE_URL")


def secret_key(var: Var) -> str:
    """Made once and kept, so that sessions survive a restart; readable by its owner alone."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(var.secret_key, flags, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return var.secret_key.read_text().strip()


def for_application(var: Var, cluster: Cluster | None) -> dict[str, str]:
    environ = dict(os.environ)
    environ["GEOPORTAL_VAR"] = str(var.path)
    environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
    if not environ.get("GEOPORTAL_SECRET_KEY"):
        environ["GEOPORTAL_SECRET_KEY"] = secret_key(var)
    if cluster:
        environ["DATABASE_URL"] = cluster.url()
    environ["VIRTUAL_ENV"] = str(VENV)
    # A quick second start, and quick tests, live on modules compiled once.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    path = (VENV / "bin", packages.node().parent, environ.get("PATH", os.defpath))
    environ["PATH"] = os.pathsep.join(map(str, path))
    return environ


def manage(*arguments: str) -> list[str]:
    return [str(PYTHON), str(ROOT / "manage.py"), *arguments]
