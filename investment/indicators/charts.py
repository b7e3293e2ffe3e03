"""Charts drawn on the server as SVG: geometry here, marks in templates/parts/charts/.

Sizes are pixels of the drawing's own grid; every chart stands beside a table of the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from investment.quantities import number

# As wide as a board on a phone, so that what is written in a chart stays readable there.
_ROW = 22
_BAR_LEFT, _BAR_WIDTH, _BAR_ROOM = 80, 164, 68
_LINE_WIDTH, _LINE_HEIGHT, _LINE_SIDE, _LINE_TOP, _LINE_FOOT = 312, 116, 30, 26, 24


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: where it stands, how long it is, what it says."""

    label: str
    text: str
    y: float
    width: float
    here: bool


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Bars under one another from a common zero."""

    bars: list[Bar]
    left: int = _BAR_LEFT
    width: int = _BAR_LEFT + _BAR_WIDTH + _BAR_ROOM

    @property
    def height(self) -> int:
        """Room for all the bars."""
        return _ROW * len(self.bars)


def bars(values: Sequence[tuple[str, Decimal, bool]], decimals: int) -> Bars:
    """Bars for (label, value, whether it is the one looked at), in the order given."""
    longest = max((value for _label, value, _here in values), default=0) or 1
    return Bars(
        bars=[
            Bar(
                label=label,
                text=number(value, decimals),
                y=_ROW * row,
                width=round(float(max(value, 0) / longest) * _BAR_WIDTH, 1),
                here=here,
            )
            for row, (label, value, here) in enumerate(values)
        ]
    )


@dataclass(frozen=True, kw_only=True)
class Point:
    """One year on a line."""

    x: float
    y: float
    year: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A figure over the years. The scale need not begin at zero, so first and last are written."""

    points: list[Point]
    width: int = _LINE_WIDTH
    height: int = _LINE_HEIGHT

    @property
    def path(self) -> str:
        """SVG path data of the line."""
        return "M" + "L".join(f"{p.x} {p.y}" for p in self.points)


def line(values: Sequence[tuple[int, Decimal]], decimals: int) -> Line | None:
    """A line through (year, value) by year; none from fewer than two years."""
    if len(values) < 2:
        return None
    low, high = min(v for _y, v in values), max(v for _y, v in values)
    first, last = values[0][0], values[-1][0]
    tall = _LINE_HEIGHT - _LINE_TOP - _LINE_FOOT - 8
    points = []
    for year, value in values:
        share = float((value - low) / (high - low)) if high > low else 0.5
        points.append(
            Point(
                x=round(
                    _LINE_SIDE + (year - first) / (last - first) * (_LINE_WIDTH - 2 * _LINE_SIDE), 1
                ),
                y=round(_LINE_TOP + (1 - share) * tall, 1),
                year=year,
                text=number(value, decimals),
            )
        )
    return Line(points=points)
