"""The utilities an investor would get at a site (公用工程供应)."""

from dataclasses import dataclass

from investment.catalog.models import Site, Utility, UtilityKind


@dataclass(frozen=True, kw_only=True)
class Supply:
    """One utility of a site, said whether it lies at the plot or in the park."""

    kind: UtilityKind
    utility: Utility
    at_plot: bool


def supply_of(site: Site) -> dict[str, Supply]:
    """By kind, the connection with most headroom: at the plot, else in its park.

    Reads `site.utilities` and `site.park.utilities`, which `for_cards` fetched.
    """
    in_park = site.park.utilities.all() if site.park else ()
    found: dict[str, Supply] = {}
    for utilities, at_plot in ((site.utilities.all(), True), (in_park, False)):
        named = set(found)
        for utility in utilities:
            best = found.get(utility.kind)
            if utility.kind not in named and (not best or best.utility.headroom < utility.headroom):
                kind = UtilityKind(utility.kind)
                found[utility.kind] = Supply(kind=kind, utility=utility, at_plot=at_plot)
    return {kind: found[kind] for kind in UtilityKind.values if kind in found}
