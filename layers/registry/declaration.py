"""The declaration of a layer: the one object that serving, styling, import and edit read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Expression, F, QuerySet

from layers.bilingual import Text


class Geometry(StrEnum):
    """Geometry types a layer may declare (OGC Simple Features, 几何类型)."""

    POINT = "Point"
    LINE = "LineString"
    POLYGON = "Polygon"
    ANY = "Geometry"


class FieldType(StrEnum):
    """Value types of the data dictionary (数据字典)."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    YEAR = "year"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    CODE = "code"
    CODES = "codes"
    URL = "url"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One entry of a layer's data dictionary.

    `unit` is written as shown to people (万元, 10,000 CNY). `codes` names a code list by slug.
    `source` is the model path or expression that yields the value; by default the name itself.
    Only fields with `public` leave the house; only those with `filter` are queryables.
    """

    name: str
    label: Text
    type: FieldType = FieldType.TEXT
    unit: Text = Text("", "")
    codes: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    public: bool = True
    filter: bool = True
    source: str | Expression | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers, which have bounds and an order."""
        return self.type in (FieldType.INTEGER, FieldType.NUMBER, FieldType.YEAR)

    @property
    def expression(self) -> Expression:
        """What to select for this field from the declaration's records."""
        if self.source is None or isinstance(self.source, str):
            return F(self.source or self.name)
        return self.source


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """A layer (图层) as every part of the service sees it.

    slug: collection id in `/api/`; records: callable giving the queryset of all its records,
    each with `geom` (EPSG:4490 degrees), publication columns and `key` (stable, unique, text).
    `dictionary` is the version of a stored layer's data dictionary; None: the layer is typed.
    `style` follows docs/styles.md. Zoom levels are those of WebMercatorQuad.
    """

    slug: str
    title: Text
    abstract: Text = Text("", "")
    group: str
    geometry: Geometry
    fields: tuple[Field, ...]
    records: Callable[[], QuerySet]
    key: str = "key"
    label: tuple[str, str] = ("name_zh", "name_en")
    style: Mapping = field(default_factory=dict)
    min_zoom: int = 0
    max_zoom: int = 22
    visible: bool = False
    order: int = 0
    has_z: bool = False
    page: str = ""
    dictionary: int | None = None

    @property
    def public_fields(self) -> tuple[Field, ...]:
        """The fields anybody may read."""
        return tuple(f for f in self.fields if f.public)

    @property
    def queryables(self) -> tuple[Field, ...]:
        """The public fields that filters may name (OGC API – Features Part 3, queryables)."""
        return tuple(f for f in self.public_fields if f.filter)

    def public_records(self) -> QuerySet:
        """Only what is published and in effect now; every public surface starts here."""
        return self.records().public()
