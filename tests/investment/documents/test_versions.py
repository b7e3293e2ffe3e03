"""A file becomes a version only when it is what its name says, and then never changes."""

import hashlib
import stat
import threading
import zipfile

import pytest
from django.db import connection

from investment.documents.errors import UploadRefused
from investment.documents.inspection import DOCX, PDF, XLSX, ZIP, safe_filename
from investment.documents.models import DocumentVersion
from investment.documents.services import document_version_add
from tests.investment.documents.files import (
    archive,
    docx,
    make_document,
    make_version,
    pdf,
    repacked,
    upload,
    xlsx,
)

pytestmark = pytest.mark.django_db

TYPES = "[Content_Types].xml"
MAIN = b"wordprocessingml.document.main+xml"


PARTS = {TYPES: "<Types/>" * 100}
LINK = zipfile.ZipInfo("说明.txt")
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16


def damaged(package: bytes) -> bytes:
    """A package with some bytes of its first member overwritten."""
    return package[:60] + b"\xff" * 12 + package[72:]


def files(media) -> list:
    return [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (docx(), "申请表.docx", DOCX),
        (xlsx(), "清单.XLSX", XLSX),
        (pdf(), "指南.pdf", PDF),
        (archive(), "材料.zip", ZIP),
    ],
)
def test_the_four_kinds_are_known_by_content(content, name, media_type):
    version = make_version(content=content, name=name)
    assert (version.media_type, version.filename) == (media_type, name)
    assert version.size == len(content)
    assert version.sha256 == hashlib.sha256(content).hexdigest()
    assert version.file.open().read() == content


def test_the_stored_name_tells_nothing(media):
    version = make_version(name="投资项目申请表.pdf")
    (path,) = files(media)
    assert "申请" not in path.name
    assert path.suffix == ".pdf"
    assert len(path.stem) == 24
    assert version.file.name.startswith("documents/")


REFUSED = {
    "a web page named PDF": (b"<html><script>alert(1)</script>", "a.pdf"),
    "a program": (b"MZ\x90\0" + b"\0" * 60, "a.pdf"),
    "an old Word file": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "a.docx"),
    "a Word file named PDF": (docx(), "a.pdf"),
    "a Word file named Excel": (docx(), "a.xlsx"),
    "a Word file named ZIP": (docx(), "a.zip"),
    "a PDF named Word": (pdf(), "a.docx"),
    "a PDF behind a second extension": (pdf(), "a.pdf.exe"),
    "a PDF cut short": (pdf(3000)[:2000], "a.pdf"),
    "an archive cut short": (archive()[:-30], "a.zip"),
    "a Word file cut short": (docx()[:-4000], "a.docx"),
    "an archive named Word": (archive(), "a.docx"),
    "an archive behind other bytes": (b"GIF89a" + archive(), "a.zip"),
    "a Word file with macros, declared": (
        repacked(
            docx(),
            {
                TYPES: [
                    (
                        b"</Types>",
                        b'<Override PartName="/word/a.bin" '
                        b'ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                    )
                ]
            },
        ),
        "a.docx",
    ),
    "a Word file with macros, by name": (
        repacked(docx(), added={"word/vbaProject.bin": b"1"}),
        "a.docx",
    ),
    "a macro-enabled Word file": (
        repacked(
            docx(),
            {
                TYPES: [
                    (
                        b"application/vnd.openxmlformats-officedocument." + MAIN,
                        b"application/vnd.ms-word.document.macroEnabled.main+xml",
                    )
                ]
            },
        ),
        "a.docx",
    ),
    "a Word file with entities": (
        repacked(docx(), {TYPES: [(b"<Types", b'<!DOCTYPE T [<!ENTITY m "x">]><Types')]}),
        "a.docx",
    ),
    "an archive with a program": (archive({"setup.exe": b"MZ"}), "a.zip"),
    "an archive with macros": (archive({"表.xlsm": b"PK"}), "a.zip"),
    "an archive that leads out": (archive({"../../etc/cron.d/x": b"*"}), "a.zip"),
    "an archive that leads out the way of Windows": (archive({"..\\..\\run.txt": "x"}), "a.zip"),
    "an archive with a link": (archive({LINK: "/etc/passwd"}), "a.zip"),
    "an archive with two files of one name": (archive({"a.txt": "1", "A.TXT": "2"}), "a.zip"),
    "an archive with a program as a stream of a file": (
        archive({"setup.exe::$DATA": b"MZ"}),
        "a.zip",
    ),
    "an archive packed by LZMA": (archive(compression=zipfile.ZIP_LZMA), "a.zip"),
    "a Word file packed by LZMA and damaged": (damaged(archive(PARTS, compression=14)), "a.docx"),
    "a Word file packed by bzip2 and damaged": (damaged(archive(PARTS, compression=12)), "a.docx"),
    "an OpenDocument text": (
        archive({"mimetype": "application/vnd.oasis.opendocument.text"}),
        "a.zip",
    ),
    "an Android program": (archive({"AndroidManifest.xml": "x"}), "a.zip"),
    "a bomb": (archive({"0": b"\0" * 9_000_000}, compression=zipfile.ZIP_DEFLATED), "a.zip"),
    "nothing at all": (b"", "a.pdf"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_leaves_nothing(case, media):
    content, name = REFUSED[case]
    document = make_document()
    with pytest.raises(UploadRefused) as refusal:
        document_version_add(document=document, file=upload(content, name))
    assert str(refusal.value)
    assert not document.versions.exists()
    assert not files(media)


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not(settings):
    settings.DOCUMENT_MAX_BYTES = len(pdf(1000))
    make_version(content=pdf(1000))
    with pytest.raises(UploadRefused):
        make_version(content=pdf(1001))


def test_an_encrypted_archive_is_refused():
    locked = bytearray(archive({"a.txt": "secret"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    with pytest.raises(UploadRefused):
        make_version(content=bytes(locked), name="a.zip")


def test_versions_count_up_and_the_highest_published_is_current():
    document = make_document()
    first = make_version(document)
    second = make_version(document)
    assert (first.number, second.number) == (1, 2)
    assert document.current == second
    DocumentVersion.objects.filter(pk=second.pk).update(published=False)
    assert document.current == first


def test_a_file_whose_row_cannot_be_written_is_taken_away_again(media):
    document = make_document()
    gone = type(document)(pk=document.pk)
    type(document).objects.filter(pk=document.pk).delete()
    with pytest.raises(type(document).DoesNotExist):
        make_version(gone)
    assert not files(media)


@pytest.mark.django_db(transaction=True)
def test_two_who_upload_at_once_get_two_numbers():
    document = make_document()
    start = threading.Barrier(4)

    def add():
        start.wait()
        make_version(document)
        connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(document.versions.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("投资 申请表（2026）.docx", "投资 申请表（2026）.docx"),
        ("C:\\Users\\x\\表.pdf", "表.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\u202egpj.pdf", "agpj.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
        ("长" * 300 + ".pdf", "长" * 146 + ".pdf"),
    ],
)
def test_names_are_made_safe_and_stay_readable(given, kept):
    assert safe_filename(given) == kept


@pytest.mark.parametrize("name", ["", ".", "..", ".pdf", "noextension", "/", "   .pdf"])
def test_names_that_are_none_are_refused(name):
    with pytest.raises(UploadRefused):
        safe_filename(name)
