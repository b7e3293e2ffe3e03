"""script/bench: our answers beside those of other servers, on the same PostGIS."""

import argparse
import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

import django

django.setup()

from tests.benchmarks import (  # noqa: E402  need the settings
    browser,
    compare,
    data,
    exports,
    limits,
    memory,
    report,
    rounds,
    scales,
)
from tests.benchmarks.addresses import FILTERING, OURS, SERVERS  # noqa: E402
from tests.benchmarks.peers import places, servers  # noqa: E402
from tests.benchmarks.peers.servers import Running  # noqa: E402
from tests.benchmarks.questions import (  # noqa: E402
    SIDES,
    Question,
    deep_question,
    filtered_question,
    item_question,
    page_question,
    tile_question,
    whole_question,
)

LARGE = ("points", "lines", "polygons")
#: At low zooms layers of few records, so that every server shows each of them.
LEVELS = {6: "few_", 10: "", 12: "", 14: ""}
_FILTER = "depth > 60 AND kind = 'water'"


def main() -> int:
    options = _options()
    # An exception runs what ends the servers; dying of the signal would leave them behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    places.check_programs()
    folder = Path(os.environ["GEOPORTAL_VAR"])
    data.prepare(data.KINDS)
    growing = scales.kinds(options.most) if "scales" in options.only else {}
    data.prepare(growing, plain=False)
    questions = [each for group in options.only for each in _OF_GROUPS.get(group, list)()]
    with ExitStack() as stack:
        bench = rounds.Bench(stack, _servers(folder, questions), seconds=options.seconds)
        for kind in LARGE if questions else ():
            compare.compare({name: bench[name].port for name in SERVERS}, kind)
            compare.check_pages({name: bench[name].port for name in SERVERS}, kind)
        rows = bench.measure(questions, options.rounds)
        bench.end_all_but(OURS)
        measured = _of_ours(bench[OURS], growing, options, rows)
    text = report.document(measured, rounds=options.rounds, seconds=options.seconds)
    print(text)
    if options.only == GROUPS:
        report.DOCUMENT.write_text(text, encoding="utf-8")
    return 1 if report.short_of(measured) else 0


def _servers(folder: Path, questions: list[Question]) -> list[servers.Server]:
    if not questions:
        return [servers.ours()]
    python = places.peers_python(folder / "peers")
    best = [each for each in questions if each.best]
    for number, question in enumerate(best):
        questions[questions.index(question)] = question.with_bare(number)
    return [
        servers.ours(),
        servers.tipg(python),
        servers.pygeoapi_server(python, folder),
        servers.drf_gis(),
        servers.mapserver_server(folder),
        servers.qgis_server(folder),
        *([servers.bare(limits.write_bare(folder, [each.best for each in best]))] if best else []),
    ]


def _of_ours(server: Running, growing: dict, options, rows: list[rounds.Row]) -> report.Measured:
    """What needs no other server but nginx, and is asked of ours alone."""
    grown = found = seen = None
    if "hot" in options.only:
        kinds = {level: f"{few}points" for level, few in LEVELS.items()}
        rows = rows + rounds.hot(server.port, kinds, "few_points", options.rounds, options.seconds)
    if growing:
        numbers = [kind.rows for kind in growing.values()]
        grown = scales.measure(server.port, numbers, rounds=options.rounds, seconds=options.seconds)
        if max(numbers) >= memory.EXPORTED:
            kind = scales.name_of(memory.EXPORTED)
            rows = [*rows, exports.measure(server.port, kind, memory.EXPORTED, options.rounds)]
            found = memory.measure(server, max(numbers))
    if "browser" in options.only:
        seen = browser.measure_all(server.port)
    return report.Measured(rows, grown, found, seen)


GROUPS = ["pages", "filtered", "deep", "whole", "tiles", "items", "hot", "scales", "browser"]


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


def _pages() -> list[Question]:
    return [page_question(kind, limit) for kind in LARGE for limit in SIDES]


def _filtered() -> list[Question]:
    by_value = tuple(name for name in SERVERS if name not in (servers.MAPSERVER, servers.QGIS))
    return [
        filtered_question("points", by_value, kind="water"),
        filtered_question("points", FILTERING, filter=_FILTER),
    ]


def _deep() -> list[Question]:
    return [deep_question("points", data.cursors("points", range(90_000, 110_000, 1_000)))]


def _whole() -> list[Question]:
    return [whole_question(f"few_{kind}", data.KINDS[f"few_{kind}"].rows) for kind in LARGE]


def _tiles() -> list[Question]:
    return [tile_question(f"{few}{kind}", level) for kind in LARGE for level, few in LEVELS.items()]


def _items() -> list[Question]:
    return [item_question("points", data.KINDS["points"].rows)]


_OF_GROUPS = {
    "pages": _pages,
    "filtered": _filtered,
    "deep": _deep,
    "whole": _whole,
    "tiles": _tiles,
    "items": _items,
}

if __name__ == "__main__":
    sys.exit(main())
