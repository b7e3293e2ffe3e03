"""The encodings a filter may be written in, by the names of `filter-lang`."""

from collections.abc import Callable

from layers.filtering.json import parse_json
from layers.filtering.nodes import Node
from layers.filtering.text import parse_text

#: The first is what is assumed.
LANGUAGES: dict[str, Callable[[str], Node]] = {"cql2-text": parse_text, "cql2-json": parse_json}
