"""What a list page shows, read from its address: records, notices, chips, near misses.

Values that cannot be read never break the page: each gives a notice and is left out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from investment.catalog.filters import GroupedFilter
from investment.quantities import number
from layers.catalog.models import Contact, Layer

PAGE_SIZE = 24
NEAR_MISSES = 5
VIEWS = ("cards", "table")
#: What messengers and advertisers add to shared links; nobody's mistake, so nobody is told.
_TRACKING = ("utm_", "from", "isappinstalled", "fbclid", "gclid", "wxshare")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list: what it starts from, its filters, its orders by name, the first the usual one.

    `layer` is the layer whose steward answers when nothing is found.
    """

    records: Callable[[], QuerySet]
    filters: type[GroupedFilter]
    sorts: Mapping[str, tuple[str, Callable[[QuerySet], QuerySet]]]
    layer: str

    def select(self, parameters: QueryDict) -> GroupedFilter:
        """The filters as given, over what the public may see."""
        return self.filters(parameters, queryset=self.records())


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One active filter: what it says, and the query without it."""

    label: str
    value: str
    name: str
    without: str


@dataclass(frozen=True, kw_only=True)
class NearMiss:
    """How many records there would be without one of the filters."""

    chip: Chip
    count: int


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """Everything a list page shows."""

    filters: GroupedFilter
    notices: list[str]
    chips: list[Chip]
    page: Page
    sort: str
    sorts: list[tuple[str, str]]
    view: str
    query: str
    near_misses: list[NearMiss]
    near_records: list
    contact: Contact | None


def read_list(listing: Listing, parameters: QueryDict) -> ListPage:
    """The list as its address asks for it."""
    filters = listing.select(parameters)
    sort, sort_notice = _one_of(parameters, "sort", listing.sorts, _("Order"))
    view, view_notice = _one_of(parameters, "view", VIEWS, pgettext("of a list", "View"))
    records = listing.sorts[sort][1](filters.qs.for_cards())
    page, page_notice = _page_of(records, parameters.get("page", "1"))
    chips = list(active_chips(filters, parameters))
    near = [] if page.object_list else _near_misses(listing, chips)
    return ListPage(
        filters=filters,
        notices=[*problems(filters, parameters), *sort_notice, *view_notice, *page_notice],
        chips=chips,
        page=page,
        sort=sort,
        sorts=[(name, label) for name, (label, _order) in listing.sorts.items()],
        view=view,
        query=_without(parameters, "page"),
        near_misses=near,
        near_records=_near_records(listing, near),
        contact=steward_of(listing.layer),
    )


def problems(filters: GroupedFilter, parameters: QueryDict) -> list[str]:
    """What in the address could not be read, in words."""
    found = [
        _("“%(label)s” was left out: %(reason)s")
        % {"label": filters.form[name].label, "reason": " ".join(map(str, errors))}
        for name, errors in filters.form.errors.items()
    ]
    known = {*filters.filters, "sort", "view", "page"}
    unknown = [n for n in parameters if n not in known and not n.startswith(_TRACKING)]
    if unknown:
        names = ", ".join(f"“{name[:40]}”" for name in unknown[:5])
        found.append(_("There is no filter called %(names)s; it was left out.") % {"names": names})
    return [*found, *crossed_bounds(filters)]


def sort_problems(listing: Listing, parameters: QueryDict) -> list[str]:
    """That there is no such order, in words."""
    return _one_of(parameters, "sort", listing.sorts, _("Order"))[1]


def crossed_bounds(filters: GroupedFilter) -> list[str]:
    """Lower bounds above their upper ones, which nothing can meet."""
    crossed = []
    for low, high in ((f"{name[:-4]}_min", name) for name in filters.filters if "_max" in name):
        least = filters.given(low) if low in filters.filters else None
        most = filters.given(high)
        if least is not None and most is not None and least > most:
            labels = {"low": filters.form[low].label, "high": filters.form[high].label}
            crossed.append(_("“%(low)s” is above “%(high)s”: nothing can match both.") % labels)
    return crossed


def active_chips(filters: GroupedFilter, parameters: QueryDict) -> Iterable[Chip]:
    """A chip for each filter with a value that was understood, in the order of the form."""
    for name in filters.filters:
        value = filters.given(name)
        if value is None:
            continue
        bound = filters.form[name]
        yield Chip(
            label=str(bound.label),
            value=_shown(bound, value),
            name=name,
            without=_without(parameters, name, "page"),
        )


def _shown(bound: BoundField, value) -> str:
    if unit := getattr(bound.field, "unit", None):
        return f"{number(value)} {unit}"
    if isinstance(value, list):
        return ", ".join(_label(bound, one) for one in value)
    return _label(bound, value) if hasattr(bound.field, "choices") else str(value)


def _label(bound: BoundField, value) -> str:
    if not isinstance(value, str):
        return str(value)
    for key, label in bound.field.choices:
        if isinstance(label, (list, tuple)):
            labels = dict(label)
            if value in labels:
                return str(labels[value])
        elif str(key) == value:
            return str(label)
    return value


def _one_of(parameters: QueryDict, name: str, known: Iterable[str], label: str):
    names = list(known)
    value = parameters.get(name, names[0])
    if value in names:
        return value, []
    return names[0], [_("“%(label)s” was left out: there is no such choice.") % {"label": label}]


def _page_of(records: QuerySet, asked: str):
    paginator = Paginator(records, PAGE_SIZE)
    # A number below one is nearer to the first page than to the last, where Django goes.
    page = paginator.get_page("1" if asked.startswith(("-", "0")) else asked)
    if asked == str(page.number) or not paginator.count:
        return page, []
    return page, [_("There is no such page; this is page %(number)d.") % {"number": page.number}]


def _near_misses(listing: Listing, chips: list[Chip]) -> list[NearMiss]:
    counted = (
        NearMiss(chip=chip, count=listing.select(QueryDict(chip.without)).qs.count())
        for chip in chips
    )
    found = sorted((near for near in counted if near.count), key=lambda near: near.count)
    return found[:NEAR_MISSES]


def _near_records(listing: Listing, near: list[NearMiss]) -> list:
    if not near:
        return []
    order = next(iter(listing.sorts.values()))[1]
    return list(order(listing.select(QueryDict(near[0].chip.without)).qs.for_cards())[:3])


def steward_of(slug: str) -> Contact | None:
    """The person who answers for a layer."""
    layer = Layer.objects.select_related("steward").filter(slug=slug).first()
    return layer and layer.steward


def _without(parameters: QueryDict, *names: str) -> str:
    rest = parameters.copy()
    for name in names:
        rest.pop(name, None)
    return rest.urlencode()
