"""Statements that are run with other values each time, planned once where they can be."""

import pytest
from django.db import connection
from django.db.models import IntegerField
from django.test.utils import CaptureQueriesContext

from layers.models import Layer
from layers.postgis import statements
from layers.postgis.statements import Given, Slot, Statement, written

pytestmark = pytest.mark.django_db


def added(**more) -> Statement:
    return Statement("SELECT %s::int + %s::int, '%%'", (Slot("here"), 40), **more)


def test_values_take_the_places_of_the_slots():
    statement = added()
    assert [statement.first_row({"here": each}) for each in (1, 2)] == [(41, b"%"), (42, b"%")]


def test_one_plan_gives_what_many_give():
    statement = added(has_one_plan=True)
    with CaptureQueriesContext(connection) as asked:
        found = [statement.first_row({"here": each})[0] for each in (1, 2, 3)]
    assert found == [41, 42, 43]
    assert [query["sql"].split()[0] for query in asked] == [
        "SELECT",
        "PREPARE",
        "EXECUTE",
        "EXECUTE",
    ]


def test_nothing_is_prepared_where_connections_are_shared(settings):
    settings.DATABASE_PREPARE = False
    statement = added(has_one_plan=True)
    with CaptureQueriesContext(connection) as asked:
        found = [statement.first_row({"here": each})[0] for each in (1, 2, 3)]
    assert found == [41, 42, 43]
    assert all(query["sql"].startswith("SELECT") for query in asked)


def test_a_connection_keeps_so_many_plans_and_no_more(monkeypatch):
    monkeypatch.setattr(statements, "_MOST_PREPARED", 3)
    for number in range(8):
        statement = Statement(f"SELECT {number} + %s", (Slot("here"),), has_one_plan=True)
        assert [statement.first_row({"here": 1})[0] for _time in range(3)] == [number + 1] * 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] <= 3


def test_a_query_can_leave_a_value_open():
    Layer.objects.all().delete()
    asked = Layer.objects.filter(order__gt=Given("least", IntegerField())).values_list("slug")
    statement = written(asked)
    assert statement.params == (Slot("least"),)
    assert statement.first_row({"least": 3}) is None
