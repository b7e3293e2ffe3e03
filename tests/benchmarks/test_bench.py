"""The benchmark says no when it should; the measuring itself is script/bench."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, repeat

import pytest

from tests.benchmarks.load import Answers, drive
from tests.benchmarks.pages import LIMIT, Result, boxes, check_pages, compare, verdict
from tests.benchmarks.report import table
from tests.benchmarks.servers import DRF_GIS, OURS

NAMES = ("name_zh", "name_en", "kind", "owner", "depth", "built")


def measured(ours: list[int], theirs: list[int]) -> Result:
    def rounds(rates):
        return [Answers(count=r, size=r * 1000, seconds=1.0, waits=[0.1, 0.2]) for r in rates]

    return Result({OURS.name: rounds(ours), DRF_GIS.name: rounds(theirs)})


@pytest.fixture
def serve():
    """A server on a port that answers every request with one status and body."""
    running = []

    def start(status: int, body: bytes) -> int:
        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return server.server_address[1]

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def features(count: int, **changed) -> bytes:
    made = [
        {
            "properties": {**dict.fromkeys(NAMES, 1), "name_en": f"Well {i}", **changed},
            "geometry": {"coordinates": [126.1, 46.2]},
        }
        for i in range(count)
    ]
    return json.dumps({"features": made}).encode()


def test_the_median_of_the_rounds_decides():
    assert verdict(measured([80, 90, 10], [10, 10, 10])) == 0
    assert verdict(measured([79, 90, 10], [10, 10, 10])) == 1
    assert "**7.9** (1.0–9.0)" in table(measured([79, 90, 10], [10, 10, 10]))


def test_servers_that_answer_alike_may_be_compared(serve):
    same = features(500)
    compare({OURS: serve(200, same), DRF_GIS: serve(200, same)})


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (features(500), features(499)),
        (features(0), features(0)),
        (features(LIMIT), features(LIMIT)),
        (features(500), features(500, depth=2)),
    ],
)
def test_servers_that_answer_unlike_are_not_compared(serve, ours, theirs):
    with pytest.raises(SystemExit, match="same features"):
        compare({OURS: serve(200, ours), DRF_GIS: serve(200, theirs)})


def test_pages_that_are_not_full_are_not_measured(serve):
    full, short = serve(200, features(LIMIT)), serve(200, features(LIMIT - 1))
    check_pages({OURS: full, DRF_GIS: full})
    with pytest.raises(SystemExit, match="djangorestframework-gis does not fill"):
        check_pages({OURS: full, DRF_GIS: short})


def test_an_error_is_no_answer(serve):
    with pytest.raises(RuntimeError, match="503"):
        drive(serve(503, b"busy"), repeat("/"), seconds=0.1)


def test_answers_and_bytes_are_counted(serve):
    answers = drive(serve(200, b"12345"), repeat("/"), seconds=0.2)
    assert answers.count == len(answers.waits) > 0
    assert answers.size == answers.count * 5


def test_no_box_is_asked_twice():
    asked = list(islice(boxes(1), 500)) + list(islice(boxes(2), 500))
    assert len(set(asked)) == 1000
