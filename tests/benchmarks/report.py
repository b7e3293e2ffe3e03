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

from tests.benchmarks import browser, memory, scales
from tests.benchmarks.addresses import BARE, DRF_GIS, MAPSERVER, OURS, PYGEOAPI, QGIS, TIPG
from tests.benchmarks.browser import Seen
from tests.benchmarks.exports import COPY, OGR
from tests.benchmarks.memory import Memory
from tests.benchmarks.rounds import NGINX, PGBENCH, Row
from tests.benchmarks.scales import Growth

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
PEERS = (TIPG, PYGEOAPI, DRF_GIS)
_SHOWN = (OURS, *PEERS, MAPSERVER, QGIS, BARE, PGBENCH, NGINX, OGR, COPY)
#: What is wanted of each group: (against whom, at least so many times).
WANTED = {
    "pages": (("peers", 10.0), (PGBENCH, 0.7)),
    "tiles": ((TIPG, 3.0), (PGBENCH, 0.7)),
    "hot": ((NGINX, 0.5),),
    "304": ((NGINX, 0.5),),
}
_TITLES = {
    "pages": "Pages in a box, uncached",
    "filtered": "Pages in a box with a filter, uncached",
    "deep": "Deep pages",
    "whole": "Whole layers, uncached",
    "tiles": "Tiles, uncached",
    "items": "Single features",
    "hot": "Tiles and whole layers that are kept",
    "304": "What the reader holds already",
    "exports": "A large export, rows a second",
}


def table(rows: Iterable[Row], group: str) -> str:
    """A row for each question: requests per second of each server, and how many times ours is."""
    found = [row for row in rows if row.group == group]
    servers = [name for name in _SHOWN if any(name in row.rates for row in found)]
    compared = servers[1:]
    head = ["asked", *(f"{name} /s" for name in servers), *(f"× {name}" for name in compared)]
    lines = [f"| {' | '.join(head)} | p95 |", "|---" * (len(head) + 1) + "|"]
    for row in found:
        cells = [row.name, *(_rate(row, name) for name in servers)]
        cells += [_times(row, name) for name in compared]
        lines.append(f"| {' | '.join(cells)} | {_waited(row)} |")
    return "\n".join(lines)


def _waited(row: Row) -> str:
    return f"{statistics.median(row.waits) * 1000:.0f} ms" if row.waits else "–"


def _rate(row: Row, name: str) -> str:
    if name not in row.rates:
        return "–"
    rate = row.median(name)
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}"


def _times(row: Row, name: str) -> str:
    if name not in row.rates:
        return "–"
    return _spread(row.times(name))


class Measured(NamedTuple):
    """All that was measured: what layers that grow cost, memory and the browser where asked for."""

    rows: list[Row]
    growths: list[Growth] | None = None
    memory: Memory | None = None
    seen: list[Seen] | None = None


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


def short_of(measured: Measured) -> list[str]:
    """What falls short of what is wanted, a sentence each."""
    found = [
        f"{each.name}: {statistics.median(each.times):.2g} times the smallest layer, "
        f"at most {scales.MOST_TIMES:g} wanted"
        for each in measured.growths or ()
        if each.name != scales.ITEM and not each.is_flat
    ]
    if measured.memory and not measured.memory.is_flat:
        found.append(f"memory: more than {memory.MOST_TIMES:g} times that of a warm server")
    found += [sentence for each in measured.seen or () for sentence in each.short]
    return [*found, *(sentence for row in measured.rows for sentence in _short_row(row))]


def _short_row(row: Row) -> Iterable[str]:
    for other, least in WANTED.get(row.group, ()):
        names = [name for name in (PEERS if other == "peers" else (other,)) if name in row.rates]
        if not names or (row.group == "pages" and not row.name.startswith("1,000 ")):
            continue
        fastest = max(names, key=row.median)
        times = statistics.median(row.times(fastest))
        if times < least:
            yield f"{row.name}: {times:.2g} times {fastest}, wanted {least:g}"


_TEXT = """# Benchmarks

Written by `script/bench`; run it to have the figures of another machine. Figures of one run compare
with each other only: the load generator, the servers and PostGIS share the machine, so a server's
share is what the others leave it. Requests a second, medians of {rounds} rounds of {seconds:g} s in
turn; the least and the most of the rounds in brackets.

Asked: generated points (200,000), lines of 20 vertices (100,000) and areas of 20 corners (100,000),
six fields each, over 3.5 by 2.5 degrees; at zoom 6 layers of 4,000, so that every server shows each
of them. No box or tile is asked twice in a round, no cache of answers can help (but for what is
kept, further down). All servers have the same PostGIS, two processes, four connections and no
compression. Before measuring, all that lies in small boxes is compared: same features, properties
and places.

- **TiPg**, **pygeoapi** as their documents say, on granian; **djangorestframework-gis** is a
  `ReadOnlyModelViewSet` with `InBBoxFilter` without any middleware
  (`tests/benchmarks/peers/drf_gis.py`). pygeoapi is not asked for tiles: one of 4,000 features
  takes it half a minute and more.
- **MapServer** and **QGIS Server** are Debian's, by FastCGI behind nginx; where a dash stands they
  cannot be asked the same (no filter by value, no place far behind, no vector tiles of QGIS).
- These have tables of their own with real columns and a spatial index. **Geoportal** runs with all
  its settings on layers as staff make them.
- **pgbench** runs the best SQL we know for the same features in the same order, prepared, and does
  nothing with the answer. **bare WSGI** is the same SQL behind granian and psycopg2 and nothing
  else (`tests/benchmarks/peers/bare.py`): what a server in Python could reach. **nginx** gives the
  same bytes from its disk.

{tables}

Wanted of pages of 1,000: 10 times the fastest of TiPg, pygeoapi and djangorestframework-gis, and
0.7 of pgbench; of tiles: 3 times TiPg and 0.7 of pgbench; of what is kept: half of nginx. {verdict}

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


def memory_text(found: Memory) -> str:
    """A sentence on memory."""
    return _MEMORY.format(
        warm=found.warm,
        few=memory.WARM,
        many=found.after_many,
        more=memory.MANY,
        exporting=found.while_exporting,
        exported=memory.EXPORTED,
        file=found.file,
    )


def document(measured: Measured, *, rounds: int, seconds: float) -> str:
    """The text of docs/benchmarks.md."""
    groups = dict.fromkeys(row.group for row in measured.rows)
    parts = [f"## {_TITLES[group]}\n\n{table(measured.rows, group)}" for group in groups]
    if measured.growths:
        parts.append(_GROWTH.format(most=scales.MOST_TIMES, table=growth_table(measured.growths)))
    if measured.memory:
        parts.append(memory_text(measured.memory))
    if measured.seen:
        parts.append(browser.text(measured.seen))
    short = short_of(measured)
    verdict = "Short of that:\n\n- " + "\n- ".join(short) if short else "All of it is met."
    told = {"rounds": rounds, "seconds": seconds, "run": _run()}
    tables = "\n\n".join(part.strip() for part in parts)
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
