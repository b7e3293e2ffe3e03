"""A filter as it was asked, and the condition that it puts on records."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Expression

from layers.filtering.errors import BadFilter, RefusedFilter
from layers.filtering.languages import LANGUAGES
from layers.filtering.translating import Translator
from layers.postgis.systems import CRS84, System
from layers.registry import Field


class Question(NamedTuple):
    """A filter in one of LANGUAGES, its geometries in a coordinate system."""

    source: str
    language: str = next(iter(LANGUAGES))
    system: System = CRS84


def condition(question: Question, fields: Mapping[str, Field], geometry: str) -> Expression:
    """What the filter says of records, for `QuerySet.filter`: true, false or not known.

    `fields` are those it may name, `geometry` what it calls the geometry (`geom` of the records).
    Raises RefusedFilter.
    """
    translator = Translator(fields, geometry, question.system)
    try:
        return translator.condition(LANGUAGES[question.language](question.source))
    except BadFilter as fault:
        raise RefusedFilter(fault, question.source) from fault
