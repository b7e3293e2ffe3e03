"""The typed layers of this app."""

from layers.bilingual import Text
from layers.records.models import District
from layers.registry import Declaration, Field, FieldType, Geometry, register
from layers.registry.codelists import DeclaredCodeList, codes_from_choices, register_code_list
from layers.registry.groups import register_group

register_group("boundaries", Text("行政区划", "Districts"), 20, "boundaries")
register_group("transport", Text("交通", "Transport"), 40, "transportation")
register_group("energy", Text("能源电力", "Energy"), 50, "utilitiesCommunication")
register_group("pipelines", Text("地下管线", "Underground pipelines"), 60, "utilitiesCommunication")
register_group("services", Text("公共服务", "Public services"), 70, "structure")
register_group("nature", Text("水系生态", "Water and nature"), 80, "inlandWaters")
register_group("other", Text("其他", "Other"), 90)

register_code_list(
    DeclaredCodeList(
        slug="district-level",
        title=Text("行政级别", "Level of district"),
        codes=codes_from_choices(District.Level),
        standard="GB/T 2260",
    )
)

register(
    Declaration(
        slug="districts",
        title=Text("行政区划", "Districts"),
        abstract=Text("市、县（市、区）行政区界线。", "City and county boundaries."),
        group="boundaries",
        geometry=Geometry.POLYGON,
        key="code",
        records=District.objects.all,
        visible=True,
        order=1,
        style={
            "kind": "category",
            "field": "level",
            "z": 1,
            "base": {"color": "#8a5a83", "width": 1.2, "fill": "#8a5a83", "fillOpacity": 0.0},
            "rules": [
                {
                    "value": "prefecture",
                    "label": {"zh": "市界", "en": "City boundary"},
                    "color": "#7a3e72",
                    "width": [[6, 1.6], [10, 2.6]],
                    "dash": [12, 4, 2, 4],
                    "halo": "#cfaed6",
                    "haloWidth": [[6, 6], [10, 14]],
                    "ground": "#fbfaf5",
                    "labelStyle": {"maxZoom": 5},
                },
                {
                    "value": "county",
                    "label": {"zh": "县（市、区）界", "en": "County boundary"},
                    "color": "#8f6b97",
                    "width": [[6, 0.8], [10, 1.4]],
                    "dash": [8, 3],
                    "halo": "#e4d3ea",
                    "haloWidth": [[6, 3], [10, 8]],
                },
            ],
            "label": {
                "field": "name_zh",
                "field_en": "name_en",
                "size": [[7, 13], [10, 19]],
                "weight": 600,
                "color": "#6b4674",
                "spacing": 4,
                "minZoom": 7,
                "maxZoom": 11,
                "priority": 20,
            },
        },
        fields=(
            Field(name="code", label=Text("区划代码", "Division code"), required=True),
            Field(name="name_zh", label=Text("名称", "Name (Chinese)"), required=True),
            Field(name="name_en", label=Text("英文名称", "Name"), required=True),
            Field(
                name="level",
                label=Text("级别", "Level"),
                type=FieldType.CODE,
                codes="district-level",
                required=True,
            ),
            Field(name="parent", label=Text("上级区划", "Parent"), source="parent__code"),
            Field(name="seat_zh", label=Text("政府驻地", "Seat (Chinese)")),
            Field(name="seat_en", label=Text("驻地英文", "Seat")),
            Field(
                name="population",
                label=Text("人口", "Population"),
                type=FieldType.INTEGER,
                unit=Text("人", "people"),
                minimum=0,
            ),
            Field(
                name="population_as_of",
                label=Text("人口时点", "Population as of"),
                type=FieldType.DATE,
            ),
            Field(
                name="area_km2",
                label=Text("面积", "Area"),
                type=FieldType.NUMBER,
                unit=Text("km²", "km²"),
                minimum=0,
            ),
            Field(
                name="schematic",
                label=Text("示意界线", "Schematic boundary"),
                type=FieldType.BOOLEAN,
            ),
        ),
    )
)
