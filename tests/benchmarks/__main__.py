"""script/bench: pages of 1,000 points in a box, beside a plain djangorestframework-gis view."""

import argparse
import signal
import sys

import django

django.setup()

from tests.benchmarks import data, pages, report  # noqa: E402  need the settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    parser.add_argument("--seconds", type=float, default=6, help="seconds per server and round (6)")
    options = parser.parse_args()
    # An exception runs what ends the servers; dying of the signal would leave them behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    data.prepare()
    result = pages.measure(rounds=options.rounds, seconds=options.seconds)
    print(report.table(result))
    report.write(result, rounds=options.rounds, seconds=options.seconds)
    return pages.verdict(result)


if __name__ == "__main__":
    sys.exit(main())
