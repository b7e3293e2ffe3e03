"""A layer of plots side by side, too large to come whole: the map draws it from tiles."""

from contextlib import contextmanager

COUNT = 20_100
LAYER = "many-plots"
#: The middle of plot 75/67, which is of the kind b (1: both numbers odd).
PLOT = (126.753, 46.5047)
NEAR = f"view=13/{PLOT[1]}/{PLOT[0]}&layers={LAYER}"
FAR = f"view=8/46.5/126.75&layers={LAYER}"

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
def many_plots(served):
    """Lay them; the database of the city is kept, so they are taken away."""
    served.manage("shell", "-v", "0", "-c", _MAKE)
    yield
    remove = f"from layers.models import Layer; Layer.objects.filter(slug='{LAYER}').delete()"
    served.manage("shell", "-v", "0", "-c", remove)


def share_of(page, red: int, green: int, blue: int) -> int:
    """How many pixels of the map have a colour."""
    return page.evaluate(
        """([r, g, b]) => {
          const canvas = document.querySelector("#map canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let found = 0;
          for (let i = 0; i < data.length; i += 4) {
            if (data[i] === r && data[i + 1] === g && data[i + 2] === b) found += 1;
          }
          return found;
        }""",
        [red, green, blue],
    )
