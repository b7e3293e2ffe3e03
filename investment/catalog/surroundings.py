"""What pages draw and measure from map layers, kept until one of these layers changes."""

from collections.abc import Callable, Iterable
from hashlib import sha256

from django.core.cache import cache

from layers.serving.published import Collection, published_collections, states_of

_KEPT_S = 24 * 60 * 60


class Surroundings:
    """The public layers of these names and their states, read once for a page."""

    def __init__(self, slugs: Iterable[str]):
        wanted = set(slugs)
        self.layers: dict[str, Collection] = {
            each.id: each for each in published_collections() if each.id in wanted
        }
        self._states = states_of(list(self.layers.values()))

    def kept(self, make: Callable, *subject, drawn_from: Iterable[str], typed: str | None = None):
        """What `make` answers about a subject, made anew when one of the layers has changed.

        `typed` is a layer in whose state changes of typed records show; without it nothing is kept.
        """
        if typed and typed not in self._states:
            return make()
        states = sorted((slug, self._states.get(slug)) for slug in {*drawn_from, typed} - {None})
        said = repr((make.__qualname__, subject, states))
        key = f"surroundings:{sha256(said.encode()).hexdigest()}"
        return cache.get_or_set(key, make, timeout=_KEPT_S)
