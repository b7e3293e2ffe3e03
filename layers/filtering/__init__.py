"""Filters in CQL2 (OGC 21-065r2): read as text or JSON, checked, and said to the database."""

from layers.filtering.conditions import Question, condition
from layers.filtering.functions import functions_document
from layers.filtering.languages import LANGUAGES

__all__ = ["LANGUAGES", "Question", "condition", "functions_document"]
