"""The branches of the layer tree (图层分组) that code declares; staff may add their own."""

from layers.bilingual import Text

_groups: dict[str, tuple[Text, int]] = {}


def register_group(slug: str, title: Text, order: int) -> None:
    """Add a branch of the layer tree; a slug may be taken once."""
    if slug in _groups:
        raise ValueError(f"layer group {slug!r} is registered twice")
    _groups[slug] = (title, order)


def registered_groups() -> dict[str, tuple[Text, int]]:
    """Title and place in the tree of each declared branch."""
    return dict(_groups)
