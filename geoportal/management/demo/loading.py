"""The order of loading, in one transaction; files written on the way go if it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.files.storage import default_storage
from django.db import transaction

from fixtures.suihua import content
from fixtures.suihua.content import Content
from fixtures.suihua.content.pictures import PictureRow
from fixtures.suihua.content.pictures.drawing import drawing
from fixtures.suihua.geography import Geography
from fixtures.suihua.geography import build as build_geography
from geoportal.management.demo import catalogue, figures, media, offers, people, records
from layers.catalog.services import catalog_sync


@dataclass
class City:
    """The city to load, and what came of it: new rows by kind, files by name.

    `pictures` are those that are missing, each with its JPEG once it is asked for.
    """

    geography: Geography
    content: Content
    added: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    pictures: Iterable[tuple[PictureRow, bytes]] = ()

    def count(self, kind: str, number: int) -> None:
        """Note how many rows of a kind were new."""
        self.added[kind] = self.added.get(kind, 0) + number


STEPS: tuple[Callable[[City], None], ...] = (
    catalogue.load_contacts,
    catalogue.load_code_lists,
    catalogue.load_layers,
    records.load_districts,
    records.load_features,
    offers.load_parks,
    offers.load_sites,
    offers.load_projects,
    figures.load_indicators,
    media.load_documents,
    figures.load_policies,
    media.load_pictures,
    people.load_people,
)


def load() -> City:
    """Build the city and add to the database what it lacks."""
    geography = build_geography()
    city = City(geography, content.build(geography))
    missing = media.missing_pictures(city.content)
    subjects = [row.subject for row in missing]
    try:
        # The pictures are drawn by other processes while this one writes the rows.
        with drawing(city.content.ground, subjects) as images, transaction.atomic():
            city.pictures = zip(missing, images, strict=True)
            catalog_sync()
            for step in STEPS:
                step(city)
    except BaseException:
        for name in city.files:
            default_storage.delete(name)
        raise
    return city
