"""A page of 1,000 features in a box: the question a map asks when it moves."""

import json
import random
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection

from tests.benchmarks.data import EXTENT, FIELDS
from tests.benchmarks.load import Answers, body, drive
from tests.benchmarks.servers import DRF_GIS, OURS, Box, Peer, running

LIMIT = 1000
#: Acceptance: at least so many times the peer's requests per second.
WANTED_RATIO = 8.0
#: Sides of the boxes in degrees: from 2 % to 8 % of the area, 2,500 to 16,000 points.
_SIDES = (0.35, 0.85)
#: Of boxes to compare: a few hundred points, all of which fit a page.
_SMALL_SIDES = (0.12, 0.2)
_CHECKED = 5


@dataclass(frozen=True)
class Result:
    """Requests per second of each server and round, in the order they were run."""

    rounds: dict[str, list[Answers]]

    def rates(self, peer: Peer) -> list[float]:
        """Requests per second, one for each round."""
        return [answers.per_second for answers in self.rounds[peer.name]]

    @property
    def ratios(self) -> list[float]:
        """How many times the peer's rate ours is, round by round."""
        return [a / b for a, b in zip(self.rates(OURS), self.rates(DRF_GIS), strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.ratios)


def boxes(seed: int, sides: tuple[float, float] = _SIDES) -> Iterator[Box]:
    """Boxes without end, none asked twice, so that no cache of answers can help."""
    dice = random.Random(seed)
    west, south, east, north = EXTENT
    while True:
        width, height = (dice.uniform(*sides) for _ in range(2))
        left, low = dice.uniform(west, east - width), dice.uniform(south, north - height)
        box = (left, low, left + width, low + height)
        yield tuple(round(side, 4) + 0.00006 for side in box)


def measure(*, rounds: int, seconds: float) -> Result:
    """Both servers side by side, asked in turn; what they answer is compared first."""
    peers = (OURS, DRF_GIS)
    result = Result({peer.name: [] for peer in peers})
    with running(OURS) as ours, running(DRF_GIS) as theirs:
        ports = {OURS: ours, DRF_GIS: theirs}
        compare(ports)
        check_pages(ports)
        for peer in peers:  # to warm up: processes, connections, the database's memory
            drive(ports[peer], _paths(peer, seed=0), seconds=min(3, seconds))
        for number in range(1, rounds + 1):
            # Who goes first changes, so that neither profits from the order.
            for peer in peers if number % 2 else reversed(peers):
                answers = drive(ports[peer], _paths(peer, seed=number), seconds=seconds)
                result.rounds[peer.name].append(answers)
                print(f"round {number}: {peer.name} {answers.per_second:.1f}/s", flush=True)
    return result


def _paths(peer: Peer, *, seed: int) -> Iterator[str]:
    return (peer.page(box, LIMIT) for box in boxes(seed))


def compare(ports: dict[Peer, int]) -> None:
    """Both must give the same features with the same properties and places.

    In boxes whose features fit a page: which of more come first is each server's own order.
    """
    for box, _number in zip(boxes(-1, _SMALL_SIDES), range(_CHECKED), strict=False):
        ours, theirs = (_features(ports[peer], peer.page(box, LIMIT)) for peer in (OURS, DRF_GIS))
        if not 0 < len(ours) < LIMIT or ours != theirs:
            raise SystemExit(f"The servers do not give the same features in {box}.")


def check_pages(ports: dict[Peer, int]) -> None:
    """Both must fill the pages that are measured."""
    for box, _number in zip(boxes(-1), range(_CHECKED), strict=False):
        for peer in (OURS, DRF_GIS):
            if len(_features(ports[peer], peer.page(box, LIMIT))) != LIMIT:
                raise SystemExit(f"{peer.name} does not fill the page of {box}.")


def _features(port: int, path: str) -> dict:
    """Name to properties and place; the last digit of a binary fraction is no difference."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    found = json.loads(body(connection, path))["features"]
    connection.close()
    return {
        feature["properties"]["name_en"]: (
            {name: feature["properties"][name] for name, _type, _expression in FIELDS},
            [round(degrees, 6) for degrees in feature["geometry"]["coordinates"]],
        )
        for feature in found
    }


def verdict(result: Result) -> int:
    """The exit status: 0 where the median ratio is what is wanted, else 1 and a word on it."""
    if result.ratio >= WANTED_RATIO:
        return 0
    print(f"Under {WANTED_RATIO:g} times the peer: {result.ratio:.1f}", file=sys.stderr)
    return 1
