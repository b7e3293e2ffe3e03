import tempfile

import pytest

from .service import FIRST_START_SECONDS, Service


@pytest.fixture(scope="package")
def var():
    # In /tmp itself, with a short name: the socket's path must not exceed 107 bytes.
    with tempfile.TemporaryDirectory(prefix="geoportal-test-") as directory:
        yield f"{directory}/var"


@pytest.fixture(scope="package", autouse=True)
def begun(var):
    """Its first start takes a while: it goes on while the tests that do not need it run."""
    service = Service(var)
    try:
        service.begin()
        yield service
    finally:
        service.end()


@pytest.fixture(scope="package")
def service(begun):
    """A service of its own; test_running.py finds it up, test_running_ends.py ends it."""
    begun.wait_until_it_serves(FIRST_START_SECONDS)
    return begun
