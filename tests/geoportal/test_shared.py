"""Finished answers in Redis: shared by many machines, and never needed for an answer."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from geoportal.versioned.kept import Answer, Kept, Memory
from geoportal.versioned.shared import Shared
from tests.geoportal.site import Site, below, most_at_once

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
ANSWER = Answer((("ETag", 'W/"1"'), ("Content-Encoding", "br")), bytes(range(256)) * 40)
#: Far more than the limit of half a second, far less than to wait for each command in turn.
SOON = 2.0
#: Holds the lock of a name until it is killed.
HOLDER = """
import sys
from geoportal.versioned.shared import Shared
with Shared(sys.argv[1], lease=0.5).filling("a"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def shared(redis_server) -> Shared:
    return Shared(redis_server.address, resting=0.05, lease=0.5)


def kept_keys(server) -> list[bytes]:
    return server.client.keys("geoportal:answer:*")


def test_an_answer_is_kept_as_it_was_made(shared):
    assert shared.get("a") is None
    shared.put("a", ANSWER)
    assert shared.get("a") == ANSWER


def test_what_one_machine_has_made_another_gives_out(redis_server, wells):
    one, other = (Site(Shared(redis_server.address)) for _ in range(2))
    path = f"{below()}/items?limit=1000"
    made, given = one.get(path, accept_encoding="br"), other.get(path, accept_encoding="br")
    assert (one.bodies(), other.bodies()) == (1, 0)
    assert (given.status, given.body, given.headers) == (200, made.body, made.headers)
    assert len(given.json["features"]) == 40


def test_what_is_in_memory_is_not_asked_of_redis(redis_server, wells):
    site = Site(Shared(redis_server.address))
    path = f"{below()}/items"
    site.get(path)
    before = redis_server.commands()
    for _ in range(3):
        site.a_second_later()
        assert site.get(path).status == 200
    assert redis_server.commands() == before


def test_answers_expire_and_no_lock_is_left(redis_server, shared, wells):
    site = Site(shared)
    site.get(f"{below()}/items")
    (key,) = redis_server.client.keys("*")
    assert key.startswith(b"geoportal:answer:")
    assert 0 < redis_server.client.ttl(key) <= 24 * 3600


def test_a_machine_that_comes_later_finds_what_is_withdrawn_gone(redis_server, wells):
    path = f"{below()}/items"
    Site(Shared(redis_server.address)).get(path)
    wells.published = False
    wells.save()
    assert Site(Shared(redis_server.address)).get(path).status == 404


@pytest.mark.parametrize("value", [b"", b"nonsense", b"5\nbody", b'[["a"]]\nbody', b"\xff\n\xff"])
def test_what_is_no_answer_is_not_given_out(redis_server, shared, value):
    shared.put("a", ANSWER)
    (key,) = kept_keys(redis_server)
    redis_server.client.set(key, value)
    assert shared.get("a") is None


# --- a Redis that is not well ----------------------------------------------------------------


def asked_for(site: Site, path: str) -> list[int]:
    """What is answered to some readers of different addresses, who have no more than a moment."""
    begin = time.monotonic()
    statuses = [site.get(f"{path}?limit={limit}").status for limit in range(1, 9)]
    assert time.monotonic() - begin < SOON
    return statuses


def told(caplog) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name.endswith("shared")]


@pytest.mark.parametrize("fate", ["stop", "hang"])
def test_without_redis_all_is_answered_and_the_log_says_so_once(redis_server, wells, fate, caplog):
    site = Site(Shared(redis_server.address))
    path = f"{below()}/items"
    site.get(path)
    getattr(redis_server, fate)()
    assert asked_for(site, path) == [200] * 8
    assert len(told(caplog)) == 1
    assert told(caplog)[0].startswith("Redis is left alone: ")


def test_a_redis_that_comes_back_is_used_again(redis_server, shared, caplog):
    redis_server.stop()
    shared.put("a", ANSWER)
    redis_server.start()
    until = time.monotonic() + 10
    while shared.get("a") is None and time.monotonic() < until:
        shared.put("a", ANSWER)
    assert shared.get("a") == ANSWER
    assert [each.partition(":")[0] for each in told(caplog)] == [
        "Redis is left alone", "Redis is asked again",
    ]  # fmt: skip


def test_a_redis_started_anew_in_between_is_not_noticed(redis_server, shared, caplog):
    shared.put("a", ANSWER)
    redis_server.stop()
    redis_server.start()
    assert shared.get("a") is None
    shared.put("a", ANSWER)
    assert shared.get("a") == ANSWER
    assert told(caplog) == []


def test_a_redis_that_is_full_costs_no_answer(redis_server, wells, caplog):
    redis_server.client.config_set("maxmemory", 1)
    assert asked_for(Site(Shared(redis_server.address)), f"{below()}/items") == [200] * 8
    assert len(told(caplog)) == 1
    assert "maxmemory" in told(caplog)[0]


def test_a_redis_that_takes_no_password_costs_no_answer_and_tells_none(redis_server, wells, caplog):
    redis_server.client.config_set("requirepass", "open")
    address = redis_server.address.replace("unix://", "unix://:secret@")
    assert asked_for(Site(Shared(address)), f"{below()}/items") == [200] * 8
    assert len(told(caplog)) == 1
    assert "secret" not in told(caplog)[0]


def test_without_redis_one_thread_of_a_process_fills(redis_server):
    redis_server.stop()
    assert most_at_once(Kept(Memory(1000), Shared(redis_server.address))) == 1


# --- fillers ---------------------------------------------------------------------------------


def test_a_filler_that_dies_holds_nobody_up_for_long(redis_server, shared):
    command = [sys.executable, "-c", HOLDER, redis_server.address]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        holder.kill()
    begin = time.monotonic()
    with shared.filling("a"):
        assert time.monotonic() - begin < SOON


def test_a_filler_that_takes_long_is_waited_for(shared):
    entered = threading.Event()

    def wait():
        with shared.filling("a"):
            entered.set()

    waiting = threading.Thread(target=wait)
    with shared.filling("a"):
        waiting.start()
        # Three times as long as a lock holds whose filler has died.
        assert not entered.wait(1.5)
    assert entered.wait(SOON)
    waiting.join()


def test_fillers_of_different_answers_do_not_wait_for_each_other(shared):
    begin = time.monotonic()
    with shared.filling("a"), shared.filling("b"):
        assert time.monotonic() - begin < SOON
