"""Addresses in a file must work away from the service: they are written whole."""

from dataclasses import replace

from django.db.models import F
from django.urls import reverse
from django.utils.translation import override

from layers.bilingual import Text
from layers.postgis.texts import Replaced
from layers.registry import Declaration, Field, FieldType

#: Stands for the key of a record while the address of its page is asked for.
_KEY = "record-key"


def with_whole_addresses(declaration: Declaration, origin: str, language: str) -> Declaration:
    """The layer with its paths below `origin` (`https://host`), and each record's page."""
    fields = [_whole(field, origin) for field in declaration.fields]
    if declaration.page:
        fields.append(_page(declaration, origin, language))
    if tuple(fields) == declaration.fields:
        return declaration
    # Rows that are kept as they are served have the paths as they stand.
    return replace(declaration, fields=tuple(fields), dictionary=None)


def _whole(field: Field, origin: str) -> Field:
    if field.type is not FieldType.URL:
        return field
    return replace(field, source=Replaced(field.expression, "^/", f"{origin}/"))


def _page(declaration: Declaration, origin: str, language: str) -> Field:
    with override(language):
        before, after = reverse(declaration.page, args=[_KEY]).split(_KEY)
    opened = Replaced(F(declaration.key), "^", f"{origin}{before}")
    return Field(
        name="page",
        label=Text("网页", "Page"),
        type=FieldType.URL,
        source=Replaced(opened, "$", after),
    )
