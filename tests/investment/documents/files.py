"""Small files of each kind, made here, and a document to attach them to."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as WordDocument
from openpyxl import Workbook

from investment.documents.models import Document
from investment.documents.services import document_version_add


def docx(text="申请表") -> bytes:
    """A Word document with one paragraph."""
    buffer = io.BytesIO()
    document = WordDocument()
    document.add_paragraph(text)
    document.save(buffer)
    return buffer.getvalue()


def xlsx() -> bytes:
    """A workbook with one cell."""
    buffer = io.BytesIO()
    book = Workbook()
    book.active["A1"] = "项目"
    book.save(buffer)
    return buffer.getvalue()


def pdf(padding=0) -> bytes:
    """Enough of a PDF to be known as one."""
    return b"%PDF-1.7\n" + b"%" * padding + b"\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def archive(entries=None, **options) -> bytes:
    """A ZIP of names and contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as file:
        for name, content in (entries or {"说明.txt": "请阅读"}).items():
            file.writestr(name, content)
    return buffer.getvalue()


def repacked(package: bytes, changes=None, added=None) -> bytes:
    """An Office package with parts changed (old text → new) and parts added."""
    source = zipfile.ZipFile(io.BytesIO(package))
    entries = {}
    for name in source.namelist():
        content = source.read(name)
        for old, new in (changes or {}).get(name, ()):
            content = content.replace(old, new)
        entries[name] = content
    return archive({**entries, **(added or {})})


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    """What a browser sends; the type it claims is not looked at."""
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def make_document(**given) -> Document:
    """A published application form without a file yet."""
    defaults = {
        "title_zh": "投资项目申请表",
        "title_en": "Investment project application form",
        "kind": "form",
        "language": "zh",
        "state": "published",
    }
    return Document.objects.create(**{**defaults, **given})


def make_version(document=None, content=None, name="投资项目申请表.pdf", **given):
    """A published version; by default a PDF of about a kilobyte."""
    return document_version_add(
        document=document or make_document(),
        file=upload(content or pdf(1000), name),
        **given,
    )
