"""The text a record is found by: its names and codes, and their pinyin (拼音) whole and initial."""

import re

from pypinyin import Style, lazy_pinyin

_PARTING = re.compile(r"[\s,，、;；。]+")
#: What people leave out of Qing'an and Ha'erbin, or type in one of three ways.
_APOSTROPHES = str.maketrans("", "", "'’ʼ")
#: Each pair is looked for in every record; a longer phrase is told by its beginning.
MAX_PAIRS = 8
_CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")


def plain(text: str) -> str:
    """A text as it is compared: in lower case, without apostrophes."""
    return text.lower().translate(_APOSTROPHES)


def words_of(question: str) -> tuple[str, ...]:
    """The words to look for, made plain; marks that stand alone are none."""
    return tuple(word for word in _PARTING.split(plain(question)) if any(map(str.isalnum, word)))


def pairs_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """The first pairs of neighbouring Chinese characters, by which a phrase is nearly found."""
    runs = [run for word in words for run in _CHINESE.findall(word)]
    pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
    return tuple(dict.fromkeys(pairs))[:MAX_PAIRS]


def search_text(texts: list[str]) -> str:
    """Lower-case search text: each text, its pinyin ("beilinqu") and its initials ("blq")."""
    parts: dict[str, None] = {}
    for text in filter(None, texts):
        parts[plain(text)] = None
        if not text.isascii():
            parts[plain("".join(lazy_pinyin(text)))] = None
            parts[plain("".join(lazy_pinyin(text, style=Style.FIRST_LETTER)))] = None
    return " ".join(parts)
