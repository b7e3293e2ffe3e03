"""What an uploaded file is, judged by its content; its name must agree (文件类型检查).

DOCX and XLSX are Open Packaging ZIPs (ISO/IEC 29500-2): the content types part says what the main
part is and whether any part holds macros. A ZIP is looked into for what must not be handed on.
"""

import re
import unicodedata
import zipfile
from typing import BinaryIO
from xml.etree import ElementTree

import puremagic
from django.utils.translation import gettext as _

from investment.documents.errors import UploadRefused
from layers.archives import ArchiveRefused, Entry, Limits, opened, pieces, reading

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
ZIP = "application/zip"
EXTENSIONS = {DOCX: ".docx", XLSX: ".xlsx", PDF: ".pdf", ZIP: ".zip"}

_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_PARTS = {f"{DOCX}.main+xml": DOCX, f"{XLSX}.main+xml": XLSX}
#: Packages that are ZIPs by build and something else by nature: ODF and EPUB, Java, Android.
_OTHER_PACKAGES = {"mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"}
_MACRO_EXTENSIONS = (
    ".docm",
    ".dotm",
    ".xlsm",
    ".xltm",
    ".xlam",
    ".xlsb",
    ".pptm",
    ".potm",
    ".ppam",
)
_PROGRAM_EXTENSIONS = (
    *(".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js"),
    *(".jse", ".wsf", ".hta", ".jar", ".lnk", ".reg", ".apk", ".sh"),
)
_LIMITS = Limits(entries=10_000, unpacked=2 * 1024**3)
_MAX_NAME = 150


def safe_filename(name: str) -> str:
    """The name a visitor's computer may take: one segment, no control or direction marks.

    Chinese stays as it is. At most 150 characters, the extension kept.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    # Categories C*: control, format (which hold the direction overrides), surrogate, private.
    name = "".join(c for c in name if not unicodedata.category(c).startswith("C"))
    name = re.sub(r'[<>:"|?*%]', "_", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem.strip(" ."):
        raise UploadRefused(_("The file needs a name with an extension, such as 申请表.docx."))
    return f"{stem.strip()[: _MAX_NAME - len(extension) - 1]}.{extension}"


def media_type_of(file: BinaryIO, filename: str) -> str:
    """The media type of a seekable file by its content; raises UploadRefused for all but four.

    Leaves the file at its beginning.
    """
    file.seek(0)
    head = file.read(2048)
    try:
        media_type = _by_content(file, head)
    finally:
        file.seek(0)
    expected = EXTENSIONS[media_type]
    if not filename.lower().endswith(expected):
        raise UploadRefused(
            _("The content is %(found)s, but the name “%(name)s” says otherwise.")
            % {"found": expected[1:].upper(), "name": filename}
        )
    return media_type


def _by_content(file: BinaryIO, head: bytes) -> str:
    if head.startswith(b"%PDF-"):
        return _checked_pdf(file)
    if head.startswith(b"PK\x03\x04"):
        return _checked_zip(file)
    raise UploadRefused(
        _("Only DOCX, XLSX, PDF and ZIP files are offered for download; this is %(found)s.")
        % {"found": _best_guess(head)}
    )


def _best_guess(head: bytes) -> str:
    try:
        return puremagic.from_string(head).lstrip(".").upper()
    except (puremagic.PureError, ValueError):
        return _("something else")


def _checked_pdf(file: BinaryIO) -> str:
    # Readers look for the end mark in the last kilobyte; a file cut short in transfer has none.
    end = file.seek(0, 2)
    file.seek(max(0, end - 1024))
    if b"%%EOF" not in file.read():
        raise UploadRefused(_("The PDF file ends too early; it was not transferred whole."))
    return PDF


def _checked_zip(file: BinaryIO) -> str:
    try:
        with opened(file, _LIMITS) as (archive, entries):
            return _package_type(archive, entries)
    except ArchiveRefused as error:
        raise UploadRefused(str(error)) from None


def _package_type(archive: zipfile.ZipFile, entries: list[Entry]) -> str:
    _refuse_programs(entries)
    by_name = {entry.name: entry for entry in entries}
    if _CONTENT_TYPES in by_name:
        return _office_type(archive, by_name[_CONTENT_TYPES])
    if by_name.keys() & _OTHER_PACKAGES:
        raise UploadRefused(
            _("Only DOCX, XLSX, PDF and ZIP files are offered for download; this is %(found)s.")
            % {"found": _("something else")}
        )
    return ZIP


def _refuse_programs(entries: list[Entry]) -> None:
    """Programs and macros in any entry, also behind a name that Windows reads in another way."""
    for entry in entries:
        name = entry.name.lower()
        if ":" in name:
            raise UploadRefused(_("The archive holds a path that leads out of its folder."))
        if name.endswith(_PROGRAM_EXTENSIONS):
            raise UploadRefused(_("The archive holds a program: %s") % entry.name)
        if name.endswith((*_MACRO_EXTENSIONS, "vbaproject.bin")):
            raise UploadRefused(_("Documents with macros are not accepted."))


def _office_type(archive: zipfile.ZipFile, content_types: Entry) -> str:
    types = _declared_types(archive, content_types)
    if any("macroenabled" in name or "vbaproject" in name for name in map(str.lower, types)):
        raise UploadRefused(_("Documents with macros are not accepted."))
    main = {_MAIN_PARTS[name] for name in types if name in _MAIN_PARTS}
    if len(main) != 1:
        raise UploadRefused(
            _("Only DOCX, XLSX, PDF and ZIP files are offered for download; this is %(found)s.")
            % {"found": _("another kind of office document")}
        )
    with reading():
        damaged = archive.testzip()
    if damaged:
        raise UploadRefused(_("The archive is damaged or not transferred whole."))
    return main.pop()


def _declared_types(archive: zipfile.ZipFile, content_types: Entry) -> set[str]:
    # One piece: a part longer than that is cut, and then no XML.
    text = next(pieces(archive, content_types), b"")
    # Entities could hide a macro part's type, or grow without end; no office program writes any.
    if b"<!" in text or b"<\0!" in text:
        raise UploadRefused(_("The archive is damaged or not transferred whole."))
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise UploadRefused(_("The archive is damaged or not transferred whole.")) from None
    return {element.get("ContentType", "").strip() for element in root}
