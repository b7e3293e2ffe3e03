"""Which field of the file is which field of the data dictionary."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from layers.importing.errors import CallRefused
from layers.importing.problems import Problems
from layers.importing.survey import FieldSurvey
from layers.registry import Field

#: Names that files use for what dictionaries call otherwise; tried after names and labels.
SYNONYMS = {
    "name_zh": ("name", "名称", "名字", "name_cn", "name_chn", "mc"),
    "name_en": ("英文名称", "英文名", "name_eng", "enname"),
    "name": ("名称", "名字", "name_zh", "mc"),
    "code": ("adcode", "代码", "编码", "区划代码", "行政代码", "dm"),
    "key": ("标识", "标识码", "bsm"),
    "slug": ("key", "code", "代码", "编码"),
    "level": ("级别", "等级"),
    "parent": ("上级", "上级代码"),
}
#: DBF cuts field names to ten bytes.
DBF_NAME = 10


@dataclass(frozen=True)
class Mapping:
    """File field → dictionary field, and the file fields that are left out."""

    fields: dict[str, Field]
    left_out: tuple[str, ...]

    def name_of(self, dictionary_field: str) -> str:
        """The file's name for a dictionary field; "" where the file has none."""
        named = (name for name, field in self.fields.items() if field.name == dictionary_field)
        return next(named, "")


def map_fields(
    seen: dict[str, FieldSurvey],
    fields: Iterable[Field],
    given: dict[str, str],
    problems: Problems,
) -> Mapping:
    """Match by what was given, then name, label in either language, synonym, and DBF's cut name."""
    dictionary, names = {field.name: field for field in fields}, list(seen)
    chosen = _given(names, dictionary, given)
    _add_bare_stems(chosen, seen, dictionary, given)
    taken = {field.name for field in chosen.values()}
    for spellings in (_own_names, _synonyms, _cut_names):
        for field in dictionary.values():
            if field.name in taken:
                continue
            match = _match(spellings(field), [n for n in names if n not in chosen])
            if match and match not in given:
                chosen[match] = field
                taken.add(field.name)
    left_out = tuple(name for name in names if name not in chosen and given.get(name) != "")
    mapping = Mapping(chosen, left_out)
    _tell(mapping, dictionary, problems)
    return mapping


def _given(names, dictionary: dict[str, Field], given: dict[str, str]) -> dict[str, Field]:
    chosen = {}
    for name, target in given.items():
        if name not in names:
            raise CallRefused(_("The file has no field “%(name)s”.") % {"name": name})
        if target and target not in dictionary:
            message = _("The layer has no field “%(name)s”; it has %(fields)s.")
            listed = ", ".join(dictionary)
            raise CallRefused(message % {"name": target, "fields": listed})
        if target:
            chosen[name] = dictionary[target]
    return chosen


def _add_bare_stems(
    chosen: dict[str, Field],
    seen: dict[str, FieldSurvey],
    dictionary: dict[str, Field],
    given: dict[str, str],
) -> None:
    """`name` where the dictionary has name_zh and name_en: the values show which one it is."""
    taken = {field.name for field in chosen.values()}
    for name, known in seen.items():
        stem = normal(name)
        pair = (f"{stem}_zh", f"{stem}_en")
        if name in given or not all(one in dictionary for one in pair):
            continue
        chinese = any(character >= "\u2e80" for sample in known.samples for character in sample)
        wanted = pair[0] if chinese else pair[1]
        if wanted not in taken and wanted not in map(normal, seen):
            chosen[name] = dictionary[wanted]


def _match(spellings: set[str], names: list[str]) -> str:
    found = [name for name in names if normal(name) in spellings]
    return found[0] if len(found) == 1 else ""


def _own_names(field: Field) -> set[str]:
    return {normal(field.name), normal(field.label.zh), normal(field.label.en)} - {""}


def _synonyms(field: Field) -> set[str]:
    return {normal(word) for word in SYNONYMS.get(field.name, ())}


def _cut_names(field: Field) -> set[str]:
    cut = set()
    for word in _own_names(field):
        for codec in ("utf-8", "gb18030"):
            encoded = word.encode(codec)
            if len(encoded) > DBF_NAME:
                cut.add(encoded[:DBF_NAME].decode(codec, "ignore"))
    return cut


def normal(name: str) -> str:
    """A name for comparing: compatible forms made one, case and outer spaces gone."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _tell(mapping: Mapping, dictionary: dict[str, Field], problems: Problems) -> None:
    free = [n for n in dictionary if n not in {f.name for f in mapping.fields.values()}]
    for name in mapping.left_out:
        message = _("The field is not in the data dictionary and is left out.")
        close = difflib.get_close_matches(normal(name), free, n=1, cutoff=0.7)
        if close:
            hint = _(" Perhaps it is %(field)s: --map %(name)s=%(field)s.")
            message += hint % {"name": name, "field": close[0]}
        problems.warning("field-left-out", message, field=name)
