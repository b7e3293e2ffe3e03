"""Documents and pictures: made only where they are missing."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from io import BytesIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from fixtures.suihua.content.documents import DocumentRow, documents
from fixtures.suihua.content.pictures import PictureRow, pictures
from fixtures.suihua.content.pictures.canvas import HEIGHT, WIDTH
from fixtures.suihua.content.rows import AS_OF
from investment.documents.services import document_version_add
from investment.models import Document, DocumentVersion, Park, Photo, Project, Site
from layers.records.publication import State

OWNERS = {"park": Park, "site": Site, "project": Project}
#: Where the pictures of the demonstration lie, under MEDIA_ROOT.
FOLDER = "photos/demonstration"


def load_documents(city) -> None:
    """Documents with their versions, attached to parks, sites and projects."""
    known = set(Document.objects.values_list("title_zh", flat=True))
    new = [row for row in documents(city.content) if row.values["title_zh"] not in known]
    for row in new:
        document = Document.objects.create(state=State.PUBLISHED, **row.values)
        for version, stored_at in zip(row.versions, _dates(len(row.versions)), strict=True):
            file = File(BytesIO(version.make()), name=version.filename)
            made = document_version_add(document=document, file=file, **version.values())
            DocumentVersion.objects.filter(pk=made.pk).update(created_at=stored_at)
            city.files.append(made.file.name)
        _attach(document, row)
    city.count("documents", len(new))


def _dates(count: int) -> list[datetime]:
    """When versions were stored, from the oldest: the newest on the date of the data."""
    newest = timezone.make_aware(datetime.combine(AS_OF, time(9)))
    return [newest - timedelta(days=180 * age) for age in reversed(range(count))]


def _attach(document: Document, row: DocumentRow) -> None:
    for related, slugs in row.attach.items():
        getattr(document, related).set(OWNERS[related[:-1]].objects.filter(slug__in=slugs))


def missing_pictures(content) -> list[PictureRow]:
    """Pictures whose place at their owner is empty."""
    known = {
        (kind, slug, order)
        for kind in OWNERS
        for slug, order in Photo.objects.exclude(**{kind: None}).values_list(
            f"{kind}__slug", "order"
        )
    }
    rows = pictures(content.parks, content.sites, content.projects)
    return [row for row in rows if (row.kind, row.owner, row.order) not in known]


def load_pictures(city) -> None:
    """Photos where they are missing, as they come from the drawing board."""
    owners = {kind: dict(m.objects.values_list("slug", "pk")) for kind, m in OWNERS.items()}
    photos = [_photo(city, row, owners[row.kind][row.owner], jpeg) for row, jpeg in city.pictures]
    Photo.objects.bulk_create(photos)
    city.count("pictures", len(photos))


def _photo(city, row: PictureRow, owner: int, image: bytes) -> Photo:
    name = default_storage.save(f"{FOLDER}/{row.filename}", ContentFile(image))
    city.files.append(name)
    # The size is known; given here, it spares reading the file back.
    size = {"width": WIDTH, "height": HEIGHT}
    return Photo(image=name, **size, **{f"{row.kind}_id": owner}, **row.values())
