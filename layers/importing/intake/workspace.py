"""The private folder an import works in, and what lies there to be read.

GDAL leaves side files next to what it opens, restores missing indexes and believes names such as
`/vsicurl/…`. So nothing is ever opened where it lies: files are copied, under names of our own, to
a folder that goes away with the import.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

from layers.importing.errors import CallRefused, FileRefused
from layers.importing.intake.archive import Member, unpack

MAX_BYTES = 500 * 1024**2
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


class Format(StrEnum):
    """What can be read."""

    SHAPEFILE = "Shapefile"
    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    KML = "KML"
    CSV = "CSV"


@dataclass(frozen=True)
class Found:
    """One readable file: where our copy lies, what it is, and its name as people know it."""

    path: Path
    format: Format
    name: str


@contextmanager
def workspace(file: Path) -> Iterator[list[Found]]:
    """What is readable in a file, or in the archive it is; copies live as long as the context."""
    if not file.is_file():
        raise CallRefused(_("There is no file %(name)s.") % {"name": file.name or str(file)})
    if file.stat().st_size > MAX_BYTES:
        message = _("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024**2}
        raise FileRefused("file-too-large", message)
    with tempfile.TemporaryDirectory(prefix="geoportal-import-") as folder:
        yield _take_in(file, Path(folder))


def _take_in(file: Path, folder: Path) -> list[Found]:
    if _head(file).startswith((b"PK\x03\x04", b"PK\x05\x06")):
        members = unpack(file, folder)
        found = [f for m in members if (f := _found(m)) is not None]
        if not found:
            raise FileRefused("zip-nothing-to-read", _nothing_in(members))
        return found
    if file.suffix.lower() == ".zip":
        message = _("The ZIP archive is damaged or cut short. Pack or send it again.")
        raise FileRefused("zip-damaged", message)
    found = _found(Member(file.stem, _copy(file, folder)))
    if found is None:
        message = _(
            "The file is none of the formats that can be read: GeoJSON, Shapefile (.shp with its "
            ".dbf, .shx and .prj, or zipped), GeoPackage, KML, CSV."
        )
        raise FileRefused("format-unknown", message)
    return [found]


def _copy(file: Path, folder: Path) -> Path:
    """Copy the file, with the parts that belong to it where it is a shapefile."""
    if file.suffix.lower() == ".shp":
        for part in file.parent.iterdir():
            if part.stem == file.stem and part.suffix.lower() in SHAPEFILE_PARTS:
                shutil.copyfile(part, folder / f"m0{part.suffix.lower()}")
        return folder / "m0.shp"
    return Path(shutil.copyfile(file, folder / f"m0{file.suffix.lower()}"))


def _found(member: Member) -> Found | None:
    """What a copied file is, by its content; names only tell text formats apart."""
    name = Path(member.name).stem if Path(member.name).suffix else member.name
    path, head = member.path, _head(member.path).lstrip(b"\xef\xbb\xbf \t\r\n")
    if path.suffix == ".shp":
        return Found(path, Format.SHAPEFILE, name)
    if head.startswith(b"SQLite format 3\0"):
        return Found(path, Format.GEOPACKAGE, name)
    if path.suffix in (".geojson", ".json", ".geojsonl", ".geojsons") and not head.startswith(b"<"):
        return Found(path, Format.GEOJSON, name)
    if path.suffix == ".kml" or (head.startswith(b"<") and b"<kml" in _head(path)):
        return Found(path, Format.KML, name) if _is_markup(path) else None
    if path.suffix in (".csv", ".txt", ".tsv"):
        return Found(path, Format.CSV, name)
    return Found(path, Format.GEOJSON, name) if head.startswith(b"{") else None


def _is_markup(path: Path) -> bool:
    return b"<" in _head(path).replace(b"\0", b"")[:64]


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def _nothing_in(members: list[Member]) -> str:
    if any(member.path.suffix == ".dbf" for member in members):
        return _("The ZIP archive holds a .dbf but no .shp: the geometry is missing.")
    return _("The ZIP archive holds no file that can be read.")
