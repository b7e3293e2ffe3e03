"""The benchmark says no when it should; the measuring itself is script/bench."""

import json
import math
import re
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice

import pytest

from tests.benchmarks import scales
from tests.benchmarks.addresses import DRF_GIS, OURS, PYGEOAPI, SERVERS, TIPG, deep_page, page
from tests.benchmarks.areas import boxes, tiles
from tests.benchmarks.browser import BUDGETS, Seen
from tests.benchmarks.browser import text as browser_text
from tests.benchmarks.compare import LIMIT, check_pages, compare
from tests.benchmarks.load import drive
from tests.benchmarks.memory import Memory
from tests.benchmarks.report import Measured, growth_table, memory_text, short_of, table
from tests.benchmarks.rounds import NGINX, PGBENCH, Row
from tests.benchmarks.scales import Growth

NAMES = ("name_zh", "name_en", "kind", "owner", "depth", "built")
needs_wrk = pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")


def row(group: str = "pages", name: str = "1,000 points in a box", **rates: list[float]) -> Row:
    names = {"ours": OURS, "tipg": TIPG, "pygeoapi": PYGEOAPI, "pgbench": PGBENCH, "nginx": NGINX}
    found = {names[short]: figures for short, figures in rates.items()}
    return Row(name, group, found, waits=[0.01])


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


def test_the_median_of_the_rounds_decides_against_the_fastest_peer():
    quick = row(ours=[100, 110, 10], tipg=[10, 10, 10], pygeoapi=[1, 1, 1])
    assert short_of(Measured([quick])) == []
    slow = row(ours=[90, 110, 10], tipg=[10, 10, 10], pygeoapi=[1, 1, 1])
    assert short_of(Measured([slow])) == ["1,000 points in a box: 9 times TiPg, wanted 10"]
    assert "**9** (1–11)" in table([slow], "pages")


@pytest.mark.parametrize(
    "found",
    [
        row(ours=[69], pgbench=[100]),
        row("tiles", "tile", ours=[29], tipg=[10]),
        row("tiles", "tile", ours=[69], pgbench=[100]),
        row("hot", "tile", ours=[49], nginx=[100]),
        row("304", "tile", ours=[49], nginx=[100]),
    ],
)
def test_what_falls_short_is_said(found):
    assert len(short_of(Measured([found]))) == 1


def grown(name: str, *waits: list[float], memory: Memory | None = None) -> Measured:
    growth = Growth(name)
    for number, each in enumerate(waits):
        for wait in each:
            growth.add(10_000 * 10**number, wait / 2, wait)
    return Measured([], [growth], memory)


def test_a_layer_that_costs_more_as_it_grows_falls_short():
    flat = grown(scales.PAGE, [0.010, 0.012], [0.030, 0.030], [0.014, 0.014])
    assert short_of(flat) == []
    steep = grown(scales.TILE, [0.010, 0.010], [0.010, 0.010], [0.020, 0.018])
    assert short_of(steep) == ["tile, z6 to z14: 1.9 times the smallest layer, at most 1.5 wanted"]
    assert "| tile, z6 to z14 | 5.0 / 10.0 | 5.0 / 10.0 | 9.5 / 19.0 |" in growth_table(
        steep.growths
    )


@pytest.mark.parametrize(
    ("many", "exporting", "short"), [(410, 430, 0), (500, 400, 1), (400, 700, 1)]
)
def test_memory_that_grows_falls_short(many, exporting, short):
    memory = Memory(warm=400, after_many=many, while_exporting=exporting, file=228)
    found = grown(scales.PAGE, [0.01], [0.01], memory=memory)
    assert len(short_of(found)) == short
    assert "228 MB of GeoJSON" in memory_text(memory)


def test_every_scale_is_asked_the_same():
    small, large = (scales.mixed(rows, 1) for rows in (10_000, 1_000_000))
    of_pages = [path.replace("10000/", "N/") for path in small if "bbox" in path]
    assert of_pages == [path.replace("1000000/", "N/") for path in large if "bbox" in path]
    assert list(scales.kinds(200_000)) == ["points_10000", "points_100000"]


def test_servers_that_answer_alike_may_be_compared(serve):
    same = features(500)
    compare({OURS: serve(200, same), TIPG: serve(200, same)}, "points")


def test_a_server_that_compares_boxes_may_give_more(serve):
    compare({OURS: serve(200, features(500)), DRF_GIS: serve(200, features(502))}, "lines")
    with pytest.raises(SystemExit, match="same features"):
        compare({OURS: serve(200, features(500)), DRF_GIS: serve(200, features(499))}, "lines")


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
        compare({OURS: serve(200, ours), TIPG: serve(200, theirs)}, "points")


def test_pages_that_are_not_full_are_not_measured(serve):
    full, short = serve(200, features(LIMIT)), serve(200, features(LIMIT - 1))
    check_pages({OURS: full, TIPG: full}, "points")
    with pytest.raises(SystemExit, match="TiPg does not fill"):
        check_pages({OURS: full, TIPG: short}, "points")


@needs_wrk
def test_an_error_is_no_answer(serve):
    with pytest.raises(RuntimeError, match="requests failed"):
        drive(serve(503, b"busy"), ["/"], seconds=1)


@needs_wrk
def test_answers_and_bytes_are_counted(serve):
    answers = drive(serve(200, b"12345"), ["/"], seconds=1)
    assert answers.count > 0
    assert answers.size > answers.count * 5
    assert 0 < answers.p50 <= answers.p95


def test_no_box_is_asked_twice():
    asked = [each for seed in (1, 2) for each in islice(boxes(seed, (0.5, 0.9)), 500)]
    assert len(set(asked)) == 1000


def test_a_tile_lies_around_the_places_it_was_chosen_for():
    (level, column, row), *_more = islice(tiles(1, 12), 1)
    middle = (column + 0.5) / 2**level * 360 - 180
    north = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (row + 0.5) / 2**level))))
    assert (level, 125 < middle < 128.6, 45.4 < north < 48.1) == (12, True, True)


@pytest.mark.parametrize("name", BUDGETS)
def test_a_page_beyond_its_budget_falls_short(name):
    within = {each: budget.most for each, budget in BUDGETS.items()}
    beyond = Seen("lines, zoom 8", {**within, name: BUDGETS[name].most * 1.1})
    assert short_of(Measured([], seen=[Seen("lines", within)])) == []
    (sentence,) = short_of(Measured([], seen=[beyond]))
    assert BUDGETS[name].name in sentence
    assert "lines, zoom 8" in browser_text([beyond])


@pytest.mark.parametrize("server", SERVERS)
def test_every_server_is_asked_for_the_same_box_and_place(server):
    asked = page(server, "few_points", limit=7, box=(125, 46, 126, 47), kind="water")
    assert "125.000000,46.000000,126.000000,47.000000" in asked
    assert "limit=7" in asked
    assert "kind=water" in asked
    assert re.search("few[-_]points", asked)
    deep = deep_page(server, "points", limit=1000, number=90_000, cursor="a-b")
    assert re.search("after=a-b|page=91|offset=90000", deep)
