"""Who asks."""

import pytest
from django.test import Client

from geoportal.people.models import User


@pytest.fixture
def admin() -> Client:
    User.objects.create_superuser("chief", password="a long enough password")
    client = Client()
    assert client.login(username="chief", password="a long enough password")
    return client
