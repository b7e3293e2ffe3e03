"""What holds for every answer of the service: compression, framing, the time a query may take."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from geoportal.compression import TextGZipMiddleware
from geoportal.time_limit import limit_queries
from tests.factories import make_feature, make_layer, make_park

ROOT = Path(__file__).resolve().parents[2]
BODY = b"a body long enough to be worth it " * 40


def through_compression(content_type: str, accept: str = "gzip, br") -> HttpResponse:
    answer = HttpResponse(BODY, content_type=content_type, headers={"ETag": '"sum"'})
    request = RequestFactory().get("/", headers={"accept-encoding": accept})
    return TextGZipMiddleware(lambda _request: answer)(request)


def test_a_reader_who_refuses_gzip_gets_none():
    assert "Content-Encoding" not in through_compression("text/html", accept="gzip;q=0, identity")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html; charset=utf-8",
        "text/csv",
        "application/json",
        "application/geo+json",
        "application/problem+json",
        "application/schema+json",
        "application/javascript",
        "application/xml",
        "image/svg+xml",
    ],
)
def test_texts_are_compressed(content_type):
    response = through_compression(content_type)
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == BODY


@pytest.mark.parametrize(
    "content_type",
    [
        "image/webp",
        "image/jpeg",
        "application/pdf",
        "application/zip",
        "application/geopackage+sqlite3",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ],
)
def test_what_is_compressed_already_keeps_its_bytes_and_its_validator(content_type):
    response = through_compression(content_type)
    assert "Content-Encoding" not in response
    assert (response.content, response["ETag"]) == (BODY, '"sum"')


@pytest.mark.django_db
def test_pages_may_be_framed_by_our_own_alone_in_both_headers(client):
    response = client.get("/en/parks/")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]


def options_after(imported: str, seconds: str = "7") -> str:
    """The options of database sessions in a process that has imported this."""
    code = (
        f"import django, {imported}; django.setup(); from django.conf import settings; "
        "print(settings.DATABASES['default']['OPTIONS']['options'])"
    )
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "geoportal.settings"}
    environ["GEOPORTAL_QUERY_SECONDS"] = seconds
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    ).stdout


def test_the_web_server_limits_queries_and_commands_do_not():
    assert "-c statement_timeout=7000" in options_after("geoportal.wsgi")
    assert "statement_timeout" not in options_after("geoportal.settings")


def test_a_limit_below_zero_stops_the_start():
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        options_after("geoportal.wsgi", "-1")
    assert "GEOPORTAL_QUERY_SECONDS" in stopped.value.stderr


@pytest.mark.django_db
def test_a_limited_session_knows_its_limit():
    limited = connection.copy()
    limited.settings_dict = {
        **limited.settings_dict,
        "OPTIONS": dict(connection.settings_dict["OPTIONS"]),
    }
    limit_queries(limited.settings_dict, 7)
    with limited.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("7s",)
    limited.close()


@pytest.fixture
def slow_queries():
    """Every query that names this table takes longer than it may."""

    def slowed(table: str):
        def wrapper(execute, sql, params, many, context):
            if table in sql:
                execute("SET LOCAL statement_timeout = 20", None, False, context)
                execute("SELECT pg_sleep(5)", None, False, context)
            return execute(sql, params, many, context)

        return connection.execute_wrapper(wrapper)

    return slowed


@pytest.mark.django_db
def test_a_query_that_is_cut_off_is_503_in_the_one_error_body(slow_queries):
    make_feature(make_layer())
    with slow_queries("layers_storedfeature"):
        response = Client(raise_request_exception=False).get("/api/collections/wells/items")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "query-too-long"


@pytest.fixture
def out_of_reach():
    """The database takes no more connections."""

    def refused(execute, sql, params, many, context):
        raise OperationalError("FATAL: sorry, too many clients already")

    return connection.execute_wrapper(refused)


@pytest.mark.django_db
def test_a_database_out_of_reach_is_503_and_says_when_to_ask_again(out_of_reach):
    client = Client(raise_request_exception=False)
    with out_of_reach:
        answer, page = client.get("/api/collections"), client.get("/en/parks/")
    assert (answer.status_code, page.status_code) == (503, 503)
    assert answer.json()["code"] == "unavailable"
    assert int(answer["Retry-After"]) > 0
    assert "FATAL" not in answer.content.decode() + page.content.decode()


@pytest.mark.django_db
def test_a_page_whose_query_is_cut_off_is_503(slow_queries):
    make_park()
    with slow_queries("investment_park"):
        response = Client(raise_request_exception=False).get("/en/parks/")
    assert response.status_code == 503
