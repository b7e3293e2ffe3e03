"""Rounds in turn: every server answers every question once a round, and who begins changes."""

import gzip
import json
import statistics
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import islice

from tests.benchmarks import limits
from tests.benchmarks.data import slug
from tests.benchmarks.load import Answers, body, drive
from tests.benchmarks.peers.servers import Running, Server, running
from tests.benchmarks.questions import OURS, Question, boxes, tiles

PGBENCH, NGINX = "pgbench", "nginx"


@dataclass
class Row:
    """Requests per second by server, one figure a round; waits of ours."""

    name: str
    group: str
    rates: dict[str, list[float]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    def add(self, server: str, rate: float) -> None:
        """Note the figure of a round."""
        self.rates.setdefault(server, []).append(rate)

    def median(self, server: str) -> float:
        """The median of the rounds."""
        return statistics.median(self.rates[server])

    def times(self, other: str) -> list[float]:
        """How many times another's rate ours is, round by round."""
        return [a / b for a, b in zip(self.rates[OURS], self.rates[other], strict=True)]


class Bench:
    """The servers, running."""

    def __init__(self, stack: ExitStack, servers: list[Server], *, seconds: float):
        self._servers = {each.name: stack.enter_context(running(each)) for each in servers}
        self._seconds = seconds

    @property
    def ports(self) -> dict[str, int]:
        """The ports by server."""
        return {name: server.port for name, server in self._servers.items()}

    def __getitem__(self, name: str) -> Running:
        return self._servers[name]

    def measure(self, questions: list[Question], rounds: int) -> list[Row]:
        """All questions, once to warm up and then round by round."""
        rows = {each.name: Row(each.name, each.group) for each in questions}
        for number in range(rounds + 1):
            for question in questions:
                self._ask(question, rows[question.name], number)
        return list(rows.values())

    def _ask(self, question: Question, row: Row, number: int) -> None:
        servers = [name for name in question.paths if name in self._servers]
        for server in servers if number % 2 else reversed(servers):
            # A little is enough to have processes, connections and memory ready.
            seconds = self._seconds if number else 1
            paths = question.paths[server](number)
            port = self._servers[server].port
            answers = drive(port, paths, seconds=seconds, headers=question.headers)
            self._servers[server].settle()
            if number:
                self._note(row, server, answers)
        if number and question.statement:
            rate = limits.transactions_per_second(question.statement, self._seconds)
            row.add(PGBENCH, rate)

    @staticmethod
    def _note(row: Row, server: str, answers: Answers) -> None:
        row.add(server, answers.per_second)
        if server == OURS:
            row.waits.append(answers.p95)
        print(f"{row.name}: {server} {answers.per_second:,.1f}/s", flush=True)


def with_statement(question: Question, kind: str, **what) -> Question:
    """The question with the best SQL for it."""
    if "level" in what:
        script = limits.tile_statement(kind, what["level"], tiles(0, what["level"]))
    else:
        script = limits.page_statement(kind, what["limit"], boxes(0, what["sides"]))
    return Question(question.name, question.group, question.paths, script, question.headers)


def hot(port: int, kind: str, level: int, rounds: int, seconds: float) -> list[Row]:
    """What is kept, beside nginx with the same bytes on its disk, compressed by gzip."""
    base = json.loads(body(port, f"/api/collections/{slug(kind)}"))["geoportal"]["versioned"]
    base = base[base.index("/api/") :]
    _level, column, line = next(islice(tiles(0, level), 1))
    paths = {
        f"tile of {kind}, z{level}": f"{base}/tiles/WebMercatorQuad/{level}/{line}/{column}",
        f"all {kind}": f"{base}/items?limit=10000",
    }
    asks = {"Accept-Encoding": "gzip"}
    files = {}
    for number, path in enumerate(paths.values()):
        content = body(port, path, asks)
        files[f"{number}.gz"], files[str(number)] = content, gzip.decompress(content)
    with limits.nginx(files) as other:
        pairs = {name: (path, f"/{number}") for number, (name, path) in enumerate(paths.items())}
        return _hot_rows({OURS: port, NGINX: other}, pairs, asks, rounds, seconds)


def _hot_rows(
    ports: Mapping[str, int], pairs: Mapping[str, tuple[str, str]], asks, rounds, seconds
) -> list[Row]:
    rows = {}
    for number in range(rounds):
        for name, pair in pairs.items():
            for server, path in zip(ports, pair, strict=True):
                held = {**asks, "If-None-Match": _tag(ports[server], path, asks)}
                for how, headers in (("hot", asks), ("304", held)):
                    row = rows.setdefault((name, how), Row(f"{name}, {how}", how))
                    answers = drive(ports[server], [path], seconds=seconds, headers=headers)
                    row.add(server, answers.per_second)
                    if server == OURS:
                        row.waits.append(answers.p95)
                    print(f"{row.name} {number}: {server} {answers.per_second:,.0f}/s", flush=True)
    return list(rows.values())


def _tag(port: int, path: str, headers: Mapping[str, str]) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=dict(headers))
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.headers["ETag"]
