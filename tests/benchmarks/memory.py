"""What a web process needs of memory: after many requests, and while it writes a large export."""

from dataclasses import dataclass
from http.client import HTTPConnection

from tests.benchmarks.data import slug
from tests.benchmarks.load import drive
from tests.benchmarks.peers.servers import Running
from tests.benchmarks.scales import mixed, name_of

#: Requests before the first look, by which caches are full, and after it.
WARM, MANY = 2_000, 10_000
EXPORTED = 1_000_000
#: What may be needed besides: caches are filled by chance.
MOST_TIMES = 1.1
_CHUNK = 1 << 20
_SECONDS = 5


@dataclass(frozen=True)
class Memory:
    """Megabytes of all processes of the server together, and of the file exported."""

    warm: float
    after_many: float
    while_exporting: float
    file: float

    @property
    def is_flat(self) -> bool:
        """Whether neither many requests nor a large export need more."""
        return max(self.after_many, self.while_exporting) <= self.warm * MOST_TIMES


def measure(server: Running, asked: int) -> Memory:
    """Of a server that is asked for a layer of so many rows."""
    _ask(server.port, asked, WARM)
    warm = server.megabytes()
    _ask(server.port, asked, MANY)
    after_many = server.megabytes()
    exporting, size = _export(server)
    return Memory(warm, after_many, exporting, size / 1e6)


def _ask(port: int, rows: int, number: int) -> None:
    seed = 0
    while number > 0:
        seed += 1
        number -= drive(port, mixed(rows, seed), seconds=_SECONDS).count


def _export(server: Running) -> tuple[float, int]:
    """The most that is needed while an export is read, and the bytes that were read."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.request("GET", f"/api/collections/{slug(name_of(EXPORTED))}/export?f=geojson")
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"The export was answered with {response.status}")
    most, size = 0.0, 0
    while chunk := response.read(_CHUNK):
        size += len(chunk)
        # Reading /proc is not free: a look at every tenth megabyte.
        if size // _CHUNK % 10 == 0:
            most = max(most, server.megabytes())
    connection.close()
    return most, size
