"""Records of typed layers: models, validated and saved one by one.

Typed layers are small (hundreds of records), have relations and rules of their own, and their
models know them: so here the whole file is held, unlike for stored layers.
"""

import decimal

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models

from layers.importing.problems import Problems
from layers.importing.targets.base import (
    Checked,
    Counts,
    Stamps,
    report_overtaken,
    report_repeated,
)
from layers.postgis.fields import SRID
from layers.registry import Declaration, Field


class TypedTarget:
    """A typed layer as the target of an import."""

    def __init__(self, declaration: Declaration, *, stamps: Stamps, replace: bool):
        self._declaration = declaration
        self._stamps = stamps.given()
        self._replace = replace
        self._records: dict[str, Checked] = {}

    @staticmethod
    def accepts(declaration: Declaration) -> tuple[Field, ...]:
        """The fields that are plain columns of the model; the rest is kept elsewhere."""
        model = declaration.records().model
        return tuple(field for field in declaration.fields if _column(model, field) is not None)

    def stage(self, records: list[Checked], problems: Problems) -> None:
        """Remember one batch."""
        for record in records:
            first = self._records.setdefault(record.key, record)
            if first is not record:
                report_repeated(record.row, record.key, first.row, problems)

    def compare(self, problems: Problems) -> Counts:
        """Validate each record as the model would have it and count what differs."""
        key = self._declaration.key
        standing = {str(getattr(one, key)): one for one in self._declaration.records()}
        self._added, self._changed = [], []
        unchanged = 0
        for record in self._in_order():
            instance = standing.get(record.key) or self._declaration.records().model()
            before = self._state(instance)
            self._fill(instance, record, problems)
            if not self._valid(instance, record, problems):
                continue
            if instance.pk is None:
                self._added.append(instance)
            elif self._state(instance) != before:
                self._changed.append(instance)
            else:
                unchanged += 1
        absent = [one for name, one in standing.items() if name not in self._records]
        self._removed = absent if self._replace else []
        kept = len(absent) - len(self._removed)
        return Counts(len(self._added), len(self._changed), unchanged, len(self._removed), kept)

    def write(self, problems: Problems) -> None:
        """Save what differs, unless somebody has changed one of these records meanwhile."""
        self._hold(problems)
        if not problems.errors:
            self._save()

    def _hold(self, problems: Problems) -> None:
        rows = self._declaration.records().model._base_manager.select_for_update()
        rows = rows.filter(pk__in=[instance.pk for instance in self._changed]).order_by("pk")
        held = dict(rows.values_list("pk", "row_version"))
        for instance in self._changed:
            if held.get(instance.pk) != instance.row_version:
                key = str(getattr(instance, self._declaration.key))
                report_overtaken(self._records[key].row, key, problems)

    def _save(self) -> None:
        for instance in (*self._added, *self._changed):
            instance.save()
        for instance in reversed(self._removed):
            instance.delete()

    def _in_order(self) -> list[Checked]:
        """The records in the order in which they can be saved."""
        return list(self._records.values())

    def _fill(self, instance, record: Checked, problems: Problems) -> None:
        model = type(instance)
        fields = {field.name: field for field in self._declaration.fields}
        for name, value in record.values.items():
            column = _column(model, fields[name])
            setattr(instance, column.attname, _fitted(column, value))
        instance.geom = GEOSGeometry(
            shapely.to_wkb(shapely.set_srid(record.shape, SRID), include_srid=True, hex=True)
        )
        if instance.pk is None:
            instance.state = "published"
        for name, value in self._stamps.items():
            setattr(instance, name, value)
        if instance.as_of and instance.verify_by and instance.verify_by < instance.as_of:
            # The check that was due has been overtaken by newer data.
            instance.verify_by = None

    def _state(self, instance) -> dict:
        """What can differ: every plain column, geometry bit for bit."""
        columns = [column for column in instance._meta.concrete_fields if column.editable]
        values = {column.attname: getattr(instance, column.attname) for column in columns}
        return {
            name: bytes(value.ewkb) if isinstance(value, GEOSGeometry) else value
            for name, value in values.items()
        }

    def _valid(self, instance, record: Checked, problems: Problems) -> bool:
        plain = TypedTarget.accepts(self._declaration)
        columns = {_column(type(instance), field).name for field in plain}
        others = [f.name for f in instance._meta.get_fields() if f.name not in columns]
        try:
            instance.full_clean(exclude=others, validate_unique=False, validate_constraints=False)
            # Held here, so that the database need not break the import off; the system of the
            # geometry is right by the way it was made.
            instance.validate_constraints(exclude={"geom"})
        except ValidationError as found:
            for name, messages in found.message_dict.items():
                field = "" if name == NON_FIELD_ERRORS else name
                for message in messages:
                    problems.error("value", message, row=record.row, key=record.key, field=field)
            return False
        return True


def _column(model, field: Field) -> models.Field | None:
    """The model's own column behind a dictionary field; None for relations and expressions."""
    path = field.source if isinstance(field.source, str) else field.name
    if not isinstance(field.source, str | None) or "__" in path:
        return None
    try:
        column = model._meta.get_field(path)
    except FieldDoesNotExist:
        return None
    return None if column.is_relation or not column.editable else column


def _fitted(column: models.Field, value):
    """A value as its column keeps it; text columns have no null."""
    if value is None:
        return None if column.null else column.get_default()
    if isinstance(column, models.DecimalField):
        step = decimal.Decimal(1).scaleb(-column.decimal_places)
        return decimal.Decimal(str(value)).quantize(step)
    return column.to_python(value)
