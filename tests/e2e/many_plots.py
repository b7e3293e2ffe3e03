"""A layer too large to come whole: plots side by side."""

from contextlib import contextmanager

from tests.e2e.served import Served

COUNT = 20_100
LAYER = "many-plots"
#: The middle of plot 75/67, which is of the kind b (1: both numbers odd).
PLOT = (126.753, 46.5047)

_MAKE = f"""
from django.db import connection
from layers.models import Layer, LayerField, LayerGroup
group, _ = LayerGroup.objects.get_or_create(
    slug="many", defaults={{"title_zh": "大量", "title_en": "Many"}}
)
Layer.objects.filter(slug="{LAYER}").delete()
layer = Layer.objects.create(
    slug="{LAYER}", group=group, title_zh="大量地块", title_en="Many plots", published=True,
    geometry_type="Polygon", label_zh="name_zh", label_en="name_en", visible=False,
    style={{"kind": "category", "field": "kind", "base": {{"fill": "#888888", "width": 1}},
           "rules": [{{"value": "a", "fill": "#ff0000", "label": "A"}},
                     {{"value": "b", "fill": "#0000ff", "label": "B"}}]}},
)
for order, (name, kind) in enumerate(
    [("name_zh", "text"), ("name_en", "text"), ("kind", "text"), ("size", "integer")]
):
    LayerField.objects.create(
        layer=layer, name=name, label_zh=name, label_en=name, type=kind, order=order
    )
with connection.cursor() as cursor:
    cursor.execute('''
        INSERT INTO layers_storedfeature
            (layer_id, key, geom, properties, state, search_text, row_version,
             source_zh, source_en)
        SELECT %s, c || '/' || r,
            ST_MakeEnvelope(126 + c * 0.01, 46 + r * 0.0075, 126 + c * 0.01 + 0.006,
                46 + r * 0.0075 + 0.0045, 4490),
            json_build_object('name_zh', '地块' || c || '-' || r,
                'name_en', 'Plot ' || c || '-' || r,
                'kind', CASE WHEN mod(c, 2) = 1 THEN 'b' ELSE 'a' END, 'size', c),
            'published', '', 1, '', ''
        FROM generate_series(0, 149) AS c, generate_series(0, 133) AS r''', [layer.pk])
"""


@contextmanager
def plotted(served: Served):
    """The layer is there within the block, and then taken away: the city is kept for other runs."""
    served.manage("shell", "-v", "0", "-c", _MAKE)
    yield
    remove = f"from layers.models import Layer; Layer.objects.filter(slug='{LAYER}').delete()"
    served.manage("shell", "-v", "0", "-c", remove)
