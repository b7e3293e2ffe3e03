"""Whether the place a project names can carry what it needs (供需匹配)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils import timezone

from investment.catalog.models import Project, Utility, UtilityKind
from investment.catalog.supply import free_of

M2_PER_HA = 10_000


class Where(StrEnum):
    """What is compared with a need."""

    SITE = "site"
    PARK = "park"


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """One need of a project and what its site has free for it, or else the park.

    `kind` is none for land, which is told in m². `free` is none where nothing is stated. Plants and
    lines that are still to come count from a day on: `since`, none where what stands is enough.
    """

    kind: UtilityKind | None
    need: Decimal
    free: Decimal | None = None
    where: Where | None = None
    since: date | None = None

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
    return found + [_utility(project, kind, needs[kind]) for kind in UtilityKind if kind in needs]


def _land(project: Project) -> tuple[Decimal | None, Where | None]:
    if project.site:
        return project.site.area_m2, Where.SITE
    if project.park and project.park.area_available_ha is not None:
        return project.park.area_available_ha * M2_PER_HA, Where.PARK
    return None, None


def _utility(project: Project, kind: UtilityKind, need: Decimal) -> Coverage:
    for utilities, where in _places(project):
        own = [utility for utility in utilities if utility.kind == kind]
        if own:
            free, since = free_of(own, kind), _enough_since(own, need)
            return Coverage(kind=kind, need=need, free=free, where=where, since=since)
    return Coverage(kind=kind, need=need)


def _places(project: Project) -> Iterator[tuple[Iterable[Utility], Where]]:
    """Where utilities are looked for: at the plot, in its park, in the park of the project."""
    if project.site:
        yield project.site.utilities.all(), Where.SITE
        if project.site.park:
            yield project.site.park.utilities.all(), Where.PARK
    if project.park:
        yield project.park.utilities.all(), Where.PARK


def _enough_since(utilities: list[Utility], need: Decimal) -> date | None:
    """The day still to come on which the need is covered; none where it is already, or never."""
    today = timezone.localdate()
    free = Decimal(0)
    for utility in sorted(utilities, key=lambda each: each.available_from or date.min):
        free += utility.headroom
        if free >= need:
            begin = utility.available_from
            return begin if begin and begin > today else None
    return None
