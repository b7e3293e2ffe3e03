"""Administrative divisions: level, parent and English name follow from the code and the name."""

import json
import re

from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from layers.importing.problems import Problems
from layers.importing.targets.base import Checked, Counts
from layers.importing.targets.typed import TypedTarget
from layers.models import District
from layers.registry import Declaration, Field

CODE = r"\d{6}(\d{3}(\d{3})?)?"
#: What the Chinese name of a division ends in; left out of the English name, longest first.
ENDINGS = (
    "自治区", "自治州", "自治县", "自治旗", "地区", "街道",
    "省", "市", "盟", "区", "县", "旗", "镇", "乡",
)  # fmt: skip


class DistrictTarget(TypedTarget):
    """The districts layer as the target of an import."""

    @staticmethod
    def accepts(declaration: Declaration) -> tuple[Field, ...]:
        """The plain columns and the parent's code; the level follows from the code."""
        plain = [field.name for field in TypedTarget.accepts(declaration)]
        taken = {*plain, "parent"} - {"level"}
        return tuple(field for field in declaration.fields if field.name in taken)

    def _in_order(self) -> list[Checked]:
        """Parents before children."""
        return sorted(self._records.values(), key=lambda r: (len(r.key), depth(r.key), r.key))

    def compare(self, problems: Problems) -> Counts:
        """As for any typed layer; parents are looked up among what stands and what comes."""
        self._known = {district.code: district for district in District.objects.all()}
        return super().compare(problems)

    def _fill(self, instance: District, record: Checked, problems: Problems) -> None:
        values = dict(record.values)
        parent = values.pop("parent", None)
        super()._fill(instance, record._replace(values=values), problems)
        instance.level = level_of(instance.code)
        self._known.setdefault(instance.code, instance)
        self._set_parent(instance, parent, record, problems)
        if not instance.name_en and instance.name_zh:
            instance.name_en = english_name(instance.name_zh)
            message = _("The English name %(name)s was made from pinyin.")
            problems.warning(
                "name-from-pinyin",
                message % {"name": instance.name_en},
                row=record.row,
                key=record.key,
                field="name_en",
            )

    def _set_parent(self, instance: District, given, record: Checked, problems: Problems) -> None:
        code = parent_code(given) or code_above(instance.code)
        parent = self._known.get(code)
        if parent is not None and parent is not instance:
            instance.parent = parent
        elif given and instance.parent_id is None:
            message = _("The parent %(code)s is not among the districts; it was left open.")
            problems.warning(
                "parent-unknown",
                message % {"code": code},
                row=record.row,
                key=record.key,
                field="parent",
            )

    def _state(self, instance: District) -> dict:
        """The parent by its code: one that comes with the same file has no number yet."""
        above = instance.parent.code if instance.parent else None
        return {**super()._state(instance), "parent_id": above}

    def _valid(self, instance: District, record: Checked, problems: Problems) -> bool:
        if re.fullmatch(CODE, instance.code):
            return super()._valid(instance, record, problems)
        message = _("“%(code)s” is no division code: GB/T 2260 codes have 6, 9 or 12 digits.")
        told = {"row": record.row, "key": record.key, "field": "code"}
        problems.error("value", message % {"code": instance.code[:20]}, **told)
        return False

    def _save(self) -> None:
        """Records find their county again by the triggers of the table."""
        for instance in (*self._added, *self._changed):
            # A parent that was new when the child was compared has its number only now.
            instance.parent = instance.parent
            instance.save()
        for instance in sorted(self._removed, key=lambda d: -depth(d.code)):
            instance.delete()


def depth(code: str) -> int:
    """How deep a GB/T 2260 code lies: 1 province, 2 prefecture, 3 county, 4 township."""
    if len(code) > 6:
        return 4
    return 1 if code.endswith("0000") else 2 if code.endswith("00") else 3


def level_of(code: str) -> str:
    """The level that a GB/T 2260 code says."""
    levels = (
        District.Level.PROVINCE,
        District.Level.PREFECTURE,
        District.Level.COUNTY,
        District.Level.TOWNSHIP,
    )
    return levels[depth(code) - 1].value


def code_above(code: str) -> str:
    """The code of the division that this one belongs to; "" for a province."""
    above = {1: "", 2: f"{code[:2]}0000", 3: f"{code[:4]}00", 4: code[:6]}
    return above[depth(code)]


def parent_code(given) -> str:
    """A parent as files write it: a code, or an object that holds one (`{"adcode": 231200}`)."""
    if isinstance(given, str) and given.startswith("{"):
        try:
            given = json.loads(given)
        except ValueError:
            return ""
    if isinstance(given, dict):
        given = given.get("adcode") or given.get("code")
    return str(given) if given else ""


def english_name(name: str) -> str:
    """Pinyin of a division's name without its ending: 北林区 → Beilin, 绥化市 → Suihua."""
    stem = name
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            stem = name.removesuffix(ending)
            break
    return "".join(lazy_pinyin(stem)).capitalize()
