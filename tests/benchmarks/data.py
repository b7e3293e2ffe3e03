"""Generated data: stored layers of ours, and the same rows as plain tables for the peers.

Always the same rows, made by the database from the row's number, so that runs can be compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from layers.models import Layer, LayerField, LayerGroup
from layers.postgis.encoding import Place
from layers.serving.parameters import cursor_text

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
_NAMES = ", ".join(name for name, _type, _expression in FIELDS)

#: Shapes around a place (x, y) of row i: a line of 20 vertices about a kilometre long, and an area
#: with 20 corners some hundreds of metres wide.
_POINT = "ST_MakePoint(x, y)"
_LINE = """(
    SELECT ST_MakeLine(ST_MakePoint(x + k * 0.0006, y + 0.0005 * sin(k + i)) ORDER BY k)
    FROM generate_series(0, 19) AS k)"""
_POLYGON = """(
    SELECT ST_MakePolygon(ST_MakeLine(ST_MakePoint(
        x + (0.001 + mod(i, 7) * 0.0003) * cos(mod(k, 20) * pi() / 10),
        y + (0.001 + mod(i, 7) * 0.0003) * sin(mod(k, 20) * pi() / 10)) ORDER BY k))
    FROM generate_series(0, 20) AS k)"""


@dataclass(frozen=True)
class Kind:
    """A layer `bench-…` and a table `bench_…`."""

    rows: int
    geometry: str
    shape: str
    extent: tuple[float, float, float, float] = EXTENT


#: Those with few rows are for low zooms, where all servers can show every one of them.
KINDS = {
    "points": Kind(200_000, "Point", _POINT),
    "lines": Kind(100_000, "LineString", _LINE),
    "polygons": Kind(100_000, "Polygon", _POLYGON),
    "few_points": Kind(4_000, "Point", _POINT),
    "few_lines": Kind(4_000, "LineString", _LINE),
    "few_polygons": Kind(4_000, "Polygon", _POLYGON),
}

# Two irrational steps spread points evenly without a random generator (R2 sequence). Six decimals,
# as surveys give them; the last two are at most 20, so that boxes with edges at 60 leave no point
# so near that PostGIS, whose `&&` keeps single precision, takes it for inside.
_ROWS = f"""
    SELECT i, {", ".join(f"{expression} AS {name}" for name, _type, expression in FIELDS)},
        ST_SnapToGrid(ST_SetSRID({{shape}}, %(srid)s), 0.000001) AS geom
    FROM generate_series(1, %(rows)s) AS i
    CROSS JOIN LATERAL (SELECT
        round(%(west)s + (%(east)s - %(west)s) * mod(i * 0.7548776662466927, 1), 4)
            + mod(i, 21) * 0.000001 AS x,
        round(%(south)s + (%(north)s - %(south)s) * mod(i * 0.5698402909980532, 1), 4)
            + mod(i, 19) * 0.000001 AS y) AS place
"""
# Along the curve: what is read together lies together, in our table and in the plain one.
_OURS = f"""
    INSERT INTO layers_storedfeature
        (layer_id, key, geom, properties, state, search_text, row_version, source_zh, source_en)
    SELECT %(layer)s, 'p' || i, geom,
        json_build_object({", ".join(f"'{name}', {name}" for name, _t, _e in FIELDS)}),
        'published', '', 1, '', ''
    FROM ({_ROWS}) AS rows ORDER BY layers_curve(geom)
"""
_PLAIN = f"""
    CREATE TABLE {{table}} (id bigint PRIMARY KEY,
        {", ".join(f"{n} {'text' if t == 'text' else 'double precision'}" for n, t, _e in FIELDS)},
        geom geometry({{geometry}}, 4326) NOT NULL);
    INSERT INTO {{table}} (id, {_NAMES}, geom)
    SELECT i, {_NAMES}, geom FROM ({_ROWS}) AS rows ORDER BY layers_curve(ST_SetSRID(geom, 4490));
    CREATE INDEX ON {{table}} USING gist (geom)
"""


def slug(kind: str) -> str:
    """The collection id of a kind."""
    return f"bench-{kind.replace('_', '-')}"


def connection_facts() -> dict[str, str]:
    """Where the database is: host (a folder where it is a socket), user, dbname."""
    given = settings.DATABASES["default"]
    return {"host": given["HOST"], "user": given["USER"], "dbname": given["NAME"]}


def cursors(kind: str, numbers: Iterable[int]) -> dict[int, str]:
    """Where ours stands after so many features of a kind, as its links name the place."""
    rows = Layer.objects.get(slug=slug(kind)).features.order_by("curve", "pk")
    return {
        number: cursor_text(Place(*rows.values_list("curve", "pk")[number - 1]))
        for number in numbers
    }


def prepare(kinds: dict[str, Kind], *, plain: bool = True) -> None:
    """The database of the benchmark with all its rows; quick when they are there."""
    _make_database()
    call_command("migrate", interactive=False, verbosity=0)
    for name, kind in kinds.items():
        if not _is_complete(name, kind, plain=plain):
            print(f"Generating {kind.rows:,} {name}", flush=True)
            _fill(name, kind, plain=plain)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
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


def _is_complete(name: str, kind: Kind, *, plain: bool) -> bool:
    layer = Layer.objects.filter(slug=slug(name)).first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"bench_{name}"])
        is_there = cursor.fetchone()[0]
    return bool(layer) and layer.features.count() == kind.rows and is_there == plain


@transaction.atomic
def _fill(name: str, kind: Kind, *, plain: bool) -> None:
    Layer.objects.filter(slug=slug(name)).delete()
    layer = _make_layer(name, kind)
    west, south, east, north = kind.extent
    values = {"west": west, "south": south, "east": east, "north": north, "rows": kind.rows}
    with connection.cursor() as cursor:
        ours = _OURS.format(shape=kind.shape)
        cursor.execute(ours, {**values, "srid": 4490, "layer": layer.pk})
        cursor.execute(f"DROP TABLE IF EXISTS bench_{name}")
        if plain:
            told = {"table": f"bench_{name}", "geometry": kind.geometry, "shape": kind.shape}
            cursor.execute(_PLAIN.format(**told), {**values, "srid": 4326})


def _make_layer(name: str, kind: Kind) -> Layer:
    group, _made = LayerGroup.objects.get_or_create(
        slug="bench", defaults={"title_zh": "测试", "title_en": "Benchmark"}
    )
    layer = Layer.objects.create(
        slug=slug(name),
        group=group,
        title_zh=name,
        title_en=name,
        geometry_type=kind.geometry,
        published=True,
        min_zoom=0,
    )
    for order, (field, field_type, _expression) in enumerate(FIELDS):
        LayerField.objects.create(
            layer=layer, name=field, label_zh=field, label_en=field, type=field_type, order=order
        )
    return layer
