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
from tests.benchmarks.addresses import OURS
from tests.benchmarks.areas import tiles
from tests.benchmarks.data import slug
from tests.benchmarks.load import Answers, body, drive
from tests.benchmarks.peers.servers import Running, Server, running
from tests.benchmarks.questions import Question

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
        self._seconds = seconds
        self._servers: dict[str, Running] = {}
        self._ends: dict[str, ExitStack] = {}
        for server in servers:
            end = self._ends[server.name] = stack.enter_context(ExitStack())
            self._servers[server.name] = end.enter_context(running(server))

    def end_all_but(self, name: str) -> None:
        """End the other servers, which keep memory and connections."""
        for other in [each for each in self._servers if each != name]:
            self._ends.pop(other).close()
            del self._servers[other]

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
            answers = drive(port, paths, seconds=seconds)
            self._servers[server].settle()
            if number:
                self._note(row, server, answers)
        if number and question.best:
            row.add(PGBENCH, limits.transactions_per_second(question.best.script, self._seconds))

    @staticmethod
    def _note(row: Row, server: str, answers: Answers) -> None:
        row.add(server, answers.per_second)
        if server == OURS:
            row.waits.append(answers.p95)
        print(f"{row.name}: {server} {answers.per_second:,.1f}/s", flush=True)


def hot(port: int, kinds: Mapping[int, str], whole: str, rounds: int, seconds: float) -> list[Row]:
    """What is kept, beside nginx with the same bytes on its disk, compressed by gzip: a tile of
    each level, of these kinds, and all of one."""
    paths = {
        f"tile of {kind.replace('_', ' ')}, z{level}": _below_version(port, kind, _tile(level))
        for level, kind in kinds.items()
    }
    paths[f"all {whole.replace('_', ' ')}"] = _below_version(port, whole, "items?limit=10000")
    asks = {"Accept-Encoding": "gzip"}
    files = {}
    for number, path in enumerate(paths.values()):
        content = body(port, path, asks)
        files[f"{number}.gz"], files[str(number)] = content, gzip.decompress(content)
    with limits.nginx(files) as other:
        pairs = {name: (path, f"/{number}") for number, (name, path) in enumerate(paths.items())}
        return _hot_rows({OURS: port, NGINX: other}, pairs, asks, rounds, seconds)


def _tile(level: int) -> str:
    _level, column, line = next(islice(tiles(0, level), 1))
    return f"tiles/WebMercatorQuad/{level}/{line}/{column}"


def _below_version(port: int, kind: str, rest: str) -> str:
    base = json.loads(body(port, f"/api/collections/{slug(kind)}"))["geoportal"]["versioned"]
    return f"{base[base.index('/api/') :]}/{rest}"


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
