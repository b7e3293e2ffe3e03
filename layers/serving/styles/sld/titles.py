"""What the rules of a style are called, as the legend of our own map calls them."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from layers.bilingual import Text
from layers.serving.published import Collection
from layers.serving.styles.rules import Neither, Symbol

Books = Mapping[str, Mapping[str, Text]]


def title_of(symbol: Symbol, collection: Collection, books: Books) -> str:
    """The title of a rule in the reader's language."""
    rule = symbol.rule
    if symbol.matches is None:
        return str(collection.layer.title)
    if isinstance(symbol.matches, Neither):
        return _("Others")
    if label := rule.get("label"):
        return str(Text(label.get("zh", ""), label.get("en", "")))
    if "value" in rule:
        return _value_title(symbol, collection, books)
    return _range_title(rule.get("min"), rule.get("max"))


def _value_title(symbol: Symbol, collection: Collection, books: Books) -> str:
    fields = {field.name: field for field in collection.declaration.fields}
    field = fields.get(symbol.matches.field)
    labels = books.get(field.codes, {}) if field else {}
    return str(labels.get(symbol.matches.value, symbol.matches.value))


def _range_title(low: float | None, high: float | None) -> str:
    if low is None:
        return f"< {high:,}"
    return f"≥ {low:,}" if high is None else f"{low:,} – {high:,}"
