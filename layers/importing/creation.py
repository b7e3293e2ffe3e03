"""A new stored layer made from what a file shows: dictionary, label and a first style."""

import re
import zlib
from dataclasses import dataclass

from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from layers.catalog.models import RECORDS, Layer, LayerField, LayerGroup, slug_rule
from layers.importing.errors import CallRefused
from layers.importing.mapping import normal
from layers.importing.survey import FieldSurvey, Survey
from layers.registry import FieldType, Geometry
from layers.serving.parameters import COMMON
from layers.serving.selection import OWN

#: Fields that mean the same in every layer keep one name, so that search and labels find them.
USUAL_NAMES = {
    "名称": "name", "名字": "name", "中文名称": "name_zh",
    "英文名称": "name_en", "英文名": "name_en",
    "代码": "code", "编码": "code", "编号": "code", "类型": "type", "类别": "category",
    "等级": "class", "级别": "level", "备注": "note", "说明": "description", "地址": "address",
    "面积": "area", "长度": "length", "宽度": "width", "人口": "population",
}  # fmt: skip
#: Names a record has already, and parameters of requests: those taken and those of other parts of
#: the standard.
RESERVED = {
    "geometry", "geom", "district", "source", "as_of", "crs", "offset", "properties", "sortby",
    "filter", "q", *OWN, *COMMON,
}  # fmt: skip
NAME_LENGTH = 50
#: Longer texts are descriptions, which nobody filters by equality.
FILTERABLE_LENGTH = 100
#: Muted hues that hold on a pale base map and differ from the boundaries' violet and water's blue.
HUES = ("#b4552d", "#2f7d6b", "#8a6d1d", "#3d6fa5", "#6b7f2a", "#a3476a", "#4b6a74", "#7a5230")


@dataclass(frozen=True, kw_only=True)
class NewLayer:
    """What a person says of a layer to be made; the rest is read from the file."""

    title: str = ""
    title_en: str = ""
    group: str = "other"


def layer_create(*, slug: str, wanted: NewLayer, survey: Survey, published: bool) -> Layer:
    """Make a stored layer and its data dictionary."""
    if not re.fullmatch(slug_rule.regex, slug) or len(slug) > 50:
        message = _("“%(slug)s” is no layer name: lower-case letters, digits and hyphens.")
        raise CallRefused(message % {"slug": slug})
    if slug == RECORDS:
        message = _("The catalogue of metadata has this identifier; choose another.")
        raise CallRefused(message)
    group = LayerGroup.objects.filter(slug=wanted.group).first()
    if group is None:
        message = _("There is no group “%(slug)s”; there are %(groups)s.")
        groups = ", ".join(LayerGroup.objects.values_list("slug", flat=True))
        raise CallRefused(message % {"slug": wanted.group, "groups": groups})
    fields = dictionary(survey)
    label_zh, label_en = _labels([field.name for field in fields])
    layer = Layer.objects.create(
        slug=slug,
        kind=Layer.Kind.STORED,
        group=group,
        title_zh=wanted.title or wanted.title_en or slug,
        title_en=wanted.title_en or wanted.title or slug,
        geometry_type=survey.geometry.value,
        has_z=survey.has_z,
        label_zh=label_zh,
        label_en=label_en,
        style=default_style(slug, survey.geometry, label_zh, label_en),
        published=published,
    )
    for order, field in enumerate(fields):
        field.layer, field.order = layer, order
    LayerField.objects.bulk_create(fields)
    return layer


def dictionary(survey: Survey) -> list[LayerField]:
    """Unsaved dictionary rows for the fields of a file; the file's names are the labels."""
    taken: set[str] = set()
    return [_field(seen, taken) for seen in survey.fields.values()]


def _field(seen: FieldSurvey, taken: set[str]) -> LayerField:
    name = _distinct(field_name(seen.name), taken)
    kind = seen.type if seen.filled else FieldType.TEXT
    chinese = not seen.name.isascii()
    return LayerField(
        name=name,
        label_zh=seen.name[:100],
        label_en=(name.replace("_", " ").capitalize() if chinese else seen.name)[:100],
        type=kind.value,
        filter=kind is not FieldType.TEXT or seen.longest <= FILTERABLE_LENGTH,
    )


def field_name(title: str) -> str:
    """A dictionary name: usual words in English, other Chinese in pinyin, letters and digits."""
    plain = re.sub(r"[（(].*?[)）]", "", title).strip() or title
    known = USUAL_NAMES.get(normal(plain), plain)
    text = known if known.isascii() else "_".join(lazy_pinyin(known))
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    if not name or not name[0].isalpha():
        name = f"field_{name}".rstrip("_")
    return f"{name}_value"[:NAME_LENGTH] if name in RESERVED else name[:NAME_LENGTH].rstrip("_")


def _distinct(name: str, taken: set[str]) -> str:
    wanted, number = name, 2
    while name in taken:
        name = f"{wanted[: NAME_LENGTH - 4]}_{number}"
        number += 1
    taken.add(name)
    return name


def _labels(names: list[str]) -> tuple[str, str]:
    """The fields that name a record in Chinese and in English."""
    chinese = next((n for n in ("name_zh", "name", "mingcheng") if n in names), "")
    english = next((n for n in ("name_en", "name") if n in names), chinese)
    return chinese, english


def default_style(slug: str, geometry: Geometry, label_zh: str, label_en: str) -> dict:
    """A first style by geometry type (docs/styles.md); the same slug always has the same colour."""
    hue = HUES[zlib.crc32(slug.encode()) % len(HUES)]
    symbols = {
        Geometry.POINT: {
            "size": 10,
            "color": "#ffffff",
            "width": 1.5,
            "fill": hue,
            "fillOpacity": 1.0,
        },
        Geometry.LINE: {"color": hue, "width": 2, "casing": "#ffffff", "casingWidth": 3.5},
        Geometry.POLYGON: {"color": hue, "width": 1.2, "fill": hue, "fillOpacity": 0.18},
        Geometry.ANY: {"color": hue, "width": 1.6, "fill": hue, "fillOpacity": 0.3, "size": 10},
    }
    style = {"kind": "single", "base": symbols[geometry]}
    if label_zh:
        style["label"] = {
            "field": label_zh,
            "field_en": label_en,
            "size": 12,
            "color": "#3a3f45",
            "minZoom": 11,
            "along": geometry is Geometry.LINE,
        }
    return style
