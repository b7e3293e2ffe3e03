"""The typed layers that apps register from their `map_layers` modules."""

from layers.registry.declaration import Declaration

_typed: dict[str, Declaration] = {}


def register(declaration: Declaration) -> Declaration:
    """Add a typed layer; a slug may be taken once."""
    if declaration.slug in _typed:
        raise ValueError(f"layer {declaration.slug!r} is registered twice")
    _typed[declaration.slug] = declaration
    return declaration


def typed_declarations() -> dict[str, Declaration]:
    """The registered typed layers by slug."""
    return dict(_typed)
