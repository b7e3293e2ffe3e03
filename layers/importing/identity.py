"""What tells a record apart: a field, the file's own identifier, or the record's content."""

import hashlib
import json
from dataclasses import dataclass

import shapely
from django.utils.translation import gettext as _

from layers.importing.errors import CallRefused
from layers.importing.mapping import Mapping, normal
from layers.importing.survey import Survey
from layers.registry.values import parse_text

#: Fields that carry identity when no field is named, in this order. Row numbers of a file (fid,
#: objectid) are not among them: they change with every export.
KEY_FIELDS = (
    "key", "code", "id", "osm_id", "adcode", "uuid", "gml_id",
    "标识码", "编号", "编码", "代码", "行政代码", "区划代码",
)  # fmt: skip
CONTENT, OWN_ID = "hash", "id"
LONGEST = 100


@dataclass(frozen=True)
class KeyRule:
    """How keys are made. `field` is the file's field; `how` is field, id or hash."""

    how: str
    field: str = ""

    @property
    def by_content(self) -> bool:
        """Whether an edited record counts as another one."""
        return self.how == CONTENT

    def key(self, properties: dict, identity: str | None, shape, values: dict) -> str:
        """The key of one record; "" where it has none. Shapes are in stored coordinates."""
        if self.by_content:
            return content_hash(shape, values)
        value = identity if self.how == OWN_ID else properties.get(self.field)
        return "" if value is None else parse_text(value)


def content_hash(shape, values: dict) -> str:
    """Twenty hexadecimal digits of what a record says; equal records have equal hashes."""
    told = {name: value for name, value in sorted(values.items()) if value is not None}
    digest = hashlib.sha256(shapely.to_wkb(shape, output_dimension=3, byte_order=1))
    digest.update(json.dumps(told, ensure_ascii=False, default=str).encode())
    return digest.hexdigest()[:20]


def choose_key(given: str, survey: Survey, mapping: Mapping, dictionary_key: str = "") -> KeyRule:
    """The rule for a file: given, the typed layer's own key field, a usual name, or content.

    A field is taken by its name only where every row has a value in it.
    """
    if given == CONTENT:
        return KeyRule(CONTENT)
    if given:
        return KeyRule("field", _named(given, survey, mapping))
    if dictionary_key:
        name = mapping.name_of(dictionary_key)
        if name:
            return KeyRule("field", name)
        message = _("The records of this layer are known by “%(name)s”, which the file has not.")
        raise CallRefused(message % {"name": dictionary_key})
    if survey.rows and survey.identified == survey.rows:
        return KeyRule(OWN_ID)
    complete = {name for name, seen in survey.fields.items() if seen.filled == survey.rows}
    for wanted in KEY_FIELDS:
        for name in survey.fields:
            if normal(name) == wanted and name in complete:
                return KeyRule("field", name)
    return KeyRule(CONTENT)


def _named(given: str, survey: Survey, mapping: Mapping) -> str:
    for name in (given, mapping.name_of(given)):
        if name in survey.fields:
            return name
    message = _("The file has no field “%(name)s”; it has %(fields)s.")
    raise CallRefused(message % {"name": given, "fields": ", ".join(survey.fields)})
