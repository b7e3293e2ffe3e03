"""What was measured, as tables for the terminal and for docs/benchmarks.md."""

import os
import platform
import statistics
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from django.db import connection

from tests.benchmarks.questions import DRF_GIS, OURS, PYGEOAPI, TIPG
from tests.benchmarks.rounds import NGINX, PGBENCH, Row

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
PEERS = (TIPG, PYGEOAPI, DRF_GIS)
#: What is wanted of each group: (against whom, at least so many times).
WANTED = {
    "pages": (("peers", 10.0), (PGBENCH, 0.7)),
    "tiles": ((TIPG, 3.0), (PGBENCH, 0.7)),
    "hot": ((NGINX, 0.5),),
    "304": ((NGINX, 0.5),),
}
_TITLES = {
    "pages": "Pages in a box, uncached",
    "tiles": "Tiles, uncached",
    "items": "Single features",
    "hot": "Tiles and whole layers that are kept",
    "304": "What the reader holds already",
}


def table(rows: Iterable[Row], group: str) -> str:
    """A row for each question: requests per second of each server, and how many times ours is."""
    found = [row for row in rows if row.group == group]
    servers = [
        name for name in (OURS, *PEERS, PGBENCH, NGINX) if any(name in r.rates for r in found)
    ]
    compared = servers[1:]
    head = ["asked", *(f"{name} /s" for name in servers), *(f"× {name}" for name in compared)]
    lines = [f"| {' | '.join(head)} | p95 |", "|---" * (len(head) + 1) + "|"]
    for row in found:
        cells = [row.name, *(_rate(row, name) for name in servers)]
        cells += [_times(row, name) for name in compared]
        lines.append(f"| {' | '.join(cells)} | {statistics.median(row.waits) * 1000:.0f} ms |")
    return "\n".join(lines)


def _rate(row: Row, name: str) -> str:
    if name not in row.rates:
        return "–"
    rate = row.median(name)
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}"


def _times(row: Row, name: str) -> str:
    if name not in row.rates:
        return "–"
    times = row.times(name)
    return f"**{statistics.median(times):.2g}** ({min(times):.2g}–{max(times):.2g})"


def short_of(rows: Iterable[Row]) -> list[str]:
    """What falls short of what is wanted, a sentence each."""
    found = []
    for row in rows:
        for other, least in WANTED.get(row.group, ()):
            names = [
                name for name in (PEERS if other == "peers" else (other,)) if name in row.rates
            ]
            if not names or (row.group == "pages" and not row.name.startswith("1,000 ")):
                continue
            fastest = max(names, key=row.median)
            times = statistics.median(row.times(fastest))
            if times < least:
                found.append(f"{row.name}: {times:.2g} times {fastest}, wanted {least:g}")
    return found


_TEXT = """# Benchmarks

Written by `script/bench`; run it to have the figures of another machine. Figures of one run compare
with each other only: the load generator, the servers and PostGIS share the machine, so a server's
share is what the others leave it.

Asked: generated points (200,000), lines of 20 vertices (100,000) and areas of 20 corners (100,000),
six fields each, over 3.5 by 2.5 degrees; at zoom 6 layers of 4,000, so that every server shows each
of them. No box or tile is asked twice in a round, no cache of answers can help (but for what is
kept, further down). All servers: granian, 2 workers, the same PostGIS, 4 connections, no
compression; {rounds} rounds of {seconds:g} s in turn, medians, the least and the most of the rounds
in brackets. Before measuring, all that lies in small boxes is compared: same features, properties
and places. `pgbench` runs the best SQL we know for the same features in the same order, prepared,
over 4 connections; nginx gives the same bytes from its disk.

djangorestframework-gis is a `ReadOnlyModelViewSet` with `InBBoxFilter` without any middleware
(`tests/benchmarks/peers/drf_gis.py`); TiPg and pygeoapi are configured as their documents say. All
three have tables of their own with real columns and a spatial index. Ours runs with all its
settings on layers as staff make them.

{tables}

Wanted of pages of 1,000: 10 times the fastest peer and 0.7 of pgbench; of tiles: 3 times TiPg and
0.7 of pgbench; of what is kept: half of nginx. {verdict}

## Run

{run}
"""


def document(rows: list[Row], *, rounds: int, seconds: float) -> str:
    """The text of docs/benchmarks.md."""
    groups = dict.fromkeys(row.group for row in rows)
    tables = "\n\n".join(f"## {_TITLES[group]}\n\n{table(rows, group)}" for group in groups)
    short = short_of(rows)
    verdict = "Short of that:\n\n- " + "\n- ".join(short) if short else "All of it is met."
    told = {"rounds": rounds, "seconds": seconds, "run": _run()}
    return _TEXT.format(tables=tables, verdict=verdict, **told)


def _run() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), postgis_lib_version()")
        postgres, postgis = cursor.fetchone()
    return (
        f"{date.today():%Y-%m-%d}, {len(os.sched_getaffinity(0))} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, Django {version('django')}, "
        f"djangorestframework-gis {version('djangorestframework-gis')}, "
        f"granian {version('granian')}, PostgreSQL {postgres.split()[0]}, PostGIS {postgis}."
    )
