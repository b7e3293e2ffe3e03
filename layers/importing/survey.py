"""The first reading of a file: what fields, types and shapes it has and where it lies."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import shapely

from layers.importing.intake.workspace import Format
from layers.importing.problems import Problems
from layers.importing.readers.base import Batch, Source
from layers.registry import FieldType, Geometry
from layers.registry.values import parse_date, parse_datetime

SAMPLES = 20
#: Positions kept to see where the bulk of the data lies; a few stray rows must not decide.
POSITIONS = 50_000
FAMILIES = {
    0: Geometry.POINT, 4: Geometry.POINT,
    1: Geometry.LINE, 2: Geometry.LINE, 5: Geometry.LINE,
    3: Geometry.POLYGON, 6: Geometry.POLYGON,
}  # fmt: skip
_INTEGER = re.compile(r"[+-]?(0|[1-9]\d{0,14})")
_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)?(\.\d+)?([eE][+-]?\d+)?")


@dataclass
class FieldSurvey:
    """What the values of one field of the file look like."""

    name: str
    filled: int = 0
    longest: int = 0
    types: set[FieldType] = field(default_factory=set)
    samples: list[str] = field(default_factory=list)

    def see(self, value, *, text_only: bool) -> None:
        """Take one value that is there into account."""
        self.filled += 1
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        self.longest = max(self.longest, len(shown))
        self.types.add(type_of(value, text_only=text_only))
        if len(self.samples) < SAMPLES and shown not in self.samples:
            self.samples.append(shown[:80])

    @property
    def type(self) -> FieldType:
        """The narrowest type that all values have."""
        if len(self.types) == 1:
            return next(iter(self.types))
        for wider in (FieldType.NUMBER, FieldType.DATETIME):
            narrower = FieldType.INTEGER if wider is FieldType.NUMBER else FieldType.DATE
            if self.types == {wider, narrower}:
                return wider
        return FieldType.TEXT


@dataclass
class Survey:
    """The outcome of the first reading."""

    rows: int = 0
    identified: int = 0
    has_z: bool = False
    families: Counter = field(default_factory=Counter)
    fields: dict[str, FieldSurvey] = field(default_factory=dict)
    positions: list[np.ndarray] = field(default_factory=list)

    @property
    def geometry(self) -> Geometry:
        """The family of the shapes; ANY where there are several."""
        return next(iter(self.families)) if len(self.families) == 1 else Geometry.ANY

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """The box of the middle half of the positions; None where there are none."""
        if not self.positions:
            return None
        low, high = np.quantile(
            np.concatenate(self.positions), [0.25, 0.75], axis=0, method="closest_observation"
        )
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def survey(source: Source, problems: Problems) -> Survey:
    """Read a source from end to end. Faults of rows are noted on the second reading, not here."""
    seen = Survey()
    text_only = source.format in (Format.CSV, Format.KML)
    for batch in source.batches(problems):
        _see_shapes(seen, batch)
        seen.rows += len(batch)
        seen.identified += sum(identity is not None for identity in batch.ids)
        for properties in batch.properties:
            for name, value in properties.items():
                known = seen.fields.setdefault(name, FieldSurvey(name))
                if value is not None and value != "":
                    known.see(value, text_only=text_only)
    return seen


def _see_shapes(seen: Survey, batch: Batch) -> None:
    shapes = batch.geometries[~shapely.is_missing(batch.geometries)]
    shapes = shapes[~shapely.is_empty(shapes)]
    if not len(shapes):
        return
    seen.has_z |= bool(shapely.has_z(shapes).any())
    for kind, count in Counter(shapely.get_type_id(shapes).tolist()).items():
        seen.families[FAMILIES.get(kind, Geometry.ANY)] += count
    boxes = shapely.bounds(shapes)
    middles = boxes[:, :2] / 2 + boxes[:, 2:] / 2
    middles = middles[np.isfinite(middles).all(axis=1)]
    if len(middles) and len(seen.positions) * len(middles) < POSITIONS:
        seen.positions.append(middles)


def type_of(value, *, text_only: bool) -> FieldType:
    """The type of one value; in tables of text, numbers are known by how they are written.

    A leading zero is no number: 0455 is an area code.
    """
    if not isinstance(value, str):
        kinds = {bool: FieldType.BOOLEAN, int: FieldType.INTEGER, float: FieldType.NUMBER}
        return kinds.get(type(value), FieldType.TEXT)
    text = value.strip()
    if text_only and _INTEGER.fullmatch(text):
        return FieldType.INTEGER
    if text_only and _NUMBER.fullmatch(text) and any(c.isdigit() for c in text):
        return FieldType.NUMBER
    if re.fullmatch(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}", text) and parse_date(text):
        return FieldType.DATE
    if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text) and parse_datetime(text):
        return FieldType.DATETIME
    return FieldType.TEXT
