"""What README.md sends a newcomer to is there."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import call_command

from layers.models import Layer
from tests.factories import make_site

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
ADDRESSES = sorted(set(re.findall(r"http://127\.0\.0\.1:8000(/[^`\s]*)", README)))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_local_address_answers_without_a_complaint(client, address):
    make_site()
    response = client.get(address)
    assert response.status_code == 200
    assert "notice--warn" not in b"".join(response).decode()


@pytest.mark.django_db
def test_the_file_it_fetches_can_be_imported_by_the_command_it_gives(client, tmp_path, monkeypatch):
    make_site()
    fetch, command = re.findall(r"`(?:curl -o|script/manage import_layer) (.+?)`", README)
    file, address = fetch.split(" http://127.0.0.1:8000")
    monkeypatch.chdir(tmp_path)
    Path(file).write_bytes(b"".join(client.get(address)))
    call_command("import_layer", *shlex.split(command), "--commit")
    assert Layer.objects.get(slug="my-sites").features.count() == 1


def test_there_are_local_addresses_to_follow():
    assert {"/", "/api/"} < set(ADDRESSES)
