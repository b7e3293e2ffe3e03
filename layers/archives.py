"""ZIP archives from outside: inspected whole before one byte of them is unpacked or handed on.

What is unsafe refuses the whole archive: a file with one hostile name is not an honest file with a
slip.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.utils.translation import gettext as _

from layers.errors import LayersError

#: A DBF padded with spaces packs up to about 100:1; zip bombs start near 1000:1.
MAX_RATIO = 200
#: Below this a high ratio harms nobody.
RATIO_FROM = 1024**2
PIECE = 1024**2
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


class Limits(NamedTuple):
    """How many files an archive may hold, and to how many bytes it may unpack in all."""

    entries: int
    unpacked: int


class Entry(NamedTuple):
    """A file or folder in an archive, with its name as its author saw it."""

    name: str
    info: zipfile.ZipInfo


class ArchiveRefused(LayersError):
    """An archive that is damaged or unsafe; `code` names the fault (`zip-unsafe-name`, …)."""

    status = 422

    def __init__(self, code: str, message):
        super().__init__(message)
        self.code = code


@contextmanager
def opened(file, limits: Limits) -> Iterator[tuple[zipfile.ZipFile, list[Entry]]]:
    """The archive and its entries, all of them safe; raises ArchiveRefused.

    `file` is a path or a seekable file.
    """
    with reading():
        archive = zipfile.ZipFile(file)
    with archive:
        yield archive, inspected(archive.infolist(), limits)


@contextmanager
def reading() -> Iterator[None]:
    """Every way in which reading a ZIP can fail becomes ArchiveRefused."""
    try:
        yield
    except zipfile.BadZipFile:
        message = _("The ZIP archive is damaged or cut short. Pack or send it again.")
        raise ArchiveRefused("zip-damaged", message) from None
    # Names that are no UTF-8 are ValueError; offsets beyond the file OSError or OverflowError.
    except (RuntimeError, zlib.error, EOFError, OSError, ValueError, OverflowError):
        message = _("A file in the ZIP archive is packed in a way that cannot be read.")
        raise ArchiveRefused("zip-unreadable", message) from None


def pieces(archive: zipfile.ZipFile, entry: Entry) -> Iterator[bytes]:
    """The content of an entry, a piece of at most PIECE bytes at a time."""
    with reading(), archive.open(entry.info) as source:
        while piece := source.read(PIECE):
            yield piece


def inspected(infos: list[zipfile.ZipInfo], limits: Limits) -> list[Entry]:
    """The entries of an archive that is safe; raises ArchiveRefused for any other."""
    if len(infos) > limits.entries:
        message = _("The ZIP archive holds %(count)d files; %(limit)d is the limit.")
        raise ArchiveRefused(
            "zip-too-many-files", message % {"count": len(infos), "limit": limits.entries}
        )
    entries = [Entry(member_name(info), info) for info in infos]
    for entry in entries:
        _refuse_unsafe(entry)
    _refuse_twice(entries)
    _refuse_bomb(infos, limits)
    return entries


def member_name(info: zipfile.ZipInfo) -> str:
    """The name as its author saw it.

    Without the UTF-8 flag the bytes are, in practice, UTF-8 (macOS) or GBK (Windows in Chinese);
    CP437, which the format prescribes, is what neither of them wrote.
    """
    if info.flag_bits & _UTF8_NAME or info.orig_filename.isascii():
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _refuse_unsafe(entry: Entry) -> None:
    name, info = entry
    parts = re.split(r"[/\\]", name)
    # What follows a zero byte is read by some programs and not by others.
    leads_out = name.startswith(("/", "\\")) or ".." in parts or "\0" in name
    if leads_out or re.match(r"[A-Za-z]:", name):
        message = _("The ZIP archive names a file outside itself (%(name)s) and was refused.")
        raise ArchiveRefused("zip-unsafe-name", message % {"name": name[:100]})
    if stat.S_ISLNK(info.external_attr >> 16):
        message = _("The ZIP archive holds a link (%(name)s) and was refused.")
        raise ArchiveRefused("zip-link", message % {"name": name[:100]})
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveRefused("zip-encrypted", _("The ZIP archive is locked with a password."))
    if info.compress_type not in _METHODS:
        message = _(
            "The ZIP archive packs %(name)s by an unusual method. Pack it again as an ordinary ZIP."
        )
        raise ArchiveRefused("zip-method", message % {"name": name[:100]})


def _refuse_twice(entries: list[Entry]) -> None:
    seen: set[str] = set()
    for name, _info in entries:
        if name.lower() in seen:
            message = _(
                "The ZIP archive holds two files named %(name)s; which is meant is unclear."
            )
            raise ArchiveRefused("zip-name-twice", message % {"name": name[:100]})
        seen.add(name.lower())


def _refuse_bomb(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    sizes = [(total, packed), *((info.file_size, info.compress_size) for info in infos)]
    bomb = any(size > RATIO_FROM + MAX_RATIO * packed for size, packed in sizes)
    if total > limits.unpacked or bomb:
        message = _("The ZIP archive would unpack to %(size)d MB, more than it can honestly hold.")
        raise ArchiveRefused("zip-too-large", message % {"size": total // 1024**2})
