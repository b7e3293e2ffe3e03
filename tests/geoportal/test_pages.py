"""What frames every page, and what machines ask of the site."""

import re
from datetime import timedelta
from threading import Event
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from django_tasks import task

from geoportal.pages import health
from tests.factories import make_park, make_site

pytestmark = pytest.mark.django_db


def test_the_service_says_that_it_is_alive(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_the_service_says_that_it_is_ready(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert set(response.json().values()) == {"ok"}


@pytest.fixture
def waiting_task():
    """A task that has waited for ten minutes."""
    result = _nothing.enqueue()
    result.db_result.__class__.objects.update(enqueued_at=timezone.now() - timedelta(minutes=10))


@task
def _nothing():
    pass


def test_a_worker_that_takes_no_tasks_is_found(client, waiting_task):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["worker"] == "not taking tasks"


@pytest.fixture
def started(monkeypatch):
    """A process that has not looked at the migrations yet."""
    monkeypatch.setattr(health, "_complete", Event())


def test_migrations_once_complete_are_not_looked_at_again(client, started, monkeypatch):
    assert client.get("/readyz").json()["migrations"] == "ok"
    monkeypatch.setattr(health, "MigrationExecutor", None)
    assert client.get("/readyz").json()["migrations"] == "ok"


def test_a_missing_migration_is_found(client, started):
    MigrationRecorder.Migration.objects.filter(app="investment").order_by("-id")[0].delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "missing"


def test_crawlers_find_every_public_record_in_both_languages(client):
    make_park("shown")
    make_park("hidden", state="draft")
    body = client.get("/sitemap.xml").content
    places = [node.text for node in ElementTree.fromstring(body).iter() if node.tag.endswith("loc")]
    assert "http://testserver/parks/shown/" in places
    assert "http://testserver/en/parks/shown/" in places
    assert not any("hidden" in place for place in places)


def test_every_address_of_the_site_map_answers(client):
    make_park()
    make_site()
    body = client.get("/sitemap.xml").content
    places = [node.text for node in ElementTree.fromstring(body).iter() if node.tag.endswith("loc")]
    assert len(places) > 20
    for place in places:
        assert client.get(place.removeprefix("http://testserver")).status_code == 200, place


def test_crawlers_are_told_where_not_to_go(client):
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert {"Disallow: /admin/", "Disallow: /en/admin/"} <= set(text.splitlines())


def test_people_find_every_page_on_the_site_map(client):
    make_park()
    html = client.get("/en/sitemap/").content.decode()
    for path in ("/en/", "/en/why/", "/en/parks/", "/en/costs/", "/en/parks/beilin-park/"):
        assert f'href="{path}"' in html


@pytest.mark.parametrize(
    ("path", "sentence"), [("/nowhere/", "页面不存在"), ("/en/nowhere/", "There is no such page")]
)
def test_a_wrong_address_leads_on(client, path, sentence):
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 404
    assert sentence in html
    assert "/parks/" in html


def test_a_fault_shows_a_page_and_no_detail(client: Client):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE investment_policy RENAME TO gone")
    client.raise_request_exception = False
    response = client.get("/sitemap/")
    assert response.status_code == 500
    assert "服务暂时出错" in response.content.decode()
    assert "investment_policy" not in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/why/", "/parks/", "/sites/", "/policies/", "/costs/", "/sitemap/"]
)
def test_the_column_one_is_in_is_marked_and_the_other_language_one_step_away(client, path):
    html = client.get(path).content.decode()
    if path == "/costs/":
        assert re.search(r'<a href="/environment/" aria-current="page">', html)
    elif path != "/sitemap/":
        assert re.search(rf'<a href="{path}" aria-current="page">', html)
    assert f'<a href="/en{path}" lang="en" hreflang="en">English</a>' in html


@pytest.mark.parametrize("path", ["/why/", "/parks/", "/sites/", "/environment/", "/nowhere/"])
def test_no_page_carries_style_or_script_the_policy_would_refuse(client, path):
    make_park()
    make_site()
    html = client.get(path).content.decode()
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son\w+=", html)
    for script in re.findall(r"<script[^>]*>", html):
        assert "nonce=" in script


@pytest.mark.parametrize(
    "path",
    [
        *("/why/", "/parks/", "/sites/", "/projects/", "/policies/", "/environment/", "/costs/"),
        *("/parks/beilin-park/", "/sites/site-1/", "/sites/compare/", "/parks/export.csv"),
        *("/projects/project-1/", "/policies/land/", "/photos/1/card"),
    ],
)
def test_a_page_is_read_and_takes_nothing(client, path):
    answer = client.post(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
