"""Files of these tests lie in a folder of their own."""

import pytest


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The storage of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ACCEL_REDIRECT_PREFIX = ""
    return settings.MEDIA_ROOT
