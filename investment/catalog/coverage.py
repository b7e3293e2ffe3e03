"""Whether the place a project names can carry what it needs (供需匹配)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from investment.catalog.models import Project, UtilityKind
from investment.catalog.supply import free_of, supply_of

M2_PER_HA = 10_000


class Where(StrEnum):
    """What is compared with a need."""

    SITE = "site"
    PARK = "park"


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """One need of a project and what its site has free for it, or else the park.

    `kind` is none for land, which is told in m². `free` is none where nothing is stated.
    """

    kind: UtilityKind | None
    need: Decimal
    free: Decimal | None = None
    where: Where | None = None

    @property
    def short(self) -> Decimal | None:
        """How much is wanting: nought where the need is covered, none where nothing is stated."""
        return None if self.free is None else max(self.need - self.free, Decimal(0))


def coverage_of(project: Project) -> list[Coverage]:
    """Every need of a project, land first, beside what its place has free.

    Reads the utilities of the site and of the park, which `for_page` fetched.
    """
    found = []
    if project.land_need_m2:
        free, where = _land(project)
        found.append(Coverage(kind=None, need=project.land_need_m2, free=free, where=where))
    needs = {need.kind: need.demand for need in project.utility_needs.all()}
    for kind in UtilityKind:
        if kind in needs:
            free, where = _utility(project, kind)
            found.append(Coverage(kind=kind, need=needs[kind], free=free, where=where))
    return found


def _land(project: Project) -> tuple[Decimal | None, Where | None]:
    if project.site:
        return project.site.area_m2, Where.SITE
    if project.park and project.park.area_available_ha is not None:
        return project.park.area_available_ha * M2_PER_HA, Where.PARK
    return None, None


def _utility(project: Project, kind: UtilityKind) -> tuple[Decimal | None, Where | None]:
    if project.site:
        supply = supply_of(project.site).get(kind)
        if supply:
            return supply.headroom, Where.SITE if supply.at_plot else Where.PARK
    free = free_of(project.park.utilities.all(), kind) if project.park else None
    return free, None if free is None else Where.PARK
