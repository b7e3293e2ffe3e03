"""What all tests share: the place of third-party files, static files that need no collecting."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: list[pytest.Item]):
    """Tests of one file share what they prepare; browser tests share one served city."""
    for item in items:
        name = item.nodeid.partition("::")[0]
        group = "browser" if name.startswith("tests/e2e/") else name
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture
def shared_data() -> Path:
    """The folder of real third-party files; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def uncollected_static_files(settings):
    """Pages name static files as they lie in the checkout, so that no test needs collectstatic."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
