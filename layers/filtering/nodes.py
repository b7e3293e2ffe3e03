"""A filter as a tree, the same whether it was written as CQL2 text or as CQL2 JSON.

Names of operations are those of CQL2 JSON (`and`, `<=`, `isNull`, `t_finishedBy`). Nodes are equal
when they say the same, wherever they stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Place:
    """Where a piece of a filter stands: characters `start` to `end`, or a JSON pointer."""

    start: int = 0
    end: int = 0
    pointer: str | None = None

    def to(self, last: Place) -> Place:
        """From the begin of this to the end of a later one."""
        return Place(self.start, max(self.end, last.end), self.pointer)


@dataclass(frozen=True)
class Node:
    """A piece of a filter."""

    at: Place = field(compare=False)

    @property
    def depth(self) -> int:
        """How many pieces lie one in the other, this one counted."""
        return 1


@dataclass(frozen=True)
class Property(Node):
    """A property by its name."""

    name: str


@dataclass(frozen=True)
class Text(Node):
    """Characters."""

    value: str


@dataclass(frozen=True)
class Number(Node):
    """A number, to the last digit as it was written."""

    value: Decimal


@dataclass(frozen=True)
class Truth(Node):
    """True or false."""

    value: bool


@dataclass(frozen=True)
class Day(Node):
    """A date."""

    value: date


@dataclass(frozen=True)
class Moment(Node):
    """A date and time in UTC."""

    value: datetime


@dataclass(frozen=True)
class Open(Node):
    """The end of an interval that has none (`..`)."""


@dataclass(frozen=True)
class Shape(Node):
    """A geometry as GeoJSON has it: a type, and its coordinates or, of a collection, its parts."""

    type: str
    coordinates: tuple


@dataclass(frozen=True)
class Box(Node):
    """Four numbers, or six with heights, the lower corner first."""

    numbers: tuple[float, ...]


@dataclass(frozen=True)
class Nest(Node):
    """A piece that holds others."""

    depth: int = field(init=False, compare=False, repr=False, default=1, kw_only=True)

    def __post_init__(self):
        object.__setattr__(self, "depth", 1 + max((p.depth for p in self.parts), default=0))

    @property
    def parts(self) -> tuple[Node, ...]:
        """The pieces held."""
        raise NotImplementedError


@dataclass(frozen=True)
class Interval(Nest):
    """A time from one instant to another, both included."""

    start: Node
    end: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.start, self.end)


@dataclass(frozen=True)
class Array(Nest):
    """A list of values."""

    items: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True)
class Operation(Nest):
    """An operator or function of the standard with what it is applied to."""

    op: str
    args: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.args


@dataclass(frozen=True)
class Call(Nest):
    """A function of ours by its name, with its arguments."""

    name: str
    args: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.args
