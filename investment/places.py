"""Names of districts for pictures, which have less room than sentences."""

_KINDS = (" District", " County", " City")


def short_name(name: str) -> str:
    """An English name without the kind of district ("Qinggang County" → "Qinggang")."""
    for kind in _KINDS:
        name = name.removesuffix(kind)
    return name
