"""script/bench: our answers beside those of other servers, on the same PostGIS."""

import argparse
import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

import django

django.setup()

from tests.benchmarks import compare, data, memory, report, rounds, scales  # noqa: E402  need the settings
from tests.benchmarks.peers import places, servers  # noqa: E402
from tests.benchmarks.peers.servers import Running  # noqa: E402
from tests.benchmarks.questions import (  # noqa: E402
    OURS,
    SIDES,
    item_question,
    page_question,
    tile_question,
)

LARGE = ("points", "lines", "polygons")
LEVELS = (6, 10, 12, 14)


def main() -> int:
    options = _options()
    # An exception runs what ends the servers; dying of the signal would leave them behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    places.check_programs()
    folder = Path(os.environ["GEOPORTAL_VAR"])
    python = places.peers_python(folder / "peers")
    data.prepare(data.KINDS)
    growing = scales.kinds(options.most) if "scales" in options.only else {}
    data.prepare(growing, plain=False)
    with ExitStack() as stack:
        found = [servers.OURS, servers.tipg(python), servers.pygeoapi_server(python, folder)]
        bench = rounds.Bench(stack, [*found, servers.DRF_GIS], seconds=options.seconds)
        for kind in LARGE:
            compare.compare(bench.ports, kind)
            compare.check_pages(bench.ports, kind)
        rows = bench.measure(_questions(options.only), options.rounds)
        if "hot" in options.only:
            rows += rounds.hot(bench.ports[OURS], "few_points", 10, options.rounds, options.seconds)
        grown = _grown(bench[OURS], growing, options) if growing else None
    text = report.document(rows, grown, rounds=options.rounds, seconds=options.seconds)
    print(text)
    if options.only == GROUPS:
        report.DOCUMENT.write_text(text, encoding="utf-8")
    return 1 if report.short_of(rows, grown) else 0


def _grown(server: Running, growing: dict[str, data.Kind], options) -> report.Grown:
    numbers = [kind.rows for kind in growing.values()]
    return report.Grown(
        scales.measure(server.port, numbers, rounds=options.rounds, seconds=options.seconds),
        memory.measure(server, max(numbers)) if max(numbers) >= memory.EXPORTED else None,
    )


GROUPS = ["pages", "tiles", "items", "hot", "scales"]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    parser.add_argument("--seconds", type=float, default=4, help="seconds per server and round (4)")
    parser.add_argument(
        "--most",
        type=int,
        default=scales.LARGEST,
        help=f"points in the largest of the layers that grow ({scales.LARGEST:,})",
    )
    told = f"only these of {', '.join(GROUPS)}; docs/benchmarks.md is left as it is"
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=GROUPS, help=told)
    return parser.parse_args()


def _questions(groups: list[str]) -> list:
    return [each for group in groups for each in _OF_GROUPS.get(group, list)()]


def _pages() -> list:
    asked = []
    for kind in LARGE:
        for limit, sides in SIDES.items():
            question = page_question(kind, limit)
            asked.append(rounds.with_statement(question, kind, limit=limit, sides=sides))
    return [*asked, page_question("points", 1000, "water")]


def _tiles() -> list:
    asked = []
    for kind in LARGE:
        for level in LEVELS:
            shown = f"few_{kind}" if level == LEVELS[0] else kind
            question = tile_question(shown, level)
            asked.append(rounds.with_statement(question, shown, level=level))
    return asked


def _items() -> list:
    return [item_question("points", data.KINDS["points"].rows)]


_OF_GROUPS = {"pages": _pages, "tiles": _tiles, "items": _items}

if __name__ == "__main__":
    sys.exit(main())
