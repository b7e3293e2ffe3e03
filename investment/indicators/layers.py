"""The thematic layer: districts by population, output and density (专题图)."""

from django.db.models import DateField, DecimalField, F, FloatField, OuterRef, Subquery
from django.db.models.functions import Cast, Round

from investment.indicators.models import Figure
from layers.bilingual import Text
from layers.records.models import District
from layers.registry import Declaration, Field, FieldType, Geometry, register
from layers.registry.groups import register_group

register_group("economy", Text("经济社会", "Economy and society"), 30, "economy")


#: The fields of the layer that are figures, with the indicators they show.
INDICATORS = {"gdp": "gdp", "gdp_per_head": "gdp-per-head", "industry_share": "industry-share"}


def _latest(field: str, told: str = "value", kind=FloatField) -> Subquery:
    """The newest public figure of the indicator behind a field, or its date, for each district."""
    # The declaration is made once: what is public is asked by the clock of the database.
    public = Figure.objects.public()
    figures = public.filter(indicator__slug=INDICATORS[field], district=OuterRef("pk"))
    return Subquery(figures.order_by("-year").values(told)[:1], output_field=kind())


def _exact(column: str) -> Cast:
    """A column as the database rounds it to places; of floats it only makes whole numbers."""
    return Cast(F(column), DecimalField(max_digits=20, decimal_places=6))


def _counties():
    return District.objects.filter(level=District.Level.COUNTY)


def _ramp(stops, colors):
    """Class rules of a choropleth: `stops` are the upper bounds of all classes but the last."""
    lows, highs = (None, *stops), (*stops, None)
    return [
        {"min": low, "max": high, "fill": fill}
        for low, high, fill in zip(lows, highs, colors, strict=True)
    ]


_GREENS = ("#eef6e9", "#cfe6c3", "#a3cf98", "#6fb070", "#3c8a52")

register(
    Declaration(
        slug="district-economy",
        title=Text("县域经济专题", "Economy by district"),
        abstract=Text(
            "各县（市、区）常住人口、地区生产总值与人口密度。",
            "Population, output and density of each county.",
        ),
        group="economy",
        geometry=Geometry.POLYGON,
        key="code",
        records=_counties,
        order=1,
        fields=(
            Field(name="code", label=Text("区划代码", "Division code"), required=True),
            Field(name="name_zh", label=Text("名称", "Name (Chinese)"), required=True),
            Field(name="name_en", label=Text("英文名称", "Name"), required=True),
            Field(
                name="population",
                label=Text("常住人口", "Population"),
                type=FieldType.INTEGER,
                unit=Text("人", "people"),
                minimum=0,
            ),
            Field(
                name="density",
                label=Text("人口密度", "Density"),
                type=FieldType.NUMBER,
                unit=Text("人/km²", "people/km²"),
                source=Cast(Round(_exact("population") / _exact("area_km2"), 1), FloatField()),
            ),
            Field(
                name="gdp",
                label=Text("地区生产总值", "GDP"),
                type=FieldType.NUMBER,
                unit=Text("亿元", "× 100 million CNY"),
                source=_latest("gdp"),
            ),
            Field(
                name="gdp_per_head",
                label=Text("人均地区生产总值", "GDP per head"),
                type=FieldType.NUMBER,
                unit=Text("元", "CNY"),
                source=_latest("gdp_per_head"),
            ),
            Field(
                name="industry_share",
                label=Text("第二产业占比", "Share of industry"),
                type=FieldType.NUMBER,
                unit=Text("%", "%"),
                source=_latest("industry_share"),
            ),
            Field(
                name="as_of",
                label=Text("人口数据时点", "Population as of"),
                type=FieldType.DATE,
                source="population_as_of",
            ),
            Field(
                name="gdp_as_of",
                label=Text("生产总值数据时点", "GDP as of"),
                type=FieldType.DATE,
                source=_latest("gdp", "as_of", DateField),
            ),
        ),
        style={
            "kind": "class",
            "field": "population",
            "base": {"color": "#ffffff", "width": 1.2, "fillOpacity": 0.72},
            "label": {
                "field": "name_zh",
                "field_en": "name_en",
                "size": 13,
                "weight": 600,
                "color": "#24402f",
                "priority": 1,
                "value": True,
            },
            "rules": _ramp((250_000, 350_000, 450_000, 600_000), _GREENS),
            "themes": [
                {
                    "field": "density",
                    "rules": _ramp((60, 90, 130, 180), _GREENS),
                },
                {
                    "field": "gdp",
                    "rules": _ramp((60, 90, 120, 180), _GREENS),
                },
            ],
        },
    )
)
