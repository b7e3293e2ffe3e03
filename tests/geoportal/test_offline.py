"""The service worker as the server gives it out, and as the map page is told of it."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import override_settings

from geoportal.pages import offline
from tests.geoportal.test_map_page import page_data


def test_the_worker_lies_at_the_root_is_asked_for_anew_and_reaches_this_service_only(client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    policy = set(answer["Content-Security-Policy"].split("; "))
    assert policy == {"default-src 'none'", "script-src 'self'", "connect-src 'self'"}
    assert client.post("/sw.js").status_code == 405


def test_it_knows_the_map_in_every_language(client):
    assert 'const PAGES = ["/", "/en/"];' in client.get("/sw.js").content.decode()


def test_each_of_its_scripts_is_there_and_all_are_loaded(client):
    named = re.findall(r'"/static/([^"]+)"', client.get("/sw.js").content.decode())
    assert tuple(named) == offline.WORKER
    assert all(finders.find(path) for path in (*offline.WORKER, *offline.FAREWELL))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/en/"])
def test_the_map_is_told_where_it_is_and_is_the_same_for_everybody(client, path):
    assert page_data(client, path)["urls"]["offline"] == "/sw.js"
    # Else the worker would not keep it: what varies by session is not for others.
    assert "Cookie" not in client.get(path).headers.get("Vary", "")


@pytest.mark.django_db
@pytest.mark.parametrize("off", [{"OFFLINE": False}, {"DEBUG": True}])
def test_switched_off_pages_ask_for_none_and_browsers_that_had_one_get_its_farewell(client, off):
    with override_settings(**off):
        assert page_data(client)["urls"]["offline"] is None
        assert "offline/farewell" in (source := client.get("/sw.js").content.decode())
    assert "offline/worker" not in source
