"""Settings from the environment: taken over whole, or refused in one sentence."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from environs import EnvError

from geoportal.environment import sentence

ROOT = Path(__file__).resolve().parents[2]
WRONG = [
    ("GEOPORTAL_HSTS_SECONDS", "abc"),
    ("GEOPORTAL_HSTS_SECONDS", "-5"),
    ("GEOPORTAL_TIME_ZONE", "Mars/Base"),
    ("GEOPORTAL_TIME_ZONE", "../etc"),
    ("GEOPORTAL_LOG_LEVEL", "LOUD"),
    ("GEOPORTAL_DOCUMENT_MAX_MB", "-1"),
    ("GEOPORTAL_CITY_CODE", "abc"),
    ("GEOPORTAL_CRS", "EPSG:4550"),
    ("GEOPORTAL_CRS", "2385"),
    ("GEOPORTAL_ACCEL_REDIRECT", "foo"),
    ("GEOPORTAL_TILE_ORIGINS", "'unsafe-inline'"),
    ("GEOPORTAL_TILE_ORIGINS", "https://a.example; script-src *"),
    ("GEOPORTAL_DEBUG", "perhaps"),
    ("GEOPORTAL_CDN_URL", "cdn.example.org"),
    ("GEOPORTAL_CDN_URL", "https://*.example.org"),
    ("GEOPORTAL_CDN_URL", "https://cdn.example.org/map"),
    ("GEOPORTAL_CDN_URL", "https://cdn.example.org 'unsafe-eval'"),
    ("GEOPORTAL_CDN_SECONDS", "-1"),
]
RIGHT = [
    ("GEOPORTAL_TIME_ZONE", "Asia/Harbin", "TIME_ZONE"),
    ("GEOPORTAL_CITY_CODE", "230100", "CITY_CODE"),
    ("GEOPORTAL_CRS", "4549,4528", "SERVED_CRS"),
    ("GEOPORTAL_ACCEL_REDIRECT", "/protected/", "ACCEL_REDIRECT_PREFIX"),
    ("GEOPORTAL_ACCEL_REDIRECT", "", "ACCEL_REDIRECT_PREFIX"),
    ("GEOPORTAL_CDN_URL", "https://cdn.example.org:8443", "CDN_URL"),
    ("GEOPORTAL_REDIS_URL", "redis://:secret@host:6379/1", "REDIS_URL"),
    ("GEOPORTAL_REDIS_URL", "rediss://user:secret@host?socket_timeout=2", "REDIS_URL"),
    ("GEOPORTAL_REDIS_URL", "unix:///run/redis/redis.sock?db=2", "REDIS_URL"),
    ("GEOPORTAL_REDIS_URL", "", "REDIS_URL"),
]


def settings_with(monkeypatch, **environ) -> dict:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "geoportal/settings.py"))


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_one_is_refused_by_name_with_what_to_set(name, value, monkeypatch):
    with pytest.raises(EnvError) as refused:
        settings_with(monkeypatch, **{name: value})
    assert sentence(refused.value).startswith(f"{name} is “{value}”: ")


@pytest.mark.parametrize(("name", "value", "setting"), RIGHT)
def test_a_right_one_is_taken(name, value, setting, monkeypatch):
    taken = settings_with(monkeypatch, **{name: value})[setting]
    assert taken == (tuple(map(int, value.split(","))) if name == "GEOPORTAL_CRS" else value)


def test_origins_of_tiles_come_into_the_policy(monkeypatch):
    given = "https://*.tiles.example,http://127.0.0.1:8080"
    policy = settings_with(monkeypatch, GEOPORTAL_TILE_ORIGINS=given)["CONTENT_SECURITY_POLICY"]
    assert {*given.split(",")} <= {*policy["DIRECTIVES"]["img-src"]}


def test_the_cdn_comes_into_the_policy_and_nothing_does_without_one(monkeypatch):
    monkeypatch.delenv("GEOPORTAL_CDN_URL", raising=False)
    for given, allowed in (
        ({}, ["'self'"]),
        (
            {"GEOPORTAL_CDN_URL": "https://cdn.example.org/"},
            ["'self'", "https://cdn.example.org"],
        ),
    ):
        policy = settings_with(monkeypatch, **given)["CONTENT_SECURITY_POLICY"]
        assert policy["DIRECTIVES"]["connect-src"] == allowed


@pytest.mark.parametrize(
    "given",
    ["secret", "http://:secret@host/0", "redis://:secret@/0", "redis://:secret@host:port/0",
     "redis://:secret@host/first", "redis://:secret@host/0?secret=1",
     "redis://:secret@host/0?socket_timeout=secret", "unix://?db=secret"],
)  # fmt: skip
def test_a_wrong_address_of_redis_is_refused_without_telling_its_password(given, monkeypatch):
    with pytest.raises(EnvError) as refused:
        settings_with(monkeypatch, GEOPORTAL_REDIS_URL=given)
    said = sentence(refused.value)
    assert said.startswith("GEOPORTAL_REDIS_URL: Set it to an address such as redis://")
    assert "secret" not in said


def test_a_wrong_address_of_the_database_does_not_tell_its_password(monkeypatch):
    with pytest.raises(EnvError) as refused:
        settings_with(monkeypatch, DATABASE_URL="postgis://me:secret@host:port/name")
    assert sentence(refused.value).startswith("DATABASE_URL: ")
    assert "secret" not in sentence(refused.value)


def test_replicas_are_named_by_their_addresses(monkeypatch):
    given = "postgis://me@one/name,postgis://me@two:5433/name?connect_timeout=9"
    found = settings_with(monkeypatch, DATABASE_REPLICA_URLS=given)["DATABASES"]
    assert [name for name in found if name != "default"] == ["replica-1", "replica-2"]
    one, two = found["replica-1"], found["replica-2"]
    assert (one["HOST"], two["HOST"], two["PORT"]) == ("one", "two", 5433)
    # One that does not answer is given up soon; sessions begin as those of the primary do.
    assert one["OPTIONS"]["connect_timeout"] == 2
    assert two["OPTIONS"]["connect_timeout"] == 9
    assert one["OPTIONS"]["options"] == found["default"]["OPTIONS"]["options"]


@pytest.mark.parametrize(
    "given", ["postgis://me:secret@one/name,", "secret", "postgis://me:s@h:p/n"]
)
def test_a_wrong_address_of_a_replica_is_refused_without_telling_its_password(given, monkeypatch):
    with pytest.raises(EnvError) as refused:
        settings_with(monkeypatch, DATABASE_REPLICA_URLS=given)
    said = sentence(refused.value)
    assert said.startswith("DATABASE_REPLICA_URLS: List addresses such as postgis://")
    assert "secret" not in said


def test_options_in_the_address_of_the_database_are_kept(monkeypatch):
    url = "postgis://me@host/name?sslmode=require&options=-c%20work_mem%3D64MB"
    settings = settings_with(monkeypatch, DATABASE_URL=url, GEOPORTAL_PG_OPTIONS="-c jit=off")
    options = settings["DATABASES"]["default"]["OPTIONS"]
    assert options == {"sslmode": "require", "options": "-c jit=off -c work_mem=64MB"}


def test_the_command_line_ends_with_the_sentence():
    answer = subprocess.run(
        [sys.executable, ROOT / "manage.py", "check"],
        env={**os.environ, "GEOPORTAL_LOG_LEVEL": "LOUD"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    (line,) = answer.stderr.strip().splitlines()
    assert line.startswith("GEOPORTAL_LOG_LEVEL is “LOUD”: Set it to one of: DEBUG, INFO,")
