"""The files of a layer taken out of a ZIP archive that has passed inspection.

Members are written under names of our own, so nothing in a name can reach the file system.
"""

import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from django.utils.translation import gettext as _

from layers.archives import ArchiveRefused, Entry, Limits, opened, pieces
from layers.importing.errors import FileRefused

#: Unpacked size in all: twice the largest upload and more, as coordinates seldom pack below half.
LIMITS = Limits(entries=1000, unpacked=2 * 1024**3)

#: Endings of files that take part in a layer; the rest of an archive is not even unpacked.
WANTED = {
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".geojson", ".json", ".gpkg", ".kml", ".csv",
}  # fmt: skip


class Member(NamedTuple):
    """A file inside an archive: its name as people know it, and where it lies on disk."""

    name: str
    path: Path


def unpack(path: Path, into: Path) -> list[Member]:
    """The wanted members, written to `into` as m0.shp, m0.dbf, m1.geojson, … (one stem a layer)."""
    try:
        with opened(path, LIMITS) as (archive, entries):
            return _write(archive, [entry for entry in entries if _wanted(entry)], into)
    except ArchiveRefused as error:
        raise FileRefused(error.code, str(error)) from None


def _wanted(entry: Entry) -> bool:
    path = PurePosixPath(entry.name.replace("\\", "/"))
    mac_leftover = "__MACOSX" in path.parts or path.name.startswith("._")
    return not entry.info.is_dir() and not mac_leftover and path.suffix.lower() in WANTED


def _write(archive: zipfile.ZipFile, entries: list[Entry], into: Path) -> list[Member]:
    """Unpack, counting: the sizes an archive declares are not to be believed."""
    stems: dict[str, str] = {}
    members, left = [], LIMITS.unpacked
    for entry in entries:
        pure = PurePosixPath(entry.name.replace("\\", "/"))
        stem = stems.setdefault(str(pure.with_suffix("")).lower(), f"m{len(stems)}")
        target = into / f"{stem}{pure.suffix.lower()}"
        with target.open("wb") as file:
            for piece in pieces(archive, entry):
                left -= len(piece)
                if left < 0:
                    message = _("The ZIP archive unpacks to more than it says and was refused.")
                    raise FileRefused("zip-too-large", message)
                file.write(piece)
        members.append(Member(str(pure), target))
    return members
