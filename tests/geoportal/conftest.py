"""Who asks, and what for."""

import pytest
from django.test import Client

from geoportal.people.models import User
from layers.models import Layer
from tests.factories import make_feature, make_layer, point
from tests.geoportal.redis_server import RedisServer


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("chief"))
    return client


@pytest.fixture
def wells() -> Layer:
    layer = make_layer()
    for number in range(40):
        names = {"name_zh": f"{number}号井", "name_en": f"Well {number}"}
        make_feature(layer, key=f"w-{number}", properties=names, geom=point(127, 46.65))
    return layer


@pytest.fixture
def redis_server():
    """A Redis of the test's own; whatever state it is left in, it is gone afterwards."""
    with RedisServer() as server:
        yield server
