"""Codes whose labels people search for: 食品制造业, food manufacturing or C14."""

from functools import lru_cache

from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform

from layers.catalog.models import Code
from layers.records.search import search_text
from layers.registry import Declaration, Field, FieldType


def codes_matching(words: tuple[str, ...]) -> list[dict[str, list[str]]]:
    """For each word by code list the values that it is, or whose label (or pinyin) holds it."""
    found: list[dict[str, list[str]]] = [{} for _word in words]
    rows = Code.objects.values_list("code_list__slug", "value", "label_zh", "label_en")
    for code_list, value, chinese, english in rows:
        text = _text(chinese, english)
        for word, values in zip(words, found, strict=True):
            if word in text or (word == value.lower() and not word.isdigit()):
                values.setdefault(code_list, []).append(value)
    return found


@lru_cache(maxsize=4096)
def _text(chinese: str, english: str) -> str:
    return search_text([chinese, english])


def carrying(declaration: Declaration, labelled: dict[str, list[str]]) -> Q:
    """Records that carry one of the codes in any public field; empty where none can."""
    found = Q()
    for field in declaration.public_fields:
        if values := labelled.get(field.codes):
            found |= _carries(field, values)
    return found


def _carries(field: Field, values: list[str]) -> Q:
    expression = field.expression
    if isinstance(expression, KeyTextTransform):
        path = f"properties__{expression.key_name}"
        if field.type == FieldType.CODE:
            return Q(**{f"{path}__in": values})
        return Q(*(Q(**{f"{path}__contains": value}) for value in values), _connector=Q.OR)
    if not isinstance(expression, F):
        return Q()
    lookup = "in" if field.type == FieldType.CODE else "overlap"
    return Q(**{f"{expression.name}__{lookup}": values})
