"""ZIP archives, inspected whole before one byte is written.

What is unsafe refuses the whole archive: a file with one hostile name is not an honest file with a
slip. Members are written under names of our own, so nothing in a name can reach the file system.
"""

import re
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from django.utils.translation import gettext as _

from layers.importing.errors import FileRefused

MAX_ENTRIES = 1000
#: Unpacked size in all; twice the largest upload, as coordinates seldom pack better than half.
MAX_UNPACKED = 2 * 1024**3
#: A DBF padded with spaces packs up to about 100:1; zip bombs start near 1000:1.
MAX_RATIO = 200
#: Below this a high ratio harms nobody.
RATIO_FROM = 1024**2
PIECE = 1024**2
UTF8_NAME = 0x800
ENCRYPTED = 0x1

#: Endings of files that take part in a layer; the rest of an archive is not even unpacked.
WANTED = {
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".geojson", ".json", ".gpkg", ".kml", ".csv",
}  # fmt: skip


class Member(NamedTuple):
    """A file inside an archive: its name as people know it, and where it lies on disk."""

    name: str
    path: Path


def unpack(archive: Path, into: Path) -> list[Member]:
    """The wanted members, written to `into` as m0.shp, m0.dbf, m1.geojson, … (one stem a layer)."""
    try:
        with zipfile.ZipFile(archive) as opened:
            named = inspect(opened.infolist())
            return _write(opened, named, into)
    except zipfile.BadZipFile:
        message = _("The ZIP archive is damaged or cut short. Pack or send it again.")
        raise FileRefused("zip-damaged", message) from None
    except (NotImplementedError, RuntimeError, zlib.error, EOFError):
        message = _("A file in the ZIP archive is packed in a way that cannot be read.")
        raise FileRefused("zip-unreadable", message) from None


def inspect(entries: list[zipfile.ZipInfo]) -> list[tuple[str, zipfile.ZipInfo]]:
    """Names and entries of the wanted members of an archive that is safe; refuses others."""
    if len(entries) > MAX_ENTRIES:
        message = _("The ZIP archive holds %(count)d files; %(limit)d is the limit.")
        raise FileRefused(
            "zip-too-many-files", message % {"count": len(entries), "limit": MAX_ENTRIES}
        )
    named = [(member_name(entry), entry) for entry in entries]
    for name, entry in named:
        _refuse_unsafe(name, entry)
    _refuse_twice([name for name, _entry in named])
    _refuse_bomb(entries)
    return [(name, entry) for name, entry in named if _wanted(name, entry)]


def member_name(entry: zipfile.ZipInfo) -> str:
    """The name as its author saw it.

    Without the UTF-8 flag the bytes are, in practice, UTF-8 (macOS) or GBK (Windows in Chinese);
    CP437, which the format prescribes, is what neither of them wrote.
    """
    if entry.flag_bits & UTF8_NAME or entry.orig_filename.isascii():
        return entry.orig_filename
    raw = entry.orig_filename.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return entry.orig_filename


def _refuse_unsafe(name: str, entry: zipfile.ZipInfo) -> None:
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        message = _("The ZIP archive names a file outside itself (%(name)s) and was refused.")
        raise FileRefused("zip-unsafe-name", message % {"name": name[:100]})
    if stat.S_ISLNK(entry.external_attr >> 16):
        message = _("The ZIP archive holds a link (%(name)s) and was refused.")
        raise FileRefused("zip-link", message % {"name": name[:100]})
    if entry.flag_bits & ENCRYPTED:
        raise FileRefused("zip-encrypted", _("The ZIP archive is locked with a password."))


def _refuse_twice(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            message = _(
                "The ZIP archive holds two files named %(name)s; which is meant is unclear."
            )
            raise FileRefused("zip-name-twice", message % {"name": name[:100]})
        seen.add(name.lower())


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    bomb = any(
        entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if total > MAX_UNPACKED or bomb:
        message = _("The ZIP archive would unpack to %(size)d MB, more than it can honestly hold.")
        raise FileRefused("zip-too-large", message % {"size": total // 1024**2})


def _wanted(name: str, entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    mac_leftover = "__MACOSX" in path.parts or path.name.startswith("._")
    return not entry.is_dir() and not mac_leftover and path.suffix.lower() in WANTED


def _write(opened: zipfile.ZipFile, named, into: Path) -> list[Member]:
    """Unpack, counting: the sizes an archive declares are not to be believed."""
    stems: dict[str, str] = {}
    members, left = [], MAX_UNPACKED
    for name, entry in named:
        pure = PurePosixPath(name.replace("\\", "/"))
        stem = stems.setdefault(str(pure.with_suffix("")).lower(), f"m{len(stems)}")
        target = into / f"{stem}{pure.suffix.lower()}"
        with opened.open(entry) as source, target.open("wb") as file:
            while piece := source.read(PIECE):
                left -= len(piece)
                if left < 0:
                    message = _("The ZIP archive unpacks to more than it says and was refused.")
                    raise FileRefused("zip-too-large", message)
                file.write(piece)
        members.append(Member(str(pure), target))
    return members
