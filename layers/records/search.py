"""The text a record is found by: its names and codes, and their pinyin (拼音) whole and initial."""

from pypinyin import Style, lazy_pinyin


def search_text(texts: list[str]) -> str:
    """Lower-case search text: each text, its pinyin ("beilinqu") and its initials ("blq")."""
    parts: dict[str, None] = {}
    for text in filter(None, texts):
        parts[text.lower()] = None
        if not text.isascii():
            parts["".join(lazy_pinyin(text)).lower()] = None
            parts["".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()] = None
    return " ".join(parts)
