"""What leaves: which records of a layer, which of their fields, in which system and language."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice

from django.contrib.gis.db.models.functions import AsWKB
from django.db import transaction
from django.db.models import BinaryField, Count, Expression, F, FloatField, QuerySet, Value

from layers.postgis.features import Presentation, feature_text, presented
from layers.postgis.shapes import GeometryType, HasZ, Multi, PointOnSurface, X, Y
from layers.postgis.systems import STORAGE_URI, System, systems
from layers.postgis.transforming import within_system
from layers.registry import Declaration, Field

#: Rows fetched at a time from the server-side cursor: what bounds the memory of an export.
CHUNK = 2000


def storage() -> System:
    """The system records are kept in."""
    return systems()[STORAGE_URI]


def _untold(_records: int) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Export:
    """Records of a layer on their way into a file; positions are longitude or easting first.

    `language` is `zh…` or `en…`. `told` is called with the number of records of each chunk that was
    taken. Reading raises BadParameter where a record lies outside of the system.
    """

    declaration: Declaration
    records: QuerySet
    language: str
    presentation: Presentation
    told: Callable[[int], None] = _untold

    def telling(self, told: Callable[[int], None]) -> "Export":
        """The same, with `told` called with the number of records of each chunk."""
        return replace(self, told=told)

    @property
    def system(self) -> System:
        """The coordinate system of the file."""
        return self.presentation.system

    @property
    def fields(self) -> tuple[Field, ...]:
        """The public fields that are given."""
        given = self.presentation.fields
        public = self.declaration.public_fields
        return tuple(each for each in public if given is None or each.name in given)

    @property
    def shape(self) -> Expression:
        """The geometry as well-known binary (ISO), NULL where none is wanted."""
        return self._binary(F("geom"))

    @property
    def multi_shape(self) -> Expression:
        """The same as one of several parts."""
        return self._binary(Multi("geom"))

    def _binary(self, geometry: Expression) -> Expression:
        if not self.presentation.geometry:
            return Value(None, output_field=BinaryField(null=True))
        return AsWKB(presented(geometry, self.presentation))

    @property
    def place(self) -> dict[str, Expression]:
        """x and y of a point on the record."""
        if not self.presentation.geometry:
            nowhere = Value(None, output_field=FloatField(null=True))
            return {"x": nowhere, "y": nowhere}
        point = presented(PointOnSurface("geom"), Presentation(system=self.system))
        return {"x": X(point), "y": Y(point)}

    def chunks(self, **expressions: Expression) -> Iterator[list[tuple]]:
        """These values of the records, up to CHUNK records at a time."""
        asked = {f"export_of_{name}": expression for name, expression in expressions.items()}
        plain = self.records.prefetch_related(None).annotate(**asked).values_list(*asked)
        # Outside of a transaction the database would set the whole answer aside first.
        with within_system(self.system), transaction.atomic():
            rows = plain.iterator(chunk_size=CHUNK)
            while chunk := list(islice(rows, CHUNK)):
                yield chunk
                self.told(len(chunk))

    def refuse_what_lies_outside(self) -> None:
        """Have every position reckoned once, before a byte is sent; raises BadParameter."""
        if self.system.srid and self.presentation.geometry:
            with within_system(self.system):
                self.records.order_by().aggregate(found=Count(self.shape))

    def rows(self, **extra: Expression) -> Iterator[tuple]:
        """The fields of each record, then the values of `extra`."""
        fields = {f"field_{field.name}": field.expression for field in self.fields}
        with closing(self.chunks(**fields, **extra)) as chunks:
            for chunk in chunks:
                yield from chunk

    def features(self) -> Iterator[list[str]]:
        """The records as GeoJSON features, a chunk at a time."""
        text = feature_text(self.declaration, self.presentation)
        with closing(self.chunks(feature=text)) as chunks:
            for chunk in chunks:
                yield [feature for (feature,) in chunk]

    def kinds(self) -> set[tuple[str | None, bool]]:
        """Which types of geometry there are (`POINT`, None: none), and whether with heights."""
        if not self.presentation.geometry:
            return {(None, False)} if self.records.exists() else set()
        kinds = self.records.order_by().values_list(GeometryType("geom"), HasZ("geom"))
        return {(kind, bool(has_z)) for kind, has_z in kinds.distinct()}

    def of_kind(self, *kinds: str | None) -> QuerySet:
        """The records whose geometry is of one of these types, as in `kinds`."""
        named = [kind for kind in kinds if kind]
        found = self.records.alias(export_kind=GeometryType("geom")).filter(export_kind__in=named)
        if not self.presentation.geometry:
            return self.records
        return found | self.records.filter(geom__isnull=True) if None in kinds else found
