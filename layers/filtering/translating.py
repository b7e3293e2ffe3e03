"""A filter said to the database: names looked up, types checked, every value bound."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from layers.filtering import building as build
from layers.filtering import nodes
from layers.filtering.errors import BadFilter
from layers.filtering.functions import FUNCTIONS
from layers.filtering.shapes import shape_of
from layers.filtering.times import ends_of, spans_of
from layers.filtering.values import Kind, Value, value_of
from layers.postgis import conditions as sql
from layers.postgis import relations
from layers.postgis.systems import System
from layers.registry import Field

_SCALAR = (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.DATE, Kind.TIMESTAMP)
#: A backslash takes their meaning from the signs of a pattern, and does nothing else there.
_PATTERN = re.compile(r"(?:[^\\]|\\[%_\\])*", re.DOTALL)
_SHOWN = 60


class Translator:
    """Says a filter over the fields of a layer, in which `geometry` names the geometry.

    The geometries of the filter are in `system`. Raises BadFilter.
    """

    def __init__(self, fields: Mapping[str, Field], geometry: str, system: System):
        self._fields = fields
        self._geometry = geometry
        self._system = system

    def condition(self, node: nodes.Node):
        """The whole filter as one boolean expression."""
        return self._of(Kind.BOOLEAN, node)

    def value(self, node: nodes.Node) -> Value:
        """A piece of the filter with its type."""
        return _READERS[type(node)](self, node)

    def _of(self, kind: Kind, node: nodes.Node):
        """The expression of a piece that must be of one type."""
        found = self.value(node)
        if found.kind is not kind:
            message = _("A value of the type “%(wanted)s” is needed here, not “%(given)s”.")
            raise BadFilter(message % {"wanted": kind.value, "given": found.kind.value}, node.at)
        return found.expression

    # --- names and literals ---

    def _property(self, node: nodes.Property) -> Value:
        if node.name == self._geometry:
            return Value(Kind.GEOMETRY, F("geom"))
        if node.name not in self._fields:
            message = _("This layer has no property “%(name)s” to filter by.")
            raise BadFilter(message % {"name": node.name[:_SHOWN]}, node.at)
        return value_of(self._fields[node.name])

    def _text(self, node: nodes.Text) -> Value:
        return Value(Kind.TEXT, sql.given_text(node.value))

    def _number(self, node: nodes.Number) -> Value:
        return Value(Kind.NUMBER, sql.given_number(str(node.value)))

    def _truth(self, node: nodes.Truth) -> Value:
        return Value(Kind.BOOLEAN, sql.given_truth(node.value))

    def _day(self, node: nodes.Day) -> Value:
        return Value(Kind.DATE, sql.given_date(node.value.isoformat()))

    def _moment(self, node: nodes.Moment) -> Value:
        return Value(Kind.TIMESTAMP, sql.given_moment(node.value.isoformat()))

    def _shape(self, node: nodes.Shape | nodes.Box) -> Value:
        return Value(Kind.GEOMETRY, relations.given_shape(shape_of(node, self._system)))

    def _interval(self, node: nodes.Interval) -> Value:
        return Value(Kind.INTERVAL, tuple(self._end(each) for each in (node.start, node.end)))

    def _end(self, node: nodes.Node) -> Value | None:
        if isinstance(node, nodes.Open):
            return None
        found = self.value(node)
        if found.kind not in (Kind.DATE, Kind.TIMESTAMP):
            raise BadFilter(_("A date or a time is needed here."), node.at)
        return found

    def _array(self, node: nodes.Array) -> Value:
        if all(isinstance(each, _LITERALS) for each in node.items):
            listed = ", ".join(_as_json(each.value) for each in node.items)
            return Value(Kind.ARRAY, sql.given_array(f"[{listed}]"))
        return Value(Kind.ARRAY, sql.array_of([self._scalar(each) for each in node.items]))

    def _scalar(self, node: nodes.Node):
        found = self.value(node)
        if found.kind not in _SCALAR:
            message = _("No value of the type “%(given)s” can stand here.")
            raise BadFilter(message % {"given": found.kind.value}, node.at)
        return found.expression

    # --- operations ---

    def _operation(self, node: nodes.Operation) -> Value:
        return _OPERATIONS[node.op](self, node)

    def _call(self, node: nodes.Call) -> Value:
        function = FUNCTIONS.get(node.name.casefold())
        if function is None:
            message = _("There is no function “%(name)s”. Functions here: %(known)s.")
            known = {"name": node.name[:_SHOWN], "known": ", ".join(FUNCTIONS)}
            raise BadFilter(message % known, node.at)
        if len(node.args) != len(function.args):
            raise build.wrong_number(len(function.args), node.at)
        args = map(self._of, function.args, node.args)
        return Value(function.returns, function.compute(*args))

    def _logical(self, node: nodes.Operation) -> Value:
        joined = sql.all_of if node.op == "and" else sql.any_of
        return _truth_of(joined([self._of(Kind.BOOLEAN, each) for each in node.args]))

    def _negation(self, node: nodes.Operation) -> Value:
        return _truth_of(sql.negated(self._of(Kind.BOOLEAN, node.args[0])))

    def _comparison(self, node: nodes.Operation) -> Value:
        kind, (left, right) = self._alike(node, node.args)
        return _truth_of(sql.compared(left, node.op, right, texts=kind is Kind.TEXT))

    def _alike(self, node: nodes.Operation, compared) -> tuple[Kind, list]:
        """Values that compare: all of one type, and of one that has an order."""
        values = [self.value(each) for each in compared]
        kind = values[0].kind
        for value, where in zip(values, compared, strict=True):
            if value.kind not in _SCALAR or value.kind is not kind:
                message = _("“%(left)s” and “%(right)s” do not compare by “%(sign)s”.")
                named = {"left": kind.value, "right": value.kind.value, "sign": node.op}
                raise BadFilter(message % named, node.at if where is node.args[0] else where.at)
        return kind, [each.expression for each in values]

    def _between(self, node: nodes.Operation) -> Value:
        kind, values = self._alike(node, node.args)
        return _truth_of(sql.between(*values, texts=kind is Kind.TEXT))

    def _among(self, node: nodes.Operation) -> Value:
        value, listed = node.args
        if not isinstance(listed, nodes.Array):
            raise BadFilter(_("A list is needed here."), listed.at)
        _kind, (first, *items) = self._alike(node, (value, *listed.items))
        return _truth_of(sql.among(first, items))

    def _like(self, node: nodes.Operation) -> Value:
        text, pattern = node.args
        literal = pattern
        while isinstance(literal, nodes.Operation) and literal.op in build.FOLDING:
            literal = literal.args[0]
        if not isinstance(literal, nodes.Text):
            raise BadFilter(_("A pattern is a text in quotation marks."), pattern.at)
        if not _PATTERN.fullmatch(literal.value):
            message = _("In a pattern a backslash stands before “%”, “_” or a backslash.")
            raise BadFilter(message, literal.at)
        found = sql.alike(self._of(Kind.TEXT, text), self._of(Kind.TEXT, pattern))
        return _truth_of(found)

    def _is_null(self, node: nodes.Operation) -> Value:
        found = self.value(node.args[0])
        if found.kind is not Kind.INTERVAL:
            return _truth_of(sql.is_null(found.expression))
        ends = [sql.is_null(end.expression) for end in found.expression if end]
        return _truth_of(sql.any_of(ends) if ends else sql.given_truth(False))

    def _folding(self, node: nodes.Operation) -> Value:
        folded = sql.folded if node.op == "casei" else sql.stripped
        return Value(Kind.TEXT, folded(self._of(Kind.TEXT, node.args[0])))

    def _arithmetic(self, node: nodes.Operation) -> Value:
        left, right = (self._of(Kind.NUMBER, each) for each in node.args)
        return Value(Kind.NUMBER, sql.reckoned(left, node.op, right))

    def _spatial(self, node: nodes.Operation) -> Value:
        left, right = (self._of(Kind.GEOMETRY, each) for each in node.args)
        return _truth_of(relations.related(node.op, left, right))

    def _temporal(self, node: nodes.Operation) -> Value:
        left, right = (ends_of(self.value(each), each.at) for each in node.args)
        return _truth_of(sql.over_spans(node.op, *spans_of(left, right)))

    def _over_arrays(self, node: nodes.Operation) -> Value:
        left, right = (self._of(Kind.ARRAY, each) for each in node.args)
        return _truth_of(sql.over_arrays(node.op, left, right))


def _truth_of(expression) -> Value:
    return Value(Kind.BOOLEAN, expression)


def _as_json(value) -> str:
    if isinstance(value, str | bool):
        return json.dumps(value)
    if isinstance(value, datetime):
        return f'"{value.isoformat().replace("+00:00", "Z")}"'
    return f'"{value.isoformat()}"' if isinstance(value, date) else str(value)


_LITERALS = (nodes.Text, nodes.Number, nodes.Truth, nodes.Day, nodes.Moment)
_READERS = {
    nodes.Property: Translator._property,
    nodes.Text: Translator._text,
    nodes.Number: Translator._number,
    nodes.Truth: Translator._truth,
    nodes.Day: Translator._day,
    nodes.Moment: Translator._moment,
    nodes.Shape: Translator._shape,
    nodes.Box: Translator._shape,
    nodes.Interval: Translator._interval,
    nodes.Array: Translator._array,
    nodes.Operation: Translator._operation,
    nodes.Call: Translator._call,
}
_OPERATIONS = {
    **dict.fromkeys(("and", "or"), Translator._logical),
    "not": Translator._negation,
    **dict.fromkeys(build.COMPARISONS, Translator._comparison),
    "between": Translator._between,
    "in": Translator._among,
    "like": Translator._like,
    "isNull": Translator._is_null,
    **dict.fromkeys(build.FOLDING, Translator._folding),
    **dict.fromkeys(build.ARITHMETIC, Translator._arithmetic),
    **dict.fromkeys(build.SPATIAL, Translator._spatial),
    **dict.fromkeys(build.TEMPORAL, Translator._temporal),
    **dict.fromkeys(build.ARRAYS, Translator._over_arrays),
}
