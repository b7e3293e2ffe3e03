"""Random filters: well formed by the grammar, and spoilt ones that nearly are."""

import random
import re
from collections.abc import Callable

from layers.filtering.building import SPATIAL, TEMPORAL

_NAMES = {
    "text": ["name_zh", "name_en", "note", "material"],
    "number": ["depth", '"year"', "depth"],
    "truth": ["used"],
    "date": ["built"],
    "time": ["checked"],
    "shape": ["geometry"],
    "array": ["materials"],
}
_TEXTS = ["'井'", "'a''b'", r"'a\'b'", "'%'", "''", "'\u0130ıßς'", "'--'", "'$1'", "'%s'", "'{0}'"]
_NUMBERS = ["0", "1", "-1", "2.5", "1e9", ".5", "1e299", "1e-299", "9007199254740993", "-0.0", "10"]
_DATES = ["DATE('2020-02-29')", "DATE('0001-01-01')", "DATE('9999-12-31')"]
_TIMES = ["TIMESTAMP('2020-02-29T16:30:00Z')", "TIMESTAMP('9999-12-31T23:59:59.999999Z')"]
_ENDS = ["'..'", "'2020-01-01'", "'2020-02-29T16:30:00.5Z'", "built", "checked"]
_SHAPES = [
    "POINT(127 46.65)", "POINT Z (127 46 5)", "BBOX(126,46,128,47)", "BBOX(170,-90,-170,90)",
    "LINESTRING(126 46, 128 47)", "POLYGON((126 46, 128 46, 128 48, 126 46))",
    "MULTIPOINT((1 2), (3 4))", "GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 180 0))",
    "MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", "BBOX(-180,-90,180,90)",
    "POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))", "LINESTRING(1 1, 1 1)", "POINT(0 91)",
]  # fmt: skip
_SPATIAL = [name.upper() for name in SPATIAL]
_TEMPORAL = [name.upper() for name in TEMPORAL]
_SPOILERS = [
    "'",
    '"',
    "(",
    ")",
    ",",
    ";",
    "--",
    "/*",
    "\\",
    "%",
    "\u0301",
    "NULL",
    "AND",
    "é",
    "\t",
    "0x",
]
_TOKEN = re.compile(r"'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"|[\w.:]+|\s+|.", re.DOTALL)


class Grammar:
    """Writes filters by chance; the same seed gives the same."""

    def __init__(self, seed: int):
        self.dice = random.Random(seed)

    def filter(self, depth: int = 4) -> str:
        """A filter that is well formed, and mostly of matching types."""
        ways: list[Callable[[int], str]] = [self._comparison, self._predicate]
        if depth > 0:
            ways += [self._logical, self._negation]
        return self.dice.choice(ways)(depth - 1)

    def spoilt(self) -> str:
        """A filter with one to three pieces lost, doubled, exchanged or strange."""
        tokens = _TOKEN.findall(self.filter(2))
        for _time in range(self.dice.randint(1, 3)):
            place = self.dice.randrange(len(tokens))
            other = self.dice.choice([*_SPOILERS, "", self.dice.choice(tokens), self.filter(0)])
            tokens[place] = self.dice.choice([other, tokens[place] + other])
        return "".join(tokens)

    def spoil(self, document):
        """The same in JSON: one value of a document is another."""
        odd = [
            None,
            "",
            1,
            [],
            {},
            "x\x00",
            {"op": "x", "args": []},
            {"property": "'"},
            True,
            "1e999",
        ]
        if not isinstance(document, dict | list) or not document or self.dice.random() < 0.2:
            return self.dice.choice(odd)
        places = list(document) if isinstance(document, dict) else range(len(document))
        place = self.dice.choice(list(places))
        document[place] = self.spoil(document[place])
        return document

    def _one(self, *ways: str) -> str:
        return self.dice.choice(ways)

    def _logical(self, depth: int) -> str:
        joined = f" {self._one('AND', 'or')} ".join(self.filter(depth) for _n in range(2))
        return f"({joined})"

    def _negation(self, depth: int) -> str:
        return f"NOT ({self.filter(depth)})"

    def _comparison(self, depth: int) -> str:
        kind = self._one("text", "number", "number", "truth", "date", "time")
        left, right, third = (self.value(kind, depth) for _n in range(3))
        sign, no = self._one("=", "<>", "<", ">", "<=", ">="), self._one("", "NOT ")
        return self._one(
            f"{left} {sign} {right}",
            f"{left} {sign} {self.value(self._one(*_NAMES), 0)}",
            f"{left} IS {no}NULL",
            f"{left} {no}IN ({right}, {third})",
            f"{left} {no}BETWEEN {right} AND {third}",
        )

    def _predicate(self, depth: int) -> str:
        fold, pattern = self._one("casei", "ACCENTI", ""), self.dice.choice(_TEXTS)
        shapes = [self.value("shape", 0) for _n in range(2)]
        times = [self._time_or_interval() for _n in range(2)]
        arrays = [self.value("array", 0) for _n in range(2)]
        return self._one(
            f"{self.value('text', depth)} LIKE {fold}({pattern})"
            if fold
            else f"note LIKE {pattern}",
            f"{self.dice.choice(_SPATIAL)}({', '.join(shapes)})",
            f"{self.dice.choice(_TEMPORAL)}({', '.join(times)})",
            f"A_{self._one('EQUALS', 'CONTAINS', 'CONTAINEDBY', 'OVERLAPS')}({', '.join(arrays)})",
            f"{self.value('shape', 0)} IS NULL",
        )

    def _time_or_interval(self) -> str:
        ends = f"{self.dice.choice(_ENDS)}, {self.dice.choice(_ENDS)}"
        return self._one(f"INTERVAL({ends})", self.value("date", 0), self.value("time", 0))

    def value(self, kind: str, depth: int) -> str:
        """A value of a type: a property, a literal or what is made of such."""
        literals = {
            "text": _TEXTS, "number": _NUMBERS, "truth": ["TRUE", "false"], "date": _DATES,
            "time": _TIMES, "shape": _SHAPES,
            "array": ["('pe','x')", "()", "(1, TRUE)", "(material)"],
        }  # fmt: skip
        ways = [self.dice.choice(_NAMES[kind]), self.dice.choice(literals[kind])]
        if depth > 0 and kind == "text":
            ways.append(
                f"{self._one('casei', 'accenti', 'lower', 'UPPER')}({self.value(kind, depth - 1)})"
            )
        if depth > 0 and kind == "number":
            ways += [self._arithmetic(depth - 1), self._measure(depth - 1)]
        return self.dice.choice(ways)

    def _arithmetic(self, depth: int) -> str:
        left, right = self.value("number", depth), self.value("number", depth)
        return f"({left} {self._one('+', '-', '*', '/', '%', 'div', '^')} {right})"

    def _measure(self, depth: int) -> str:
        return self._one(
            f"{self._one('abs', 'round', 'floor', 'ceil')}({self.value('number', depth)})",
            f"length({self.value('text', depth)})",
            f"area({self.value('shape', 0)})",
            f"distance({self.value('shape', 0)}, geometry)",
        )
