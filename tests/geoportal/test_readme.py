"""What README.md sends a newcomer to is there."""

import re
from pathlib import Path

import pytest

from tests.factories import make_site

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
ADDRESSES = sorted(set(re.findall(r"http://127\.0\.0\.1:8000(/[^`\s]*)", README)))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_local_address_answers_without_a_complaint(client, address):
    make_site()
    response = client.get(address)
    assert response.status_code == 200
    assert "notice--warn" not in response.content.decode()


def test_there_are_local_addresses_to_follow():
    assert {"/", "/api/"} < set(ADDRESSES)
