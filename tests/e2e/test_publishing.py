"""While a layer is published again and again, fifty readers see one version at a time.

Every record of the layer carries the number of its generation, which each publication raises for
all of them at once.
"""

import json
import threading
from collections import defaultdict
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.layers.serving.tiles.conftest import decoded

LAYER = "generations"
READERS, GENERATIONS, RECORDS = 50, 4, 300
#: The tile of level 9 around the records.
TILE = "tiles/WebMercatorQuad/9/180/436?properties=generation"
PAGE = f"items?limit={RECORDS}"


class Answer(NamedTuple):
    """What a reader got, in the order it came."""

    kind: str
    version: str
    tag: str
    body: bytes


def record(number: int, generation: int) -> dict:
    place = [126.9 + number / 3000, 46.6 + number % 7 / 100]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {"code": f"g-{number}", "generation": generation},
    }


@pytest.fixture
def publish(served, tmp_path):
    """Publishes a generation; the layer is gone afterwards."""

    def publish(generation: int) -> None:
        features = [record(number, generation) for number in range(RECORDS)]
        path = tmp_path / "generations.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        served.manage("import_layer", str(path), "--layer", LAYER, "--key", "code",
                      *(["--create"] if generation == 0 else []), "--commit")  # fmt: skip

    yield publish
    gone = f"from layers.models import Layer; Layer.objects.filter(slug='{LAYER}').delete()"
    served.manage("shell", "-c", gone)


class Reader(threading.Thread):
    """Asks for the layer's tile and page, below its version and without, as fast as it can."""

    def __init__(self, url: str, done: threading.Event):
        super().__init__(daemon=True)
        self._address, self._done = urlsplit(url), done
        self.answers: list[Answer] = []
        self.faults: list[str] = []

    def run(self):
        self._connection = HTTPConnection(self._address.hostname, self._address.port, timeout=60)
        try:
            while not self._done.is_set():
                for rest in (TILE, PAGE):
                    self._read(f"/api/collections/{LAYER}/{rest}", "plain")
                self._read_below_version()
        except OSError as fault:
            self.faults.append(repr(fault))

    def _read_below_version(self):
        told = self._ask(f"/api/collections/{LAYER}")
        if told:
            base = urlsplit(json.loads(told.body)["geoportal"]["versioned"]).path
            for rest in (TILE, PAGE):
                self._read(f"{base}/{rest}", "below")

    def _read(self, path: str, kind: str):
        answer = self._ask(path)
        if answer:
            self.answers.append(
                answer._replace(kind=f"{kind} {'tile' if 'tiles' in path else 'page'}")
            )

    def _ask(self, path: str) -> Answer | None:
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        body = response.read()
        if response.status == 307:
            return self._ask(response.headers["Location"])
        if response.status != 200:
            self.faults.append(f"{path}: {response.status} {body[:200]!r}")
            return None
        version, tag = response.headers.get("Geoportal-Version", ""), response.headers["ETag"]
        return Answer("", version, tag, body)


def generations(answer: Answer, folder) -> set[int]:
    """The generations in one answer."""
    if answer.kind.endswith("page"):
        found = json.loads(answer.body)["features"]
        return {each["properties"]["generation"] for each in found}
    return {each.properties["generation"] for each in decoded(answer.body, folder)[LAYER]}


def test_no_answer_mixes_generations_and_none_goes_back(served, publish, tmp_path):
    publish(0)
    done = threading.Event()
    readers = [Reader(served.url, done) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for generation in range(1, GENERATIONS + 1):
        publish(generation)
    done.set()
    for reader in readers:
        reader.join(60)
    assert [fault for reader in readers for fault in reader.faults] == []
    known, of_version = {}, defaultdict(set)
    for reader in readers:
        last: dict[str, int] = defaultdict(int)
        for answer in reader.answers:
            name = (answer.kind, answer.version, answer.body)
            if name not in known:
                known[name] = generations(answer, tmp_path)
            (generation,) = known[name]
            of_version[answer.version].add(generation)
            assert generation >= last[answer.kind]
            last[answer.kind] = generation
    assert all(len(found) == 1 for found in of_version.values())
    assert set().union(*of_version.values()) >= {0, GENERATIONS}
