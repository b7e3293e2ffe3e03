"""What all tests share: the place of third-party files, static files that need no collecting."""

from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


class ByPlace(LoadScopeScheduling):
    """Gives a process all tests of a file, and one process all browser tests: they share one city.

    Groups (`--dist=loadgroup`) would say this too; with pytest 9.2 they are not heeded.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "tests/e2e" if file.startswith("tests/e2e/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log) -> ByPlace:
    """Where tests run when there are several processes."""
    return ByPlace(config, log)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real third-party files; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def language(settings):
    """Each test begins in the first language: a page asked for leaves its own in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def uncollected_static_files(settings):
    """Pages name static files as they lie in the checkout, so that no test needs collectstatic."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def kept_connection(monkeypatch):
    """The test's own transaction stays open from request to request."""
    monkeypatch.setattr("geoportal.direct.close_old_connections", lambda: None)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
