"""Records as a stream of Arrow batches, typed by the data dictionary: field names, plain codes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime

import pyarrow as pa
from django.db.models import Expression

from layers.registry import Field, FieldType
from layers.serving.exports.columns import typed_value
from layers.serving.exports.export import Export

#: What counts as a value of the type, and how it is kept; the others are texts.
_KEPT = {
    FieldType.INTEGER: (int, pa.int64()),
    FieldType.YEAR: (int, pa.int64()),
    FieldType.NUMBER: ((int, float), pa.float64()),
    FieldType.BOOLEAN: (bool, pa.bool_()),
    FieldType.DATE: (date, pa.date32()),
    FieldType.DATETIME: (datetime, pa.timestamp("ms", tz="UTC")),
}


def schema_of(export: Export, geometry: str) -> pa.Schema:
    """The fields with label and unit, and the geometry as WKB in a column called `geometry`."""
    fields = [
        pa.field(field.name, _kept(field)[1], metadata=_described(field)) for field in export.fields
    ]
    return pa.schema([*fields, pa.field(geometry, pa.binary())])


def _kept(field: Field) -> tuple:
    return _KEPT.get(field.type, (str, pa.string()))


def _described(field: Field) -> dict[str, str]:
    found = {"label": str(field.label), "unit": str(field.unit)}
    return {name: text for name, text in found.items() if text}


@contextmanager
def record_batches(
    export: Export, geometry: str, shape: Expression
) -> Iterator[pa.RecordBatchReader]:
    """The records, a batch for each chunk.

    An error of reading is raised as it is and not in the words of the writer that meets it.
    """
    schema = schema_of(export, geometry)
    failures: list[Exception] = []
    with closing(_batches(export, schema, shape, failures)) as batches:
        try:
            yield pa.RecordBatchReader.from_batches(schema, batches)
        except Exception:
            if failures:
                raise failures[0] from None
            raise


def _batches(
    export: Export, schema: pa.Schema, shape: Expression, failures: list[Exception]
) -> Iterator[pa.RecordBatch]:
    fields = {f"field_{field.name}": field.expression for field in export.fields}
    try:
        with closing(export.chunks(**fields, shape=shape)) as chunks:
            for chunk in chunks:
                yield _batch(export.fields, schema, chunk)
    except Exception as error:
        failures.append(error)
        raise


def _batch(fields: tuple[Field, ...], schema: pa.Schema, chunk: list[tuple]) -> pa.RecordBatch:
    *columns, shapes = zip(*chunk, strict=True)
    arrays = [_array(field, column) for field, column in zip(fields, columns, strict=True)]
    shapes = [None if shape is None else bytes(shape) for shape in shapes]
    return pa.RecordBatch.from_arrays([*arrays, pa.array(shapes, pa.binary())], schema=schema)


def _array(field: Field, column: tuple) -> pa.Array:
    kind, kept = _kept(field)
    typed = [typed_value(field, value) for value in column]
    if field.type not in _KEPT:
        return pa.array([text_of(value) for value in typed], kept)
    # Texts that are not what the field declares have no place in a typed column: null.
    fits = [value if isinstance(value, kind) and _in_range(value) else None for value in typed]
    if field.type is FieldType.NUMBER:
        fits = [None if value is None else float(value) for value in fits]
    return pa.array(fits, kept)


def _in_range(value) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def text_of(value) -> str | None:
    """A value as text, lists by comma."""
    if value is None:
        return None
    return ",".join(value) if isinstance(value, list) else str(value)
