"""What every reader gives: where its coordinates are from, its encoding, and rows in batches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import shapely

from layers.importing.encoding import Encoding
from layers.importing.intake.workspace import Format
from layers.importing.problems import Problems

#: Rows held in Python at once. Large enough to keep GEOS and COPY busy, small enough that polygons
#: of thousands of vertices stay within some tens of megabytes.
BATCH_ROWS = 5000


@dataclass(frozen=True)
class Axes:
    """How the two numbers of a position are to be understood when the file leaves it open.

    `named_degrees`: columns named longitude and latitude. `surveyed`: columns X and Y, which in
    Chinese surveying mean north and east.
    """

    named_degrees: bool = False
    surveyed: bool = False


@dataclass
class Batch:
    """Consecutive rows: their numbers in the file, shapes in file coordinates, values, own ids.

    A geometry is None where the row has none; unreadable ones are already reported and their
    rows left out.
    """

    rows: list[int] = field(default_factory=list)
    geometries: np.ndarray | list = field(default_factory=list)
    properties: list[dict] = field(default_factory=list)
    ids: list[str | None] = field(default_factory=list)

    def add(self, row: int, geometry, properties: dict, identity: str | None = None) -> None:
        """Append one row."""
        self.rows.append(row)
        self.geometries.append(geometry)
        self.properties.append(properties)
        self.ids.append(identity)

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, keep: np.ndarray) -> "Batch":
        """Only the rows a mask keeps."""
        chosen = np.flatnonzero(keep)
        return Batch(
            [self.rows[i] for i in chosen],
            self.geometries[keep],
            [self.properties[i] for i in chosen],
            [self.ids[i] for i in chosen],
        )


class Source(Protocol):
    """One layer of one file, opened.

    `crs` is what the file says of its coordinate system: a WKT, a code or a URN, "" if nothing.
    `batches` may be called again: a survey goes first. Faults of single rows go to `problems`.
    """

    format: Format
    name: str
    encoding: Encoding
    crs: str
    axes: Axes

    def batches(self, problems: Problems) -> Iterator[Batch]:
        """The rows, at most BATCH_ROWS at a time."""
        ...


def in_batches(rows: Iterable[tuple]) -> Iterator[Batch]:
    """Gather single rows, as the text readers find them, into batches."""
    batch = Batch()
    for row in rows:
        batch.add(*row)
        if len(batch) == BATCH_ROWS:
            yield _settled(batch)
            batch = Batch()
    if len(batch):
        yield _settled(batch)


def _settled(batch: Batch) -> Batch:
    shapes = np.empty(len(batch), dtype=object)
    shapes[:] = batch.geometries
    batch.geometries = shapes
    return batch


def from_wkb(encoded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shapes of a WKB array, and a mask of those that are there and cannot be read."""
    try:
        shapes = shapely.from_wkb(encoded, on_invalid="ignore")
    except NotImplementedError:  # a curve or surface among them: one by one, leaving those out
        shapes = np.array([_alone(wkb) for wkb in encoded], dtype=object)
    present = np.fromiter((wkb is not None for wkb in encoded), bool, len(encoded))
    return shapes, present & shapely.is_missing(shapes)


def _alone(wkb: bytes | None):
    try:
        return shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        return None


def distinct(names: list[str]) -> list[str]:
    """Names with a number added where one comes twice, as after a cut to ten bytes."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return result
