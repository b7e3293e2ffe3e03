"""Two languages side by side: `name_zh` and `name_en` on the record, `name` in the reader's own."""

from typing import NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def is_chinese() -> bool:
    """True unless the active language is English; Chinese is the first language of the service."""
    return not (get_language() or "zh").startswith("en")


def in_chinese(name):
    """The name of the column that holds the Chinese of it."""
    return format_lazy(_("{name} (Chinese)"), name=name)


def in_english(name):
    """The name of the column that holds the English of it."""
    return format_lazy(_("{name} (English)"), name=name)


class Text(NamedTuple):
    """A short text in Chinese and English, as declarations in code carry it."""

    zh: str
    en: str

    def __str__(self) -> str:
        return (self.zh if is_chinese() else self.en) or self.zh or self.en


class Bilingual:
    """Descriptor: `title = Bilingual("title")` reads title_zh or title_en by active language."""

    def __init__(self, stem: str):
        self.stem = stem

    def __get__(self, record, owner=None):
        if record is None:
            return self
        return str(Text(getattr(record, f"{self.stem}_zh"), getattr(record, f"{self.stem}_en")))
