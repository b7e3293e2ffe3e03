"""The utilities an investor would get at a site (公用工程供应)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from investment.catalog.models import Site, Utility, UtilityKind


@dataclass(frozen=True, kw_only=True)
class Supply:
    """One utility of a site, said whether it lies at the plot or in the park.

    `headroom` is what all its connections have free; `utility` is the one that has most.
    """

    kind: UtilityKind
    headroom: Decimal
    utility: Utility
    at_plot: bool


def free_of(utilities: Iterable[Utility], kind: str) -> Decimal | None:
    """What these utilities have free of one kind, as `querysets.headroom_in_park` tells it."""
    free = [utility.headroom for utility in utilities if utility.kind == kind]
    return sum(free) if free else None


def supply_of(site: Site) -> dict[str, Supply]:
    """By kind, what a site gets: at the plot, else in its park.

    Reads `site.utilities` and `site.park.utilities`, which `for_cards` fetched.
    """
    in_park = site.park.utilities.all() if site.park else ()
    found = {kind: _supply(kind, site.utilities.all(), in_park) for kind in UtilityKind}
    return {kind.value: supply for kind, supply in found.items() if supply}


def _supply(kind: UtilityKind, at_plot, in_park) -> Supply | None:
    for utilities, is_at_plot in ((at_plot, True), (in_park, False)):
        own = [utility for utility in utilities if utility.kind == kind]
        if own:
            most = max(own, key=lambda utility: utility.headroom)
            free = free_of(own, kind)
            return Supply(kind=kind, headroom=free, utility=most, at_plot=is_at_plot)
    return None
