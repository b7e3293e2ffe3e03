"""Code lists (代码表) that come with the code, registered by the app whose fields use them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Choices
from django.utils.text import capfirst
from django.utils.translation import override

from layers.bilingual import Text


@dataclass(frozen=True, kw_only=True)
class DeclaredCodeList:
    """A closed list of values with labels in both languages."""

    slug: str
    title: Text
    codes: Mapping[str, Text]
    standard: str = ""


_registered: dict[str, DeclaredCodeList] = {}


def register_code_list(code_list: DeclaredCodeList) -> DeclaredCodeList:
    """Add a code list; a slug may be taken once."""
    if code_list.slug in _registered:
        raise ValueError(f"code list {code_list.slug!r} is registered twice")
    _registered[code_list.slug] = code_list
    return code_list


def registered_code_lists() -> list[DeclaredCodeList]:
    """All code lists declared in code."""
    return list(_registered.values())


def codes_from_choices(choices: type[Choices]) -> dict[str, Text]:
    """The labels of model choices in both languages, from the message catalogue."""
    return {choice.value: _both(choice.label) for choice in choices}


def _both(label) -> Text:
    with override("zh-hans"):
        chinese = str(label)
    with override("en"):
        return Text(chinese, capfirst(str(label)))
