"""What the viewer and other programs are told of the layers in a static set, in one language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from layers.bilingual import Text
from layers.catalog.declarations import code_books
from layers.registry import Field, FieldType
from layers.serving.documents import extent_of, layer_members
from layers.serving.published import Collection, states_of
from layers.serving.styles.maplibre import hide_at_first, style_document
from layers.serving.tiles.contents import Box, drawn_fields
from layers.serving.tiles.contents import extent_of as box_of
from layers.serving.tiles.documents import attribution, vector_layer

#: The archive, as the viewer and the styles name it.
ARCHIVE = "tiles.pmtiles"
_SOURCE = "layers"
_KINDS = {FieldType.BOOLEAN: "Boolean"}


@dataclass(frozen=True)
class StaticSet:
    """Layers as they stand at one instant, in tiles up to level `last`.

    `is_lean`: tiles have the fields a map draws by and names by, not all public ones.
    """

    collections: Sequence[Collection]
    states: dict[str, str]
    last: int
    is_lean: bool

    @classmethod
    def of(cls, collections: Sequence[Collection], last: int, *, is_lean: bool) -> "StaticSet":
        """A set of layers as they are now."""
        return cls(collections, states_of(list(collections)), last, is_lean)

    @property
    def at(self) -> datetime:
        """The instant the set stands for."""
        return self.collections[0].at

    @property
    def title(self) -> str:
        """The title of the layer, or where there are several that of the service."""
        if len(self.collections) == 1:
            return self.collections[0].layer.title
        return str(Text(**settings.SITE_TITLE))

    @property
    def box(self) -> Box:
        """The box of degrees around all records."""
        return box_of(self.collections, self.states)

    def fields(self, collection: Collection) -> tuple[Field, ...]:
        """The fields of a layer that tiles have, besides the key."""
        declaration = collection.declaration
        if self.is_lean:
            return drawn_fields(declaration)
        return tuple(field for field in declaration.public_fields if field.name != "id")


def metadata(static_set: StaticSet) -> dict:
    """What the archive says of itself (PMTiles 3, section 5)."""
    return {
        "name": static_set.title,
        "description": " · ".join(each.layer.title for each in static_set.collections),
        "attribution": attribution(static_set.collections),
        "type": "overlay",
        "vector_layers": [
            vector_layer(each, _kinds(static_set.fields(each)), static_set.last)
            for each in static_set.collections
        ],
    }


def _kinds(fields: Iterable[Field]) -> dict[str, str]:
    """What programs read the values of fields as (PMTiles 3, section 5.3)."""
    return {
        field.name: "Number" if field.is_numeric else _KINDS.get(field.type, "String")
        for field in fields
    }


def style(static_set: StaticSet, language: str) -> dict:
    """The look of the layers, their tiles taken from the archive beside it."""
    collections = list(static_set.collections)
    document = style_document(static_set.title, collections, language, str)
    if len(collections) > 1:
        hide_at_first(document, collections)
    for layer in document["layers"]:
        if "source" in layer:
            layer["source"] = _SOURCE
    document["sources"] = {_SOURCE: {"type": "vector", "url": f"pmtiles://{ARCHIVE}"}}
    return document


def description(static_set: StaticSet, language: str, gathered: int) -> dict:
    """What the viewer needs to know; `gathered` tiles of the last level gather records."""
    books = code_books()
    return {
        "title": static_set.title,
        "language": language,
        "archive": ARCHIVE,
        "style": style_name(language),
        "madeOn": timezone.localdate(static_set.at).isoformat(),
        "lastZoom": static_set.last,
        "isGathered": gathered > 0,
        "box": static_set.box,
        "collections": [_layer(static_set, each, books) for each in static_set.collections],
    }


def style_name(language: str) -> str:
    """The name of the style in a language."""
    return f"style.{language}.json"


def _layer(static_set: StaticSet, collection: Collection, books) -> dict:
    summary = collection.summary(static_set.states[collection.id])
    members = layer_members(collection, summary, books)
    told = {"id", *(field.name for field in static_set.fields(collection))}
    members["fields"] = [field for field in members["fields"] if field["name"] in told]
    return {
        "id": collection.id,
        "title": collection.layer.title,
        "description": collection.layer.abstract,
        "extent": extent_of(summary),
        # The pages of records are the service's, which need not be in reach.
        "geoportal": {**members, "page": None},
    }
