"""Who asks."""

import pytest
from django.test import Client

from geoportal.people.models import User


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("chief"))
    return client
