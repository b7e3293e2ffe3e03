"""The filters of the lists of parks, sites and projects, each declared once.

A list page, its form, its chips, its near misses and its exports all read these.
"""

from django import forms
from django.core.validators import (
    DecimalValidator,
    MaxValueValidator,
    ProhibitNullCharactersValidator,
)
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import (
    CharFilter,
    ChoiceFilter,
    FilterSet,
    ModelChoiceFilter,
    MultipleChoiceFilter,
    NumberFilter,
)

from investment.catalog.models import Park, Project, Site, UtilityKind
from investment.industries import DIVISIONS, SECTIONS
from layers.models import District

_TOO_LONG = _("Enter a number below 10,000,000,000 with at most four decimals.")


def industry_choices() -> list:
    """Sections by letter, the divisions under each, as a select shows them."""
    groups = []
    for letter, section in SECTIONS.items():
        under = [(code, f"{code} {name}") for code, name in DIVISIONS.items() if code[0] == letter]
        groups.append((f"{letter} {section}", [(letter, f"{letter} {section}"), *under]))
    return groups


def _counties(_request):
    return District.objects.public().filter(level=District.Level.COUNTY).defer("geom")


def _parks(_request):
    return Park.objects.public().order_by("district__code", "name_zh").defer("geom")


class Words(CharFilter):
    """Words, pinyin or initials, as `RecordQuerySet.matching` reads them."""

    def __init__(self, **options):
        options.setdefault("label", _("Name, place or number"))
        super().__init__(max_length=100, **options)

    @property
    def field(self):
        field = super().field
        for validator in field.validators:
            if isinstance(validator, ProhibitNullCharactersValidator):
                validator.message = _("It holds a character that no text has.")
        return field

    def filter(self, records, value):
        return records.matching(value) if value else records


class InDistrict(ModelChoiceFilter):
    """One county."""

    def __init__(self, **options):
        super().__init__(
            label=_("District"),
            queryset=_counties,
            to_field_name="code",
            empty_label=_("All districts"),
            error_messages={
                "invalid_choice": _("There is no such district; choose one from the list.")
            },
            **options,
        )

    def filter(self, records, value):
        return records.in_district(value.code) if value else records


class InPark(ModelChoiceFilter):
    """One park."""

    def __init__(self, **options):
        super().__init__(
            label=_("Park"),
            queryset=_parks,
            to_field_name="slug",
            empty_label=_("All parks"),
            error_messages={
                "invalid_choice": _("There is no such park; choose one from the list.")
            },
            **options,
        )


class InIndustry(ChoiceFilter):
    """A section of GB/T 4754 with all its divisions, or one division."""

    def __init__(self, **options):
        super().__init__(
            label=_("Industry"),
            choices=industry_choices,
            empty_label=_("All industries"),
            **options,
        )

    def filter(self, records, value):
        return records.in_industry(value) if value else records


class AnyOf(MultipleChoiceFilter):
    """Any of the ticked values."""

    def __init__(self, **options):
        super().__init__(widget=forms.CheckboxSelectMultiple, **options)


class Amount(NumberFilter):
    """A bound in a unit; `unit` is shown beside the field and in the chip."""

    def __init__(self, *, unit, **options):
        self.unit = unit
        super().__init__(min_value=0, max_digits=14, decimal_places=4, **options)

    @property
    def field(self):
        field = super().field
        # Django's own sentences count digits, which tells a visitor nothing.
        for validator in field.validators:
            if isinstance(validator, DecimalValidator):
                validator.messages = dict.fromkeys(validator.messages, _TOO_LONG)
            elif isinstance(validator, MaxValueValidator):
                validator.message = _TOO_LONG
        field.unit = self.unit
        field.widget.attrs.update(inputmode="decimal", step="any")
        return field


class Headroom(Amount):
    """A connection with at least so much free of one utility."""

    def __init__(self, kind: UtilityKind):
        self.kind = kind
        label = format_lazy(_("{utility} free, from"), utility=kind.label)
        super().__init__(unit=kind.unit, label=label)

    def filter(self, records, value):
        return records if value is None else records.with_headroom(self.kind.value, value)


class PriceBound(Amount):
    """A bound on the price in one unit; what has no published price in it is left out."""

    def __init__(self, price_unit: Site.PriceUnit, bound: str, label):
        self.price_unit, self.bound = price_unit.value, bound
        super().__init__(unit=price_unit.label, label=label)

    def filter(self, records, value):
        return records if value is None else records.priced(self.price_unit, **{self.bound: value})


class GroupedFilter(FilterSet):
    """Filters under headings: `groups` says which stand where; `q` stands above them all."""

    q = Words()

    groups: tuple = ()

    def grouped_fields(self):
        """Headings with their bound fields, and whether any of them is in use."""
        for heading, names in self.groups:
            yield {
                "heading": heading,
                "fields": [self.form[name] for name in names],
                "active": any(self.given(name) is not None for name in names),
            }

    def given(self, name: str):
        """The value a visitor gave for a filter and that was understood; else none."""
        self.form.is_valid()
        value = self.form.cleaned_data.get(name)
        return None if value in ("", [], None) else value


class OfferFilter(GroupedFilter):
    """What all lists of offers share."""

    district = InDistrict()


class SuppliedFilter(OfferFilter):
    """What lists of places with utilities share."""

    power_min = Headroom(UtilityKind.POWER)
    water_min = Headroom(UtilityKind.WATER)
    sewage_min = Headroom(UtilityKind.SEWAGE)
    gas_min = Headroom(UtilityKind.GAS)
    steam_min = Headroom(UtilityKind.STEAM)

    utilities = (
        _("Utilities"),
        ("power_min", "water_min", "sewage_min", "gas_min", "steam_min"),
    )


class ParkFilter(SuppliedFilter):
    """Parks by place, level, industry, land and utilities."""

    level = AnyOf(label=_("Level"), choices=Park.Level.choices)
    industry = InIndustry()
    available_min = Amount(
        field_name="area_available_ha",
        lookup_expr="gte",
        label=_("Land available, from"),
        unit=_("ha"),
    )
    land_price_max = Amount(
        field_name="land_price_min",
        lookup_expr="lte",
        label=_("Land price, up to"),
        unit=Site.PriceUnit.SALE.label,
    )

    groups = (
        (_("Place"), ("district",)),
        (_("Industry"), ("industry",)),
        (_("Level"), ("level",)),
        (_("Land"), ("available_min", "land_price_max")),
        SuppliedFilter.utilities,
    )


class SiteFilter(SuppliedFilter):
    """Sites by place, kind, area, price, readiness and utilities."""

    park = InPark()
    kind = AnyOf(label=_("Kind"), choices=Site.Kind.choices)
    availability = AnyOf(label=_("Availability"), choices=Site.Availability.choices)
    readiness_min = ChoiceFilter(
        field_name="readiness",
        lookup_expr="gte",
        label=_("Readiness, at least"),
        choices=Site.Readiness.choices,
        empty_label=_("Any readiness"),
    )
    zoning = AnyOf(label=_("Zoning"), choices=Site.Zoning.choices)
    tenure = AnyOf(label=_("Tenure"), choices=Site.Tenure.choices)
    area_min = Amount(label=_("Area, from"), unit="m²", method="filter_area", lookup_expr="gte")
    area_max = Amount(label=_("Area, up to"), unit="m²", method="filter_area", lookup_expr="lte")
    price_min = PriceBound(Site.PriceUnit.SALE, "at_least", _("Price, from"))
    price_max = PriceBound(Site.PriceUnit.SALE, "at_most", _("Price, up to"))
    rent_min = PriceBound(Site.PriceUnit.RENT, "at_least", _("Rent, from"))
    rent_max = PriceBound(Site.PriceUnit.RENT, "at_most", _("Rent, up to"))
    clear_height_min = Amount(
        field_name="clear_height_m",
        lookup_expr="gte",
        label=_("Clear height, from"),
        unit="m",
    )
    floor_load_min = Amount(
        field_name="floor_load_kn_m2",
        lookup_expr="gte",
        label=_("Floor load, from"),
        unit="kN/m²",
    )

    groups = (
        (_("Place"), ("district", "park")),
        (_("Kind and readiness"), ("kind", "readiness_min", "availability")),
        (_("Area"), ("area_min", "area_max")),
        (_("Price"), ("price_min", "price_max", "rent_min", "rent_max")),
        SuppliedFilter.utilities,
        (_("Planning and tenure"), ("zoning", "tenure")),
        (_("Building"), ("clear_height_min", "floor_load_min")),
    )

    def filter_area(self, records, name, value):
        """Floor area for buildings, land area for parcels."""
        lookup = self.filters[name].lookup_expr
        return records.with_usable_area().filter(**{f"usable_m2__{lookup}": value})


class ProjectFilter(OfferFilter):
    """Projects by place, industry, stage, money and mode."""

    park = InPark()
    industry = InIndustry()
    stage = AnyOf(label=_("Stage"), choices=Project.Stage.choices)
    mode = AnyOf(label=_("Mode of cooperation"), choices=Project.Mode.choices, method="filter_mode")
    currency = ChoiceFilter(
        label=_("Currency"), choices=Project.Currency.choices, empty_label=_("Any currency")
    )
    investment_min = Amount(
        label=_("Total investment, from"),
        unit=_("× 10,000 CNY (USD)"),
        method="filter_investment",
        lookup_expr="gte",
    )
    investment_max = Amount(
        label=_("Total investment, up to"),
        unit=_("× 10,000 CNY (USD)"),
        method="filter_investment",
        lookup_expr="lte",
    )
    irr_min = Amount(label=_("IRR, from"), unit="%", field_name="irr_percent", lookup_expr="gte")
    on_site = ChoiceFilter(
        label=_("Land"),
        method="filter_on_site",
        choices=(("yes", _("with a site or park named")), ("no", _("open as to place"))),
        empty_label=_("Any"),
    )

    groups = (
        (_("Place"), ("district", "park", "on_site")),
        (_("Industry"), ("industry",)),
        (_("Stage"), ("stage",)),
        (_("Investment and return"), ("currency", "investment_min", "investment_max", "irr_min")),
        (_("Mode of cooperation"), ("mode",)),
    )

    def filter_mode(self, records, _name, value):
        return records.in_mode(value)

    def filter_investment(self, records, name, value):
        """Sums are compared within one currency only: the one asked for, else CNY."""
        currency = self.given("currency") or Project.Currency.CNY
        lookup = self.filters[name].lookup_expr
        return records.filter(currency=currency, **{f"investment_total__{lookup}": value})

    def filter_on_site(self, records, _name, value):
        placed = Q(park__in=Park.objects.public()) | Q(site__in=Site.objects.public())
        return records.filter(placed if value == "yes" else ~placed)
