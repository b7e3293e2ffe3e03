"""Parks, sites and projects as layers."""

from collections.abc import Callable

from django.db.models import Expression

from investment.catalog.layer_sources import first_photo, headroom_at_site, headroom_in_park
from investment.catalog.layer_voltage import voltage_at_site, voltage_in_park
from investment.catalog.models import Park, Project, Site, UtilityKind
from investment.industries import INDUSTRIES
from layers.bilingual import Text
from layers.records.publication import of_public
from layers.registry import Declaration, Field, FieldType, Geometry, register
from layers.registry.codelists import DeclaredCodeList, codes_from_choices, register_code_list
from layers.registry.groups import register_group

register_group("investment", Text("投资招商", "Investment"), 10, "economy")
register_code_list(INDUSTRIES)

for _slug, _title, _choices in (
    ("park-level", Text("园区级别", "Level of park"), Park.Level),
    ("site-kind", Text("载体类型", "Kind of site"), Site.Kind),
    ("site-tenure", Text("供地方式", "Tenure"), Site.Tenure),
    ("site-zoning", Text("规划用途", "Zoning"), Site.Zoning),
    ("site-availability", Text("供应状态", "Availability"), Site.Availability),
    ("site-price-unit", Text("价格单位", "Unit of price"), Site.PriceUnit),
    ("project-stage", Text("项目阶段", "Stage"), Project.Stage),
    ("project-mode", Text("合作方式", "Mode of cooperation"), Project.Mode),
    ("currency", Text("币种", "Currency"), Project.Currency),
):
    register_code_list(
        DeclaredCodeList(slug=_slug, title=_title, codes=codes_from_choices(_choices))
    )
register_code_list(
    DeclaredCodeList(
        slug="site-readiness",
        title=Text("可开工程度", "Readiness"),
        codes={str(k): v for k, v in codes_from_choices(Site.Readiness).items()},
    )
)

_HECTARE = Text("公顷", "ha")
_SQUARE_METRE = Text("m²", "m²")
_PRICE = Text("元/m²", "CNY/m²")
_RENT = Text("元/m²·月", "CNY/m² per month")
_MONEY = Text("万", "× 10,000")


def _text(name: str, zh: str, en: str, **more) -> Field:
    return Field(name=name, label=Text(zh, en), **more)


def _number(name: str, zh: str, en: str, unit: Text, **more) -> Field:
    more.setdefault("minimum", 0)
    return Field(name=name, label=Text(zh, en), type=FieldType.NUMBER, unit=unit, **more)


def _code(name: str, zh: str, en: str, codes: str, **more) -> Field:
    more.setdefault("type", FieldType.CODE)
    return Field(name=name, label=Text(zh, en), codes=codes, **more)


_NAMED = (
    _text("slug", "标识", "Identifier", required=True),
    _text("name_zh", "名称", "Name (Chinese)", required=True),
    _text("name_en", "英文名称", "Name", required=True),
    _text("district", "区划代码", "Division code", source=of_public("district", "code")),
    _text(
        "district_zh",
        "所在县（市、区）",
        "District (Chinese)",
        source=of_public("district", "name_zh"),
    ),
    _text("district_en", "县区英文", "District", source=of_public("district", "name_en")),
    _text("address_zh", "地址", "Address (Chinese)", filter=False),
    _text("address_en", "英文地址", "Address", filter=False),
    Field(name="as_of", label=Text("数据时点", "As of"), type=FieldType.DATE),
)


def _photo(owner: str) -> Field:
    return Field(
        name="photo",
        label=Text("照片", "Photo"),
        type=FieldType.URL,
        filter=False,
        source=first_photo(owner),
    )


def _headroom(
    source: Callable[[UtilityKind], Expression], voltage: Expression
) -> tuple[Field, ...]:
    """What a park or site can still have, the first question of most investors."""
    return (
        *(
            _number(name, zh, en, Text(kind.unit, kind.unit), source=source(kind))
            for name, zh, en, kind in _FREE
        ),
        _number("power_kv", "供电电压", "Supply voltage", Text("kV", "kV"), source=voltage),
    )


_FREE = (
    ("power_free_mva", "电力余量", "Power free", UtilityKind.POWER),
    ("water_free_m3_d", "供水余量", "Water free", UtilityKind.WATER),
    ("sewage_free_m3_d", "污水处理余量", "Sewage treatment free", UtilityKind.SEWAGE),
    ("gas_free_nm3_h", "燃气余量", "Gas free", UtilityKind.GAS),
    ("steam_free_t_h", "蒸汽余量", "Steam free", UtilityKind.STEAM),
)
_CONTACT = (
    _text("unit_zh", "责任单位", "Unit (Chinese)", source="contact__organisation_zh"),
    _text("unit_en", "责任单位英文", "Unit", source="contact__organisation_en"),
    _text("contact_zh", "联系人", "Contact (Chinese)", filter=False, source="contact__person_zh"),
    _text("contact_en", "联系人英文", "Contact", filter=False, source="contact__person_en"),
    _text("phone", "电话", "Telephone", filter=False, source="contact__phone"),
    _text("email", "电子邮箱", "Email", filter=False, source="contact__email"),
)
#: Names for people; the identifier follows for programs.
_PARK = (
    _text("park_zh", "所在园区", "Park name (Chinese)", source=of_public("park", "name_zh")),
    _text("park_en", "园区英文", "Park name", source=of_public("park", "name_en")),
    _text("park", "园区编号", "Park identifier", source=of_public("park", "slug")),
)
_SITE = (
    _text("site_zh", "所在地块", "Site name (Chinese)", source=of_public("site", "name_zh")),
    _text("site_en", "地块英文", "Site name", source=of_public("site", "name_en")),
    _text("site", "地块编号", "Site identifier", source=of_public("site", "slug")),
)

_LABEL = {"field": "name_zh", "field_en": "name_en", "size": 12, "weight": 600}


register(
    Declaration(
        slug="parks",
        title=Text("产业园区", "Industrial parks"),
        abstract=Text(
            "园区面积、可用土地、主导产业、地价与公用工程余量。",
            "Area, land available, leading industries, prices and utility headroom.",
        ),
        group="investment",
        geometry=Geometry.POLYGON,
        key="slug",
        page="investment:park",
        records=Park.objects.all,
        visible=True,
        order=1,
        fields=(
            *_NAMED,
            _code("level", "级别", "Level", "park-level", required=True),
            _code(
                "industries", "主导产业", "Leading industries", "industries", type=FieldType.CODES
            ),
            _number("area_ha", "规划面积", "Planned area", _HECTARE),
            _number("area_available_ha", "可用面积", "Available area", _HECTARE),
            _number("land_price_min", "地价下限", "Land price from", _PRICE),
            _number("land_price_max", "地价上限", "Land price to", _PRICE),
            _number("lease_min", "租金下限", "Lease from", _RENT),
            _number("lease_max", "租金上限", "Lease to", _RENT),
            *_headroom(headroom_in_park, voltage_in_park()),
            *_CONTACT,
            _photo("park"),
        ),
        style={
            "kind": "category",
            "field": "level",
            "base": {"color": "#1f6f5c", "width": 1.6, "fill": "#2f9e82", "fillOpacity": 0.28},
            "z": 6,
            "marker": {
                "form": "badge",
                "icon": "park",
                "color": "#1f6f5c",
                "maxZoom": 12,
                "cluster": "investment",
                "host": True,
            },
            "rules": [
                {"value": "national", "color": "#0b5d4b", "fill": "#0f7a62"},
                {"value": "provincial", "color": "#1f6f5c", "fill": "#2f9e82"},
                {"value": "municipal", "color": "#3d8f7c", "fill": "#5cb8a1"},
                {"value": "county", "color": "#5d9c8d", "fill": "#8accbb"},
            ],
            "label": {**_LABEL, "color": "#0b4a3c", "minZoom": 8.5, "priority": 10},
        },
    )
)

register(
    Declaration(
        slug="sites",
        title=Text("地块与厂房", "Sites"),
        abstract=Text(
            "地块和厂房：面积、用途、价格、可开工程度、是否在供。",
            "Parcels and buildings: area, zoning, price, readiness, availability.",
        ),
        group="investment",
        geometry=Geometry.POLYGON,
        key="slug",
        page="investment:site",
        records=Site.objects.all,
        visible=True,
        order=2,
        min_zoom=6,
        fields=(
            *_NAMED,
            _code("kind", "类型", "Kind", "site-kind", required=True),
            *_PARK,
            _number("area_m2", "土地面积", "Land area", _SQUARE_METRE),
            _number("floor_area_m2", "建筑面积", "Floor area", _SQUARE_METRE),
            _code("tenure", "供地方式", "Tenure", "site-tenure"),
            _code("zoning", "规划用途", "Zoning", "site-zoning"),
            _number("price", "价格", "Price", Text("", "")),
            _code("price_unit", "价格单位", "Unit of price", "site-price-unit"),
            _number("clear_height_m", "净高", "Clear height", Text("m", "m")),
            _number("floor_load_kn_m2", "楼面荷载", "Floor load", Text("kN/m²", "kN/m²")),
            _code("readiness", "可开工程度", "Readiness", "site-readiness"),
            _code("availability", "供应状态", "Availability", "site-availability"),
            Field(
                name="available_from",
                label=Text("可供时间", "Available from"),
                type=FieldType.DATE,
            ),
            *_headroom(headroom_at_site, voltage_at_site()),
            *_CONTACT,
            _photo("site"),
        ),
        style={
            "kind": "category",
            "field": "availability",
            "base": {"color": "#b4540a", "width": 1.4, "fill": "#e8862e", "fillOpacity": 0.45},
            "z": 7,
            "marker": {
                "form": "tile",
                "icon": "parcel",
                "iconField": "kind",
                "color": "#c8641b",
                "maxZoom": 13,
                "cluster": "investment",
            },
            "rules": [
                {"value": "available", "color": "#b4540a", "fill": "#ee8f3a"},
                {"value": "negotiating", "color": "#927020", "fill": "#d8b45a"},
                {"value": "reserved", "color": "#7d6a57", "fill": "#b8a690"},
                {"value": "taken", "color": "#8d8d8d", "fill": "#c4c4c4"},
            ],
            "label": {
                **_LABEL,
                "within": "park_zh",
                "within_en": "park_en",
                "color": "#7a3a08",
                "minZoom": 13,
                "priority": 12,
            },
        },
    )
)

register(
    Declaration(
        slug="projects",
        title=Text("招商项目", "Investment projects"),
        abstract=Text(
            "面向投资者的项目：行业、阶段、投资与合作方式。",
            "Projects that seek investors: industry, stage, amount and mode of cooperation.",
        ),
        group="investment",
        geometry=Geometry.POINT,
        key="slug",
        page="investment:project",
        records=Project.objects.all,
        visible=True,
        order=3,
        fields=(
            *_NAMED,
            _code("industry", "行业", "Industry", "industries"),
            _code("stage", "阶段", "Stage", "project-stage"),
            _code("currency", "币种", "Currency", "currency"),
            _number("investment_total", "总投资", "Total investment", _MONEY),
            _number("investment_sought", "拟引资", "Investment sought", _MONEY),
            _code(
                "modes", "合作方式", "Modes of cooperation", "project-mode", type=FieldType.CODES
            ),
            _number("irr_percent", "内部收益率", "IRR", Text("%", "%")),
            _number("payback_years", "投资回收期", "Payback", Text("年", "years")),
            _number("land_need_m2", "用地需求", "Land needed", _SQUARE_METRE),
            *_PARK,
            *_SITE,
            *_CONTACT,
            _photo("project"),
        ),
        style={
            "kind": "category",
            "field": "stage",
            "base": {"color": "#ffffff", "width": 2, "fill": "#2457a6"},
            "z": 8,
            "marker": {
                "form": "disc",
                "icon": "project",
                "color": "#2457a6",
                "cluster": "investment",
            },
            "rules": [
                {"value": "planning", "fill": "#6d8fc4"},
                {"value": "seeking", "fill": "#2457a6"},
                {"value": "negotiating", "fill": "#7a5ab5"},
                {"value": "signed", "fill": "#8a6d1d"},
                {"value": "building", "fill": "#b5562a"},
                {"value": "operating", "fill": "#4c7a3f"},
            ],
            "label": {**_LABEL, "color": "#163a73", "minZoom": 11, "priority": 14},
        },
    )
)
