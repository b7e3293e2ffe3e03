"""The text a record is found by: its names and codes, and their pinyin (拼音) whole and initial."""

import re

from pypinyin import Style, lazy_pinyin

_PARTING = re.compile(r"[\s,，、;；。]+")


def words_of(question: str) -> tuple[str, ...]:
    """The words to look for, in lower case; marks that stand alone are none."""
    return tuple(word for word in _PARTING.split(question.lower()) if any(map(str.isalnum, word)))


def search_text(texts: list[str]) -> str:
    """Lower-case search text: each text, its pinyin ("beilinqu") and its initials ("blq")."""
    parts: dict[str, None] = {}
    for text in filter(None, texts):
        parts[text.lower()] = None
        if not text.isascii():
            parts["".join(lazy_pinyin(text)).lower()] = None
            parts["".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()] = None
    return " ".join(parts)
