"""Writes of documents: a new version, a counted download."""

import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import F, Max
from django.template.defaultfilters import filesizeformat
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from investment.documents.errors import UploadRefused
from investment.documents.inspection import EXTENSIONS, media_type_of, safe_filename
from investment.documents.models import Document, DocumentVersion


def upload_checked(*, file: File, filename: str = "") -> tuple[str, str]:
    """The safe name and the media type of an upload, or UploadRefused with the reason."""
    name = safe_filename(filename or file.name or "")
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        raise UploadRefused(_("The file is empty."))
    if size > settings.DOCUMENT_MAX_BYTES:
        raise UploadRefused(
            _("The file is larger than %(limit)s.")
            % {"limit": filesizeformat(settings.DOCUMENT_MAX_BYTES)}
        )
    return name, media_type_of(file, name)


def document_version_add(
    *,
    document: Document,
    file: File,
    filename: str = "",
    note_zh: str = "",
    note_en: str = "",
    published: bool = True,
    checked: tuple[str, str] | None = None,
) -> DocumentVersion:
    """Store a file as the document's next version; raises UploadRefused.

    `file` is seekable; `filename`, by default its own, is the name visitors get. The stored name
    is drawn at random, so that nothing about the file can be guessed or overwritten. `checked` is
    what `upload_checked` has answered where it was asked of this very file already.
    """
    name, media_type = checked or upload_checked(file=file, filename=filename)
    version = DocumentVersion(
        document=document,
        filename=name,
        media_type=media_type,
        note_zh=note_zh,
        note_en=note_en,
        published=published,
    )
    content = _Hashed(file)
    stored_name = get_random_string(24) + EXTENSIONS[media_type]
    version.file.save(stored_name, content, save=False)
    version.size, version.sha256 = content.length, content.digest
    try:
        _number_and_save(version)
    except BaseException:
        version.file.storage.delete(version.file.name)
        raise
    return version


@transaction.atomic
def _number_and_save(version: DocumentVersion) -> None:
    # The lock on the document makes numbers follow each other when two people upload at once; it
    # is taken after the slow storing, not before.
    document = Document.objects.select_for_update().get(pk=version.document_id)
    highest = document.versions.aggregate(highest=Max("number"))["highest"] or 0
    version.number = highest + 1
    version.save(force_insert=True)


def download_count(*, version: DocumentVersion) -> None:
    """Count one download, right also when many end at once."""
    DocumentVersion.objects.filter(pk=version.pk).update(downloads=F("downloads") + 1)


class _Hashed(File):
    """A file that is summed while the storage reads it, so that it is read once."""

    def __init__(self, file: File):
        super().__init__(file, name=file.name)
        self._sum = hashlib.sha256()
        self.length = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        self.file.seek(0)
        while block := self.file.read(chunk_size or self.DEFAULT_CHUNK_SIZE):
            self._sum.update(block)
            self.length += len(block)
            yield block

    @property
    def digest(self) -> str:
        """SHA-256 of what was read, in hexadecimal."""
        return self._sum.hexdigest()
