"""Quantities, codes and availability in the reader's words, for templates."""

from django import template

from investment import quantities
from investment.catalog.models import Project, Site, UtilityKind
from investment.catalog.supply import free_of, supply_of
from investment.industries import industry_label

register = template.Library()

register.filter("hectares", quantities.hectares)
register.filter("land", quantities.land)
register.filter("floor_area", quantities.floor)
register.filter("distance", quantities.distance)
register.filter("industry", industry_label)


@register.filter
def number(value, decimals=None):
    """A grouped number; empty for none, so that a missing value prints as nothing."""
    return "" if value in (None, "") else quantities.number(value, decimals)


@register.filter
def signed(value):
    """A number with its sign."""
    return f"{'+' if value > 0 else ''}{quantities.number(value, 1)}".replace("-", "−")


@register.filter
def site_price(site):
    """A site's price with its unit; empty where none is published."""
    if site.price is None:
        return ""
    return quantities.price(site.price, site.price_unit, by_mu=site.kind == Site.Kind.PARCEL)


@register.filter
def money(value, currency):
    """A sum with its currency; empty for none."""
    return "" if value is None else quantities.money(value, currency)


@register.simple_tag
def price_range(low, high, unit):
    """From–to with its unit; empty for none."""
    return quantities.price_range(low, high, unit)


@register.filter
def mode(value):
    """The name of a mode of cooperation."""
    return Project.Mode(value).label


@register.filter
def utility(value):
    """The name of a kind of utility."""
    return UtilityKind(value).label


@register.simple_tag
def amount(value, kind=None):
    """So much of a utility in the unit of its kind; without a kind, so much land."""
    if kind is None:
        return quantities.land(value)
    return f"{quantities.number(value)}\u00a0{UtilityKind(kind).unit}"


@register.simple_tag
def supply(site, kind):
    """The connection of one kind a site would get, or none (investment.catalog.supply)."""
    return supply_of(site).get(kind)


@register.simple_tag
def headroom(park, kind):
    """What a park has free of one kind, from utilities already fetched, or none."""
    return free_of(park.utilities.all(), kind)
