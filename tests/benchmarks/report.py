"""What was measured, as tables for the terminal and for docs/benchmarks.md."""

import os
import platform
import statistics
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from tests.benchmarks import memory, scales
from tests.benchmarks.memory import Memory
from tests.benchmarks.questions import DRF_GIS, OURS, PYGEOAPI, TIPG
from tests.benchmarks.rounds import NGINX, PGBENCH, Row
from tests.benchmarks.scales import Growth

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
    return _spread(row.times(name))


class Grown(NamedTuple):
    """What layers that grow cost, and memory, where there were records enough to look at it."""

    growths: list[Growth]
    memory: Memory | None


def growth_table(growths: Iterable[Growth]) -> str:
    """A row for each question: waits by number of records, and how many times the least."""
    growths = list(growths)
    numbers = sorted(growths[0].p95)
    head = ["asked", *(f"{rows:,}" for rows in numbers), "times"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for each in growths:
        cells = [f"{_ms(each.p50[rows])} / {_ms(each.p95[rows])}" for rows in numbers]
        lines.append(f"| {each.name} | {' | '.join(cells)} | {_spread(each.times)} |")
    return "\n".join(lines)


def _ms(waits: list[float]) -> str:
    return f"{statistics.median(waits) * 1000:.1f}"


def _spread(times: list[float]) -> str:
    return f"**{statistics.median(times):.2g}** ({min(times):.2g}–{max(times):.2g})"


def _short_grown(grown: Grown) -> list[str]:
    found = [
        f"{each.name}: {statistics.median(each.times):.2g} times the smallest layer, "
        f"at most {scales.MOST_TIMES:g} wanted"
        for each in grown.growths
        if each.name != scales.ITEM and not each.is_flat
    ]
    if grown.memory and not grown.memory.is_flat:
        found.append(f"memory: more than {memory.MOST_TIMES:g} times that of a warm server")
    return found


def short_of(rows: Iterable[Row], grown: Grown | None = None) -> list[str]:
    """What falls short of what is wanted, a sentence each."""
    found = _short_grown(grown) if grown else []
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
settings on layers as staff make them. pygeoapi is not asked for tiles: one of 4,000 features takes
it half a minute and more.

{tables}

Wanted of pages of 1,000: 10 times the fastest peer and 0.7 of pgbench; of tiles: 3 times TiPg and
0.7 of pgbench; of what is kept: half of nginx. {verdict}

## Run

{run}
"""


#: The waits are those of a loaded server: four connections ask as fast as it answers.
_GROWTH = """## Layers that grow

Milliseconds, p50 / p95 at four connections, of layers of points with so many records, asked for the
same boxes and tiles. Wanted of pages and tiles: at most {most:g} times the p95 of the smallest.

{table}
"""
_MEMORY = """
Memory of both web processes together: {warm:.0f} MB after {few:,} mixed requests of the largest
layer, {many:.0f} MB after {more:,} more, {exporting:.0f} MB at most while {exported:,} records were
exported ({file:.0f} MB of GeoJSON).
"""


def grown_text(grown: Grown) -> str:
    """The section of layers that grow."""
    text = _GROWTH.format(most=scales.MOST_TIMES, table=growth_table(grown.growths))
    if grown.memory is None:
        return text
    found = grown.memory
    return text + _MEMORY.format(
        warm=found.warm,
        few=memory.WARM,
        many=found.after_many,
        more=memory.MANY,
        exporting=found.while_exporting,
        exported=memory.EXPORTED,
        file=found.file,
    )


def document(rows: list[Row], grown: Grown | None = None, *, rounds: int, seconds: float) -> str:
    """The text of docs/benchmarks.md."""
    groups = dict.fromkeys(row.group for row in rows)
    parts = [f"## {_TITLES[group]}\n\n{table(rows, group)}" for group in groups]
    tables = "\n\n".join([*parts, *([grown_text(grown).rstrip()] if grown else [])])
    short = short_of(rows, grown)
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
