"""Generated data: a stored layer of ours, and the same rows as a plain table for the peers.

Always the same rows, made by the database from the row's number, so that runs can be compared.
"""

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from layers.models import Layer, LayerField, LayerGroup

POINTS = 200_000
LAYER = "bench-points"
#: West, south, east, north of the data: about the size of a prefecture.
EXTENT = (125.0, 45.5, 128.5, 48.0)
FIELDS = (
    ("name_zh", "text", "'第' || i || '号井'"),
    ("name_en", "text", "'Well ' || i"),
    ("kind", "text", "(array['water', 'heat', 'monitoring'])[1 + mod(i, 3)]"),
    ("owner", "text", "'Owner ' || mod(i, 997)"),
    ("depth", "number", "round((20 + mod(i * 37, 18000) / 100.0)::numeric, 1)"),
    ("built", "integer", "1980 + mod(i, 45)"),
)

# Two irrational steps spread points evenly without a random generator (R2 sequence). Six decimals,
# as surveys give them; the last two are at most 20, so that boxes with edges at 60 (pages.boxes)
# leave no point so near that PostGIS, whose `&&` keeps single precision, takes it for inside.
_ROWS = f"""
    SELECT i, {", ".join(f"{expression} AS {name}" for name, _type, expression in FIELDS)},
        ST_SetSRID(ST_MakePoint(
            round(%(west)s + (%(east)s - %(west)s) * mod(i * 0.7548776662466927, 1), 4)
                + mod(i, 21) * 0.000001,
            round(%(south)s + (%(north)s - %(south)s) * mod(i * 0.5698402909980532, 1), 4)
                + mod(i, 19) * 0.000001
        ), %(srid)s) AS geom
    FROM generate_series(1, %(points)s) AS i
"""
_OURS = f"""
    INSERT INTO layers_storedfeature
        (layer_id, key, geom, properties, state, search_text, row_version, source_zh, source_en)
    SELECT %(layer)s, 'p' || i, geom,
        json_build_object({", ".join(f"'{name}', {name}" for name, _t, _e in FIELDS)}),
        'published', '', 1, '', ''
    FROM ({_ROWS}) AS rows
"""
_PLAIN = f"""
    CREATE TABLE bench_point (id bigint PRIMARY KEY,
        {", ".join(f"{n} {'text' if t == 'text' else 'double precision'}" for n, t, _e in FIELDS)},
        geom geometry(Point, 4326) NOT NULL);
    INSERT INTO bench_point (id, {", ".join(n for n, _t, _e in FIELDS)}, geom)
    SELECT i, {", ".join(n for n, _t, _e in FIELDS)}, geom FROM ({_ROWS}) AS rows;
    CREATE INDEX ON bench_point USING gist (geom)
"""


def prepare() -> None:
    """The database of the benchmark with all its rows; quick when they are there."""
    _make_database()
    call_command("migrate", interactive=False, verbosity=0)
    if not _is_complete():
        print(f"Generating {POINTS:,} points", flush=True)
        _fill()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE layers_storedfeature")
        cursor.execute("VACUUM ANALYZE bench_point")
    connection.close()


def _make_database() -> None:
    given = settings.DATABASES["default"]
    to = {"user": given["USER"], "password": given["PASSWORD"], "host": given["HOST"]}
    to |= {"port": given["PORT"], "dbname": "postgres"}
    server = psycopg2.connect(**{name: value for name, value in to.items() if value})
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [given["NAME"]])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{given["NAME"]}"')
    server.close()


def _is_complete() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_point') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT count(*) FROM bench_point")
        plain = cursor.fetchone()[0]
    layer = Layer.objects.filter(slug=LAYER).first()
    return bool(layer) and plain == layer.features.count() == POINTS


@transaction.atomic
def _fill() -> None:
    Layer.objects.filter(slug=LAYER).delete()
    layer = _make_layer()
    west, south, east, north = EXTENT
    values = {"west": west, "south": south, "east": east, "north": north, "points": POINTS}
    with connection.cursor() as cursor:
        cursor.execute(_OURS, {**values, "srid": 4490, "layer": layer.pk})
        cursor.execute("DROP TABLE IF EXISTS bench_point")
        cursor.execute(_PLAIN, {**values, "srid": 4326})


def _make_layer() -> Layer:
    group, _made = LayerGroup.objects.get_or_create(
        slug="bench", defaults={"title_zh": "测试", "title_en": "Benchmark"}
    )
    layer = Layer.objects.create(
        slug=LAYER,
        group=group,
        title_zh="测试点",
        title_en="Benchmark points",
        geometry_type="Point",
        published=True,
    )
    for order, (name, kind, _expression) in enumerate(FIELDS):
        LayerField.objects.create(
            layer=layer, name=name, label_zh=name, label_en=name, type=kind, order=order
        )
    return layer
