"""The bar that gathers sites to compare."""

from django import template

from investment.catalog.views.compare import AT_MOST

register = template.Library()


@register.inclusion_tag("investment/parts/compare_bar.html")
def compare_bar(*, quiet: bool = False):
    """The form that boxes named `ids` belong to by `form="compare"`.

    A `quiet` one hides while nothing is chosen.
    """
    return {"at_most": AT_MOST, "quiet": quiet}
