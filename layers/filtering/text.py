"""CQL2 text read by its grammar (`cql2.lark`); positions are those of characters."""

import re
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from layers.filtering import building as build
from layers.filtering.errors import BadFilter
from layers.filtering.nodes import Node, Number, Place, Property, Shape, Text, Truth

_GRAMMAR = Path(__file__).with_name("cql2.lark")
_BY_NAME = {
    op.lower(): op for op in (*build.SPATIAL, *build.TEMPORAL, *build.ARRAYS, *build.FOLDING)
}
_ESCAPE = re.compile(r"''|\\(.)", re.DOTALL)
_ESCAPED = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_TYPES = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
    "GEOMETRYCOLLECTION": "GeometryCollection",
}


def parse_text(source: str) -> Node:
    """The filter written in CQL2 text; raises BadFilter."""
    build.check_length(source)
    if not source.strip():
        raise BadFilter(_("The filter is empty."), Place(0, 0))
    try:
        root = _parser().parse(source)
    except UnexpectedInput as error:
        raise _unexpected(error, source) from error
    build.check_size(root)
    return root


def _unexpected(error: UnexpectedInput, source: str) -> BadFilter:
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        return BadFilter(
            _("The filter ends before it is complete."), Place(len(source), len(source))
        )
    start = error.pos_in_stream
    if isinstance(error, UnexpectedCharacters) and source[start] in "'\"":
        return BadFilter(_("This quotation mark is not closed."), Place(start, len(source)))
    end = start + len(token) if token is not None else start + 1
    return BadFilter(_("This is not expected here."), Place(start, end))


@cache
def _parser() -> Lark:
    # Nodes are made while the text is read: nothing recurses, however deep the text goes.
    return Lark(
        _GRAMMAR.read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        transformer=_Builder(),
    )


def _place(token: Token) -> Place:
    return Place(token.start_pos, token.end_pos)


class _Parenthesised:
    """A node in parentheses, which among arrays is a list of one."""

    def __init__(self, node: Node, at: Place):
        self.node = node
        self.at = at

    def as_array(self) -> Node:
        """The list of one that was meant."""
        return build.array((self.node,), self.at)


def _bare(found) -> Node:
    return found.node if isinstance(found, _Parenthesised) else found


def _all_bare(found) -> list[Node]:
    return [_bare(each) for each in found]


@v_args(inline=True)
class _Literals(Transformer):
    """Names, numbers, texts and geometries."""

    def number(self, token: Token) -> Node:
        return build.number(str(token), _place(token))

    def text(self, token: Token) -> Node:
        unescaped = _ESCAPE.sub(_unescaped, token[1:-1])
        return build.text(unescaped, _place(token))

    def truth(self, token: Token) -> Node:
        return Truth(_place(token), token.upper() == "TRUE")

    def property(self, token: Token) -> Node:
        return Property(_place(token), token.strip('"'))

    def signed(self, sign: Token, operand) -> Node:
        node, at = _bare(operand), _place(sign).to(operand.at)
        if isinstance(node, Number) and not isinstance(operand, _Parenthesised):
            return Number(at, -node.value if sign == "-" else node.value)
        if sign == "+":
            raise BadFilter(_("This is not expected here."), _place(sign))
        return build.operation("*", (build.number("-1", _place(sign)), node), at)

    def coordinate(self, sign: Token | None, token: Token) -> float:
        value = float(build.number(str(token), _place(token)).value)
        return -value if sign == "-" else value

    def position(self, *coordinates: float | None) -> tuple[float, ...]:
        return tuple(each for each in coordinates if each is not None)

    def point(self, _opened: Token, position: tuple, closed: Token) -> tuple:
        return (position, closed)

    def line(self, _opened: Token, *positions) -> tuple:
        return (positions[:-1], positions[-1])

    def lines(self, _opened: Token, *lines) -> tuple:
        return (tuple(line for line, _closed in lines[:-1]), lines[-1])

    polygons = lines

    def points(self, _opened: Token, *points) -> tuple:
        found = (p[0] if isinstance(p[0], tuple) else p for p in points[:-1])
        return (tuple(found), points[-1])

    def geometry(self, kind: Token, *rest) -> Shape:
        name = kind.upper().split()[0].removesuffix("Z")
        if isinstance(rest[0], Token):
            parts, closed = rest[1:-1], rest[-1]
        else:
            parts, closed = rest[0]
        return Shape(_place(kind).to(_place(closed)), _TYPES[name], parts)


def _unescaped(match: re.Match) -> str:
    letter = match[1]
    if letter is None:
        return "'"
    if letter in "'\\":
        return letter
    # What the standard does not name stays as it is: `\%` is a sign of patterns.
    return _ESCAPED.get(letter, match[0])


@v_args(inline=True)
class _Builder(_Literals):
    """Operators and calls."""

    def start(self, root) -> Node:
        return _bare(root)

    def disjunction(self, *terms) -> Node:
        return self._joined("or", terms)

    def conjunction(self, *terms) -> Node:
        return self._joined("and", terms)

    def _joined(self, op: str, terms) -> Node:
        return build.operation(op, _all_bare(terms), terms[0].at.to(terms[-1].at))

    def negation(self, sign: Token, term) -> Node:
        return build.operation("not", (_bare(term),), _place(sign).to(term.at))

    def comparison(self, left, sign: Token, right) -> Node:
        return self._binary(left, sign, right)

    def _binary(self, left, sign: Token, right) -> Node:
        at = left.at.to(right.at)
        return build.operation(str(sign).lower(), (_bare(left), _bare(right)), at)

    addition = multiplication = comparison

    def power(self, left, right) -> Node:
        return build.operation("^", (_bare(left), _bare(right)), left.at.to(right.at))

    def like(self, left, negated: Token | None, pattern) -> Node:
        return self._perhaps_negated(negated, "like", (left, pattern), left.at.to(pattern.at))

    def between(self, left, negated: Token | None, low, high) -> Node:
        return self._perhaps_negated(negated, "between", (left, low, high), left.at.to(high.at))

    def within_list(self, left, negated: Token | None, opened: Token, *rest) -> Node:
        *items, closed = rest
        listed = build.array(_all_bare(items), _place(opened).to(_place(closed)))
        return self._perhaps_negated(negated, "in", (left, listed), left.at.to(listed.at))

    def is_null(self, operand, negated: Token | None, end: Token) -> Node:
        return self._perhaps_negated(negated, "isNull", (operand,), operand.at.to(_place(end)))

    def _perhaps_negated(self, negated: Token | None, op: str, args, at: Place) -> Node:
        found = build.operation(op, _all_bare(args), at)
        return found if negated is None else build.operation("not", (found,), at)

    def parenthesised(self, opened: Token, found, closed: Token) -> _Parenthesised:
        return _Parenthesised(_bare(found), _place(opened).to(_place(closed)))

    def array(self, opened: Token, *rest) -> Node:
        *items, closed = rest
        return build.array(_all_bare(items), _place(opened).to(_place(closed)))

    def call(self, name: Token, _opened: Token, *rest) -> Node:
        *args, closed = rest
        at = _place(name).to(_place(closed))
        lower = name.lower()
        if lower in _INSTANCES:
            return _INSTANCES[lower](_all_bare(args), at)
        op = _BY_NAME.get(lower)
        if op in build.ARRAYS:
            args = [a.as_array() if isinstance(a, _Parenthesised) else a for a in args]
        args = _all_bare(args)
        return build.operation(op, args, at) if op else build.call(str(name), args, at)


def _date(args: list[Node], at: Place) -> Node:
    return build.day(_only_text(args, at), at)


def _timestamp(args: list[Node], at: Place) -> Node:
    return build.moment(_only_text(args, at), at)


def _only_text(args: list[Node], at: Place) -> str:
    if len(args) != 1:
        raise build.wrong_number(1, at)
    return args[0].value if isinstance(args[0], Text) else ""


def _interval(args: list[Node], at: Place) -> Node:
    if len(args) != 2:
        raise build.wrong_number(2, at)
    ends = [
        build.end_of_interval(each.value, each.at) if isinstance(each, Text) else each
        for each in args
    ]
    return build.interval(*ends, at)


_INSTANCES = {"date": _date, "timestamp": _timestamp, "interval": _interval, "bbox": build.box}
