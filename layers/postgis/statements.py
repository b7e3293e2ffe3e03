"""Statements that are written once and run with other values each time.

Django takes longer to write the SQL of a page than PostGIS takes to read it. What changes from
request to request (the instant, the box, the place of the page) is therefore left open: `Given`
stands for it in a query, and the values are filled in when the statement is run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.db.models import Expression, Field, QuerySet
from psycopg2.extensions import BYTES, AsIs, register_type


class Slot(NamedTuple):
    """Stands in a list of parameters for the value of this name."""

    name: str


class Given(Expression):
    """A value that is known when the statement is run."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", (Slot(self.name),)


@dataclass(eq=False)
class Statement:
    """SQL and its parameters, Slots among them.

    One that `has_one_plan`, whatever the values are, is planned once for each connection from its
    second time on: planning takes longer than reading a few records.
    """

    sql: str
    params: tuple
    has_one_plan: bool = False
    _is_new: bool = field(default=True, init=False)

    def bound(self, values: Mapping[str, Any]) -> list:
        """The parameters with the values of the slots."""
        return [values[each.name] if type(each) is Slot else each for each in self.params]

    def first_row(self, values: Mapping[str, Any]) -> tuple:
        """The first row; texts are bytes, which go out as they are."""
        with connection.cursor() as cursor:
            register_type(BYTES, cursor.cursor)
            if self._is_new or not (self.has_one_plan and settings.DATABASE_PREPARE):
                self._is_new = False
                cursor.execute(self.sql, self.bound(values))
            else:
                prepared = _prepared(cursor, self)
                cursor.execute(prepared.sql, [values[name] for name in prepared.names])
            return cursor.fetchone()


class _Prepared(NamedTuple):
    """How a prepared statement is run: with the values of these names."""

    sql: str
    names: tuple[str, ...]


#: What each connection has prepared.
_of_connections: WeakKeyDictionary = WeakKeyDictionary()
#: No name is taken twice, also where the first was prepared and the answer never came.
_numbers = count()
_MOST_PREPARED = 100


def _prepared(cursor, statement: Statement) -> _Prepared:
    known = _of_connections.setdefault(cursor.connection, {})
    found = known.get(statement)
    if found is None:
        if len(known) >= _MOST_PREPARED:
            cursor.execute("DEALLOCATE ALL")
            known.clear()
        found = known[statement] = _prepare(cursor, f"kept_{next(_numbers)}", statement)
    return found


def _prepare(cursor, name: str, statement: Statement) -> _Prepared:
    """Every slot becomes a parameter of its own number, all else is written out."""
    slots = [each.name for each in statement.params if type(each) is Slot]
    names = tuple(dict.fromkeys(slots))
    numbers = {name: AsIs(f"${number}") for number, name in enumerate(names, 1)}
    cursor.execute(f"PREPARE {name} AS {statement.sql}", statement.bound(numbers))
    places = ", ".join(["%s"] * len(names))
    return _Prepared(f"EXECUTE {name} ({places})" if names else f"EXECUTE {name}", names)


def written(records: QuerySet) -> Statement:
    """The statement of a query; raises EmptyResultSet where Django sees that nothing can match."""
    return Statement(*records.query.sql_with_params())
