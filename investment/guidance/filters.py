"""The filters of the list of policies."""

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from investment.catalog.filters import AnyOf, GroupedFilter, InDistrict, InIndustry, Words
from investment.guidance.models import Policy


class PolicyFilter(GroupedFilter):
    """Policies by whom they bind and whether they are in force."""

    q = Words(label=_("Words in title or text, or number"))
    standing = ChoiceFilter(
        label=_("In force"),
        method="filter_standing",
        choices=(
            ("in-force", _("in force today")),
            ("to-come", _("not yet in force")),
            ("ended", _("no longer in force")),
        ),
        empty_label=_("All"),
    )
    level = AnyOf(label=_("Level"), choices=Policy.Level.choices)
    district = InDistrict()
    industry = InIndustry()

    groups = (
        (_("In force"), ("standing",)),
        (_("Level"), ("level",)),
        (_("Place"), ("district",)),
        (_("Industry"), ("industry",)),
    )

    def filter_standing(self, records, _name, value):
        return {
            "in-force": records.in_force,
            "to-come": records.to_come,
            "ended": records.ended,
        }[value]()
