"""The layers that are served: catalogue row and declaration together, and their states."""

from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.core.cache import cache
from django.db.models import DateTimeField, Expression, QuerySet
from django.utils import timezone

from layers.catalog.declarations import declaration_for
from layers.catalog.models import Layer
from layers.errors import LayersError, UnknownLayer
from layers.postgis.statements import Given
from layers.postgis.states import StateSource, read_states
from layers.records.querysets import Summary
from layers.records.summaries import density_of, summary_of
from layers.registry import Declaration, typed_declarations

_MOST_STATEMENTS, _MOST_KNOWN = 200, 1000


class Statements:
    """What was made for a layer in one of its versions, by what is asked: most of it statements."""

    def __init__(self):
        self._written: dict[Hashable, Any] = {}

    def get(self, asked: Hashable, write: Callable[[], Any]) -> Any:
        """What `write` gives for what is asked, written once."""
        found = self._written.get(asked)
        if found is None:
            if len(self._written) >= _MOST_STATEMENTS:
                self._written.clear()
            found = self._written[asked] = write()
        return found


@dataclass(frozen=True, kw_only=True)
class Collection:
    """A public layer as one request sees it; `at` is the instant the request stands for."""

    layer: Layer
    declaration: Declaration
    at: datetime | Expression
    statements: Statements = field(default_factory=Statements)

    @property
    def at_any_time(self) -> "Collection":
        """The layer for statements that are told the instant, as `at`, when they are run."""
        return replace(self, at=Given("at", DateTimeField()))

    @property
    def id(self) -> str:
        """The collection id in addresses."""
        return self.layer.slug

    @property
    def typed(self) -> bool:
        """Whether code declares the layer."""
        return self.layer.kind == Layer.Kind.TYPED

    @property
    def levels(self) -> int | None:
        """At which levels of the curve it has records; None: not known, as of typed layers."""
        return None if self.typed else self.layer.levels

    @property
    def density(self) -> float:
        """How many records the world had, were they everywhere as many as within the layer's box.

        Of typed layers it is not known, which are small: 0.
        """
        return (
            0 if self.typed else self.statements.get("density", lambda: density_of(self.layer.pk))
        )

    @property
    def source(self) -> StateSource:
        """Where the state of the layer is read."""
        if not self.typed:
            own = (self.declaration.records().order_by(),)
            return StateSource(layer_id=self.layer.pk, records=own, at=self.at)
        # A site names its park: one that goes out of effect by the clock changes both.
        tables = {each.records().model for each in typed_declarations().values()}
        records = tuple(model.objects.order_by() for model in sorted(tables, key=str))
        return StateSource(layer_id=None, records=records, at=self.at)

    def public_records(self) -> QuerySet:
        """The records anybody may see at the instant of the request."""
        return self.declaration.records().public(self.at)

    def state(self) -> str:
        """A text that changes whenever what the public sees of the layer changes."""
        return read_states({self.id: self.source})[self.id]

    def summary(self, state: str) -> Summary:
        """Count and extents of the public records, counted once for each state."""
        name = f"layer-summary:{self.layer.pk}:{state}"
        return self.statements.get(
            name, lambda: cache.get_or_set(name, self._summary, timeout=None)
        )

    def _summary(self) -> Summary:
        records = self.public_records()
        return records.summary() if self.typed else summary_of(self.layer.pk, records)


def published_collection(slug: str) -> Collection:
    """The public layer of this name; raises UnknownLayer."""
    layer = _rows().filter(slug=slug).first() if "\x00" not in slug else None
    if layer is None or not _is_declared(layer):
        raise UnknownLayer(slug)
    return Collection(layer=layer, declaration=declaration_for(layer), at=timezone.now())


#: The layers as they were read last, by name.
_known: dict[str, Collection] = {}


class Read(Protocol):
    """What was read of a layer, and in which version of the layer."""

    @property
    def version(self) -> int | None: ...


R = TypeVar("R", bound=Read)


def read_up_to_date(slug: str, read: Callable[[Collection], R]) -> R:
    """What `read` gives of the public layer of this name as it is now; raises UnknownLayer.

    It is tried with the layer as this process knows it, which saves asking for its declaration. The
    version tells whether that is still the one that is served; where the layer has changed, it may
    show other fields, or nothing.
    """
    known = _known.get(slug)
    if known is not None:
        # What the layer was known to refuse may be right by now.
        with suppress(LayersError):
            found = read(replace(known, at=timezone.now()))
            if found.version == known.layer.version:
                return found
    while True:
        collection = published_collection(slug)
        found = read(collection)
        if found.version == collection.layer.version:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known[slug] = collection
            return found


def published_collections() -> list[Collection]:
    """All public layers in the order of the layer tree, at one instant."""
    at = timezone.now()
    return [
        Collection(layer=layer, declaration=declaration_for(layer), at=at)
        for layer in _rows()
        if _is_declared(layer)
    ]


def states_of(collections: list[Collection]) -> dict[str, str]:
    """The states of several layers, read in one statement."""
    return read_states({each.id: each.source for each in collections})


def _rows() -> QuerySet:
    return Layer.objects.public().select_related("group", "steward")


def _is_declared(layer: Layer) -> bool:
    # The row of a typed layer outlives an app that is no longer installed.
    return layer.kind == Layer.Kind.STORED or layer.slug in typed_declarations()
