"""The filters of a list said in the address of the map (docs/map.md), as far as the map knows them.

A list looks into words and into every utility, the map into the fields of its layers; what has no
such field is left out: the map then shows more than the list, never less.
"""

from enum import Enum
from urllib.parse import urlencode

from django.contrib.gis.db.models import Extent

from investment.catalog.filters import GroupedFilter
from investment.catalog.models import Site
from investment.industries import INDUSTRIES
from layers.catalog.models import Layer


class As(Enum):
    """How a filter bounds the field of the map."""

    ANY = "any"
    FROM = "from"
    UP_TO = "up to"


_OFFER = {"district": ("district", As.ANY)}
_SUPPLY = {
    "power_min": ("power_free_mva", As.FROM),
    "water_min": ("water_free_m3_d", As.FROM),
    "sewage_min": ("sewage_free_m3_d", As.FROM),
    "gas_min": ("gas_free_nm3_h", As.FROM),
    "steam_min": ("steam_free_t_h", As.FROM),
}
#: By layer: what each filter of the list is in the declaration of the layer.
FIELDS = {
    "parks": {
        **_OFFER,
        **_SUPPLY,
        "level": ("level", As.ANY),
        "industry": ("industries", As.ANY),
        "available_min": ("area_available_ha", As.FROM),
        "land_price_max": ("land_price_min", As.UP_TO),
    },
    "sites": {
        **_OFFER,
        **_SUPPLY,
        **{name: (name, As.ANY) for name in ("park", "kind", "availability", "zoning", "tenure")},
        "readiness_min": ("readiness", As.ANY),
        "price_min": ("price", As.FROM),
        "price_max": ("price", As.UP_TO),
        "rent_min": ("price", As.FROM),
        "rent_max": ("price", As.UP_TO),
        "clear_height_min": ("clear_height_m", As.FROM),
        "floor_load_min": ("floor_load_kn_m2", As.FROM),
    },
    "projects": {
        **_OFFER,
        **{name: (name, As.ANY) for name in ("park", "industry", "stage", "currency")},
        "mode": ("modes", As.ANY),
        "investment_min": ("investment_total", As.FROM),
        "investment_max": ("investment_total", As.UP_TO),
        "irr_min": ("irr_percent", As.FROM),
    },
}


def map_query(layer: str, filters: GroupedFilter) -> str:
    """The query of the map page that shows a layer with the filters given."""
    any_of: dict[str, list[str]] = {}
    ranges: dict[str, dict] = {}
    for name, (field, how) in FIELDS[layer].items():
        value = filters.given(name)
        if value is None:
            continue
        if how is As.ANY:
            any_of[field] = _values(name, value)
        else:
            ranges.setdefault(field, {})[how] = f"{value.normalize():f}"
    said = {field: ",".join(values) for field, values in any_of.items()}
    said |= {f: f"{r.get(As.FROM, '')}..{r.get(As.UP_TO, '')}" for f, r in ranges.items()}
    said |= _units(layer, filters)
    query = {f"{layer}.{field}": text for field, text in said.items()}
    if box := filters.qs.aggregate(box=Extent("geom"))["box"]:
        query["box"] = ",".join(f"{degree:.5f}" for degree in box)
    return urlencode({"layers": ",".join([layer, *_ground()]), **query}, safe=",")


def _ground() -> list[str]:
    """The layers that are on when the map opens, without what is offered."""
    offers = Layer.objects.filter(slug__in=FIELDS).values("group")
    ground = Layer.objects.public().filter(visible=True).exclude(group__in=offers)
    return list(ground.values_list("slug", flat=True))


def _values(name: str, value) -> list[str]:
    if name == "industry":
        return [code for code in INDUSTRIES.codes if code.startswith(value)]
    if name == "readiness_min":
        return [str(tier) for tier in Site.Readiness.values if tier >= int(value)]
    values = value if isinstance(value, list) else [value]
    return [str(getattr(each, "code", None) or getattr(each, "slug", each)) for each in values]


def _units(layer: str, filters: GroupedFilter) -> dict[str, str]:
    """Bounds on an amount hold within one unit only, as in the list."""
    given = {name for name in FIELDS[layer] if filters.given(name) is not None}
    if given & {"price_min", "price_max"}:
        return {"price_unit": Site.PriceUnit.SALE.value}
    if given & {"rent_min", "rent_max"}:
        return {"price_unit": Site.PriceUnit.RENT.value}
    if given & {"investment_min", "investment_max"} and "currency" not in given:
        return {"currency": "CNY"}
    return {}
