"""Documents and pictures: drawn and written only where they are missing."""

from __future__ import annotations

from io import BytesIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from fixtures.suihua.content.documents import DocumentRow, documents
from fixtures.suihua.content.pictures import PictureRow, pictures
from fixtures.suihua.content.pictures.canvas import HEIGHT, WIDTH
from fixtures.suihua.content.pictures.drawing import draw_all
from investment.documents.services import document_version_add
from investment.models import Document, Park, Photo, Project, Site
from layers.records.models import State

OWNERS = {"park": Park, "site": Site, "project": Project}
#: Where the pictures of the demonstration lie, under MEDIA_ROOT.
FOLDER = "photos/demonstration"


def load_documents(city) -> None:
    """Documents with their versions, attached to parks, sites and projects."""
    known = set(Document.objects.values_list("title_zh", flat=True))
    new = [row for row in documents(city.content) if row.values["title_zh"] not in known]
    for row in new:
        document = Document.objects.create(state=State.PUBLISHED, **row.values)
        for version in row.versions:
            file = File(BytesIO(version.make()), name=version.filename)
            made = document_version_add(document=document, file=file, **version.values())
            city.files.append(made.file.name)
        _attach(document, row)
    city.count("documents", len(new))


def _attach(document: Document, row: DocumentRow) -> None:
    for related, slugs in row.attach.items():
        getattr(document, related).set(OWNERS[related[:-1]].objects.filter(slug__in=slugs))


def load_pictures(city) -> None:
    """Photos of every park, site and project that has none in their place."""
    owners = {kind: dict(m.objects.values_list("slug", "pk")) for kind, m in OWNERS.items()}
    known = {
        (kind, pk, order)
        for kind in OWNERS
        for pk, order in Photo.objects.exclude(**{kind: None}).values_list(f"{kind}_id", "order")
    }
    content = city.content
    rows = [
        row
        for row in pictures(content.parks, content.sites, content.projects)
        if (row.kind, owners[row.kind][row.owner], row.order) not in known
    ]
    drawn = draw_all(content.ground, [row.subject for row in rows])
    photos = [
        _photo(city, row, owners[row.kind][row.owner], image)
        for row, image in zip(rows, drawn, strict=True)
    ]
    Photo.objects.bulk_create(photos)
    city.count("pictures", len(photos))


def _photo(city, row: PictureRow, owner: int, image: bytes) -> Photo:
    name = default_storage.save(f"{FOLDER}/{row.filename}", ContentFile(image))
    city.files.append(name)
    # The size is known; given here, it spares reading the file back.
    size = {"width": WIDTH, "height": HEIGHT}
    return Photo(image=name, **size, **{f"{row.kind}_id": owner}, **row.values())
