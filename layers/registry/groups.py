"""The branches of the layer tree (图层分组) that code declares; staff may add their own."""

from typing import NamedTuple

from layers.bilingual import Text

#: What layers of a branch are about where nobody says it (ISO 19115, MD_TopicCategoryCode).
PLANNING = "planningCadastre"


class Group(NamedTuple):
    """A branch: its title, its place in the tree, and its topic by ISO 19115."""

    title: Text
    order: int
    topic: str


_groups: dict[str, Group] = {}


def register_group(slug: str, title: Text, order: int, topic: str = PLANNING) -> None:
    """Add a branch of the layer tree; a slug may be taken once."""
    if slug in _groups:
        raise ValueError(f"layer group {slug!r} is registered twice")
    _groups[slug] = Group(title, order, topic)


def registered_groups() -> dict[str, Group]:
    """The declared branches by their slugs."""
    return dict(_groups)


def topic_of(slug: str) -> str:
    """What the layers of a branch are about; of one that staff made, planning."""
    return _groups[slug].topic if slug in _groups else PLANNING
