"""KML 2.2 (OGC 12-007) for globes: one placemark a record, with labels, units and code labels."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

from django.db.models import Expression, F, TextField, Value

from layers.bilingual import Text
from layers.postgis.features import presented
from layers.postgis.shapes import Kml
from layers.serving.exports.about import About, about
from layers.serving.exports.columns import Column, columns_for
from layers.serving.exports.export import CHUNK, Export
from layers.serving.markup import writable

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'


def write_kml(export: Export) -> Iterator[bytes]:
    """A Document, chunk by chunk; positions in CRS84, which is all that KML knows."""
    columns = columns_for(export)
    yield (_HEAD + _opening(about(export.declaration, export.language, export.system))).encode()
    rows = export.rows(key=F(export.declaration.key), shape=_shape(export))
    while text := "".join(_placemark(export, columns, row) for row in islice(rows, CHUNK)):
        yield text.encode()
    yield b"</Document>\n</kml>\n"


def _shape(export: Export) -> Expression:
    if not export.presentation.geometry:
        return Value("", output_field=TextField())
    return Kml(presented(F("geom"), export.presentation), digits=export.presentation.digits)


def _opening(origin: About) -> str:
    """Snippet and description are what globes show of a file before it is opened."""
    told = "\n".join(f"{label}: {value}" for label, value in origin.facts)
    brief = " · ".join(origin.metadata[name] for name in _BRIEF if name in origin.metadata)
    data = "".join(_data(name, name, value) for name, value in origin.metadata.items())
    return (
        f"<Document>\n<name>{_text(origin.title)}</name>\n"
        f'<Snippet maxLines="2">{_text(brief)}</Snippet>\n'
        f"<description>{_text(told)}</description>\n<ExtendedData>{data}</ExtendedData>\n"
    )


_BRIEF = ("licence", "source", "asOf")


def _placemark(export: Export, columns: list[Column], row: tuple) -> str:
    *values, key, shape = row
    named = {c.declared.name: value for c, value in zip(columns, values, strict=True)}
    name = str(Text(*(str(named.get(label) or "") for label in export.declaration.label)))
    data = "".join(
        _data(column.declared.name, column.heading, shown)
        for column, value in zip(columns, values, strict=True)
        if (shown := column.cell(value)) is not None
    )
    return (
        f"<Placemark><name>{_text(name or key)}</name>"
        f"<ExtendedData>{data}</ExtendedData>{shape or ''}</Placemark>\n"
    )


def _data(name: str, label: str, value) -> str:
    shown = value.isoformat() if isinstance(value, datetime) else value
    return (
        f"<Data name={quoteattr(name)}><displayName>{_text(label)}</displayName>"
        f"<value>{_text(shown)}</value></Data>"
    )


def _text(value) -> str:
    return escape(writable(str(value)))
