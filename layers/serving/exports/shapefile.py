"""Shapefiles in a zip, their texts in UTF-8 or in GBK, with a note that says what names mean.

A shapefile holds one type of geometry, names of ten bytes and texts of 254: each type is a file of
its own, short names are unique, and the note counts the texts that had to be cut.
"""

import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa
from django.utils.translation import gettext as _
from pyogrio import raw

from layers.serving.exports.arrow import record_batches
from layers.serving.exports.errors import UnfitForFormat
from layers.serving.exports.export import Export
from layers.serving.exports.geometry_types import NAMES, column_type
from layers.serving.exports.note import note

MAX_TEXT = 254
MAX_NAME = 10
MAX_FIELDS = 255
#: Only within the stream; longer than any name of a field.
_GEOMETRY = "geometry of the record"
#: What a single file of each type is called; multi types of lines and areas are one with single.
_FAMILIES = {
    "point": ("POINT",),
    "multipoint": ("MULTIPOINT",),
    "line": ("LINESTRING", "MULTILINESTRING"),
    "area": ("POLYGON", "MULTIPOLYGON"),
}
#: Holds every character, and is GBK where GBK has the character.
_CHINESE = "gb18030"
#: The mark of GBK in the head of a DBF file, for programs that do not read .cpg.
_GBK_MARK, _MARK_AT = 0x4D, 29


@dataclass
class _Losses:
    """What did not fit: texts cut, by field, and texts with characters that GBK has not."""

    cut: Counter
    beyond_gbk: int = 0


def write_shapefile(path: Path, export: Export) -> None:
    """Write the zip with texts in UTF-8; raises UnfitForFormat."""
    _write(path, export, "UTF-8")


def write_shapefile_gbk(path: Path, export: Export) -> None:
    """Write the zip with texts in GBK, or in GB18030 where a text needs it."""
    _write(path, export, _CHINESE)


def _write(path: Path, export: Export, encoding: str) -> None:
    found = export.kinds()
    _refuse_what_does_not_fit(export, found)
    names = short_names([field.name for field in export.fields])
    losses = _Losses(Counter())
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        for stem, part, kind in _parts(export, found):
            with _named(part, names, encoding, losses) as batches:
                raw.write_arrow(
                    batches,
                    Path(folder) / f"{stem}.shp",
                    driver="ESRI Shapefile",
                    geometry_name=_GEOMETRY,
                    geometry_type=kind,
                    crs=export.system.authority,
                    encoding=encoding,
                )
        if encoding == _CHINESE and not losses.beyond_gbk:
            _call_it_gbk(Path(folder))
        _pack(path, Path(folder), note(export, names, losses.cut, losses.beyond_gbk))


def _refuse_what_does_not_fit(export: Export, found: set) -> None:
    kinds = {kind for kind, _has_z in found if kind}
    if not kinds <= set(NAMES):
        raise UnfitForFormat(_("A shapefile holds no collections of geometries; take GeoPackage."))
    if len(export.fields) > MAX_FIELDS:
        message = _("A shapefile holds %(limit)s fields; choose some by “properties”.")
        raise UnfitForFormat(message % {"limit": MAX_FIELDS})


def _parts(export: Export, found: set) -> Iterator[tuple[str, Export, str]]:
    """Name, records and type of each file; records without geometry are with the first."""
    slug = export.declaration.slug
    families = {
        name: here
        for name, kinds in _FAMILIES.items()
        if (here := {each for each in found if each[0] in kinds})
    }
    if len(families) <= 1:
        yield slug, export, _type(export, found)
        return
    nowhere = (None,)
    for name, here in families.items():
        records = export.of_kind(*_FAMILIES[name], *nowhere)
        nowhere = ()
        yield f"{slug}_{name}", replace(export, records=records), _type(export, here)


def _type(export: Export, found: set) -> str:
    kind, _promoted = column_type(export, found)
    # Of lines and areas a shapefile makes no difference between one part and several.
    return "Point" if kind == "Unknown" else kind


def short_names(names: list[str]) -> dict[str, str]:
    """A unique name of at most ten bytes for each; ones that fit are kept."""
    given: dict[str, str] = {}
    taken = {name.upper() for name in names if len(name.encode()) <= MAX_NAME}
    for name in names:
        short = name if len(name.encode()) <= MAX_NAME else _cut(name, MAX_NAME, "utf-8")
        number = 1
        while name != short and short.upper() in taken:
            ending = f"_{number}"
            short = _cut(name, MAX_NAME - len(ending), "utf-8") + ending
            number += 1
        taken.add(short.upper())
        given[name] = short
    return given


@contextmanager
def _named(
    part: Export, names: dict[str, str], encoding: str, losses: _Losses
) -> Iterator[pa.RecordBatchReader]:
    """The batches with short names, and with texts that fit."""
    with record_batches(part, _GEOMETRY, part.shape) as batches:
        columns = [names.get(name, name) for name in batches.schema.names]
        fields = zip(columns, batches.schema, strict=True)
        schema = pa.schema([pa.field(name, field.type) for name, field in fields])
        fit = partial(_fitting, schema=schema, encoding=encoding, losses=losses)
        yield pa.RecordBatchReader.from_batches(schema, map(fit, batches))


def _fitting(
    batch: pa.RecordBatch, schema: pa.Schema, encoding: str, losses: _Losses
) -> pa.RecordBatch:
    columns = [
        pa.array([_fit(name, text, encoding, losses) for text in column.to_pylist()], pa.string())
        if pa.types.is_string(column.type)
        else column
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _fit(name: str, text: str | None, encoding: str, losses: _Losses) -> str | None:
    if text is None or (text.isascii() and len(text) <= MAX_TEXT):
        return text
    if encoding == _CHINESE and len(text.encode("gbk", "ignore").decode("gbk")) < len(text):
        losses.beyond_gbk += 1
    cut = _cut(text, MAX_TEXT, encoding)
    if cut != text:
        losses.cut[name] += 1
    return cut


def _cut(text: str, most: int, encoding: str) -> str:
    """The text as far as so many bytes hold whole characters of it."""
    return text.encode(encoding)[:most].decode(encoding, "ignore")


def _call_it_gbk(folder: Path) -> None:
    for codepage in folder.glob("*.cpg"):
        codepage.write_text("GBK")
    for table in folder.glob("*.dbf"):
        with table.open("r+b") as file:
            file.seek(_MARK_AT)
            file.write(bytes([_GBK_MARK]))


def _pack(path: Path, folder: Path, text: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in sorted(folder.iterdir()):
            packed.write(part, part.name)
        # With the mark, editors of every system know the encoding.
        packed.writestr("README.txt", text.encode("utf-8-sig"))
