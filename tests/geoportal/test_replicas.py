"""Public reads are answered from a streaming replica, unless it cannot or may not."""

import json
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import Client

from geoportal.replicas import Replica
from layers.models import Layer
from tests.factories import make_feature, make_layer
from tests.geoportal.replication import Pair, Server, programs, replicated

REPLICA, DATABASE = "replica-1", "replicated"
SIGNED_IN = {"cookie": "sessionid=whatever"}


@pytest.fixture(scope="module")
def pair(django_db_blocker) -> Iterator[Pair]:
    """A primary with the tables of the service and its replica, as all databases it knows."""
    found = programs()
    if found is None:
        pytest.skip("the programs of PostgreSQL are not here")
    with django_db_blocker.unblock():
        own, known = connections["default"], connections.settings["default"]

        def fill(primary):
            connections.settings["default"] = _settings(known, primary)
            del connections["default"]
            call_command("migrate", verbosity=0)
            connections["default"].close()

        try:
            with replicated(found, DATABASE, fill) as made:
                connections.settings[REPLICA] = _settings(known, made.replica)
                yield made
        finally:
            connections.settings.pop(REPLICA, None)
            connections.settings["default"], connections["default"] = known, own


def _settings(known: dict, server: Server) -> dict:
    place = {"HOST": str(server.folder), "USER": "postgres", "NAME": DATABASE}
    # What is committed is on its way: the options of tests would leave that for later.
    return {**known, **place, "PORT": "", "PASSWORD": "", "OPTIONS": {}}


@pytest.fixture(autouse=True)
def tidy(pair, settings, tmp_path) -> Iterator[None]:
    """Each test begins without layers, connections and memories."""
    settings.EXPORTS_DIR = tmp_path / "exports"
    cache.clear()
    yield
    Layer.objects.filter(kind=Layer.Kind.STORED).delete()
    for alias in ("default", REPLICA):
        connections[alias].close()
        del connections[alias]
    cache.clear()


class Clock:
    """Time as the test has it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def reader(pair) -> Client:
    """Somebody whose web process has found the replica well."""
    client = Client()
    pair.replicate()
    published(client)
    return client


def published(client: Client, **headers) -> set[str]:
    """The stored layers that a reader is told of."""
    answer = client.get("/api/collections", headers=headers)
    assert answer.status_code == 200, answer.content
    return {each["id"] for each in answer.json()["collections"]} & {"wells", "springs"}


def test_the_public_reads_the_replica_and_staff_see_their_own_changes(pair, reader):
    make_layer("wells")
    pair.replicate()
    with pair.held():
        make_layer("springs")
        assert published(reader) == {"wells"}
        assert published(reader, **SIGNED_IN) == {"wells", "springs"}
    pair.replicate()
    assert published(reader) == {"wells", "springs"}


def test_pages_for_people_read_the_replica_too(pair, reader):
    make_layer("wells")
    pair.replicate()
    html = {"accept": "text/html"}
    with pair.held():
        make_layer("springs")
        shown = reader.get("/api/collections?lang=en", headers=html).content.decode()
    assert "/api/collections/wells" in shown
    assert "/api/collections/springs" not in shown


def test_a_stream_is_read_from_where_it_began(pair, reader):
    layer = make_layer("wells")
    make_feature(layer, key="old")
    pair.replicate()
    with pair.held():
        make_feature(layer, key="new")
        answer = reader.get("/api/collections/wells/export?f=geojsonl")
        lines = b"".join(answer.streaming_content).decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["old"]


def test_what_a_reader_has_to_write_is_done_by_the_primary(pair, reader):
    make_feature(make_layer("wells"))
    pair.replicate()
    with pair.held():
        headers = {"prefer": "respond-async"}
        answer = reader.get("/api/collections/wells/export?f=gpkg", headers=headers)
        assert answer.status_code == 202, answer.content
        assert reader.get(answer["Location"]).json()["status"] == "accepted"


def test_a_replica_that_dies_is_not_noticed_by_readers(pair, reader):
    make_feature(make_layer("wells"), key="1")
    pair.replicate()
    assert published(reader) == {"wells"}
    pair.replica.stop()
    try:
        # At the moment it dies it still counts as well, and its connection as open.
        assert published(reader) == {"wells"}
        assert reader.get("/api/collections/wells/items/1").status_code == 200
    finally:
        pair.replica.start()


def test_a_page_of_a_replica_that_dies_is_not_noticed_either(pair, reader):
    assert reader.get("/en/parks/").status_code == 200
    pair.replica.stop()
    try:
        assert reader.get("/en/parks/").status_code == 200
    finally:
        pair.replica.start()


def test_a_replica_that_is_too_far_behind_is_left_alone_until_it_has_caught_up(pair):
    clock = Clock()
    replica = Replica(REPLICA, most_behind=5, clock=clock)
    pair.replicate()
    assert replica.is_well()
    with pair.held():
        make_layer("springs")
        for clock.now, well in ((2, True), (6, True), (8, False), (100, False)):
            assert replica.is_well() is well, clock.now
    pair.replicate()
    clock.now = 200
    assert replica.is_well()


def test_a_replica_that_has_yet_to_catch_up_is_not_read(pair):
    with pair.held():
        make_layer("springs")
        assert not Replica(REPLICA, most_behind=5, clock=Clock()).is_well()


def test_a_replica_goes_on_without_a_primary(pair):
    clock = Clock()
    replica = Replica(REPLICA, most_behind=5, clock=clock)
    pair.replicate()
    assert replica.is_well()
    pair.primary.stop()
    connections["default"].close()
    try:
        clock.now = 100
        assert replica.is_well()
    finally:
        pair.primary.start()


def test_what_is_no_replica_is_not_read():
    assert not Replica("default", most_behind=5, clock=Clock()).is_well()
