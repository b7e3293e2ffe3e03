"""What was measured, as a table for the terminal and as docs/benchmarks.md."""

import os
import platform
import statistics
from datetime import date
from importlib.metadata import version
from pathlib import Path

from django.db import connection

from tests.benchmarks.data import FIELDS, POINTS
from tests.benchmarks.load import Answers
from tests.benchmarks.pages import LIMIT, Result
from tests.benchmarks.servers import OURS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"

_TEXT = """# Benchmarks

Written by `script/bench`; run it to have the figures of another machine. Figures of one run compare
with each other only: the load generator, the servers and PostGIS share the machine.

## Page of {limit:,} features in a box

Asked: a box of 2 to 8 % of the area that holds {points:,} points in {fields} fields, the first
{limit:,} of what lies in it as GeoJSON. No box is asked twice, no cache of answers can help. Both
servers: granian, 2 workers of 5 threads, the same PostGIS, 4 connections that stay open, no
compression; {rounds} rounds of {seconds:g} s in turn. Before measuring, all that lies in 5
smaller boxes is compared: same features, properties and places; and both must fill the pages of 5
boxes such as are measured, each in its own order.

{table}

The peer is a `ReadOnlyModelViewSet` of djangorestframework-gis with `InBBoxFilter` and
`GeoJsonPagination`, without any middleware, on a table of its own with real columns and a spatial
index (`tests/benchmarks/peer.py`). Ours runs with all its settings on a layer that staff made.

`script/bench` fails when the median ratio is under 8.

## Run

{run}
"""


def table(result: Result) -> str:
    """A row for each server: requests per second, spread, waits, size of a page; and the ratio."""
    lines = [
        "| server | requests/s, median | min–max | wait p50 | wait p95 | page | times |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, rounds in result.rounds.items():
        rates = [answers.per_second for answers in rounds]
        times = _ratio(result) if name == OURS.name else "1"
        lines.append(
            f"| {name} | {statistics.median(rates):.1f} | {min(rates):.1f}–{max(rates):.1f} "
            f"| {_wait(rounds, 50):.0f} ms | {_wait(rounds, 95):.0f} ms "
            f"| {_page_size(rounds):.0f} kB | {times} |"
        )
    return "\n".join(lines)


def _ratio(result: Result) -> str:
    low, high = min(result.ratios), max(result.ratios)
    return f"**{result.ratio:.1f}** ({low:.1f}–{high:.1f})"


def _wait(rounds: list[Answers], percent: int) -> float:
    waits = [wait for answers in rounds for wait in answers.waits]
    return statistics.quantiles(waits, n=100, method="inclusive")[percent - 1] * 1000


def _page_size(rounds: list[Answers]) -> float:
    return sum(a.size for a in rounds) / sum(a.count for a in rounds) / 1000


def write(result: Result, *, rounds: int, seconds: float) -> None:
    """Replace docs/benchmarks.md."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), postgis_lib_version()")
        postgres, postgis = cursor.fetchone()
    run = (
        f"{date.today():%Y-%m-%d}, {len(os.sched_getaffinity(0))} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, Django {version('django')}, "
        f"djangorestframework-gis {version('djangorestframework-gis')}, "
        f"granian {version('granian')}, PostgreSQL {postgres.split()[0]}, PostGIS {postgis}."
    )
    text = _TEXT.format(
        limit=LIMIT,
        points=POINTS,
        fields=len(FIELDS),
        rounds=rounds,
        seconds=seconds,
        table=table(result),
        run=run,
    )
    DOCUMENT.write_text(text, encoding="utf-8")
