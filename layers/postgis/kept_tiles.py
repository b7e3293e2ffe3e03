"""Tiles made of what is kept of the records for them (layers.postgis.kept)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Case, F, When

from layers.mvt import drawing, twkb
from layers.mvt.facts import DIGITS, Layout
from layers.mvt.records import EXTENT, Drawing, Records
from layers.postgis.conditions import Sql
from layers.postgis.matrices import MARGIN, Tile
from layers.postgis.statements import Slot, Statement, written
from layers.postgis.tile_source import (
    BEYOND,
    FLAT,
    OFF,
    STRETCHES,
    Part,
    TileSource,
    along,
    clipped,
    filled,
    near_tile,
    single_of,
    sure_of,
    told_of,
)
from layers.registry import Geometry

_KEPT = """
WITH {sure}
SELECT string_agg(tile_facts, ''), string_agg(tile_texts, ''), {shapes}, count(*),
    greatest((SELECT number FROM sure), count(*)), {told}
FROM (SELECT tile_facts, tile_texts, {shape} AS _shape FROM ({single}) AS single OFFSET 0) AS part
"""
_SHAPES = "string_agg(coalesce(_shape, ''), %s)"
#: What lies within the tile needs no cutting, and of several rings PostGIS knows which is right.
_SHAPE = """
CASE WHEN _geom @ %s {is_simple} THEN ST_AsTWKB({flat}, %s)
    ELSE ST_AsTWKB({clipped}, 0) END
"""
_IS_SIMPLE = {Geometry.LINE: "", Geometry.POLYGON: "AND ST_NRings(_geom) = 1"}


def is_kept(source: TileSource) -> bool:
    """Whether anything is kept of the records of a layer."""
    declaration = source.declaration
    return declaration.dictionary is not None and declaration.geometry is not Geometry.ANY


@dataclass(frozen=True)
class KeptStatement:
    """A statement that reads what is kept, and what its tiles are to show."""

    statement: Statement
    name: str
    layout: Layout
    wanted: frozenset[str]

    @classmethod
    def of(cls, source: TileSource) -> "KeptStatement":
        """For a layer of which something is kept."""
        declaration = source.declaration
        fields = [(each.name, str(each.type)) for each in declaration.public_fields]
        return cls(
            statement=_statement(source),
            name=declaration.slug,
            layout=Layout.of(
                [each for each in fields if each[0] != "id"],
                has_places=declaration.geometry is Geometry.POINT,
            ),
            wanted=frozenset(("id", *(each.name for each in source.fields))),
        )

    def row(self, tile: Tile, values: Mapping[str, Any]) -> tuple:
        """The layer in a tile, how many records it has, its state and version.

        Raises NotCovered where something is not kept.
        """
        facts, texts, shapes, count, singles, *told = self.statement.first_row(values)
        if count == 0 or count > values["crowd"]:
            return (b"", singles, *told)
        found = Records(self.layout, self.wanted, self.layout.read(facts or b"", count), texts)
        if self.layout.has_places:
            drawn = _points(found.facts["place"], tile)
        else:
            drawn = _shapes(shapes, count, tile)
        return (found.layer(self.name, drawn), singles, *told)


def _points(places: np.ndarray, tile: Tile) -> Drawing:
    points = np.rint(tile.placed(places.T / 10**DIGITS) * EXTENT)
    room = round(MARGIN * EXTENT)
    is_within = ((points >= -room) & (points <= EXTENT + room)).all(axis=0)
    return drawing.drawing_of_points(points, is_within)


def _shapes(shapes: bytes, count: int, tile: Tile) -> Drawing:
    shares = 10 ** digits_of(tile)
    found = twkb.shapes_of(shapes, count)
    return drawing.drawing_of(found, lambda points: tile.placed(points / shares) * EXTENT)


def digits_of(tile: Tile) -> int:
    """Decimals of degrees by which places are told to a three-hundredth of a unit of a tile."""
    unit = 360 / 2**tile.depth / EXTENT
    return min(DIGITS, max(twkb.FEWEST_DIGITS, math.ceil(-math.log10(unit / 300))))


def _statement(source: TileSource) -> Statement:
    kept = Case(When(encoded_for=source.declaration.dictionary, then=F("tile_facts")))
    columns, shape, shapes = "tile_facts, tile_texts", Part("NULL", ()), Part("NULL", ())
    values = [kept, F("tile_texts")]
    if source.declaration.geometry is not Geometry.POINT:
        columns, values = f"_geom, {columns}", [Sql("{0}", F("geom")), *values]
        shape, shapes = _shape(source), Part(_SHAPES, (twkb.BETWEEN,))
    near = near_tile(source, along(source.records)).order_by().values_list(*values)
    found = written(near)
    found = Statement(f"{found.sql} LIMIT %s", (*found.params, BEYOND))
    single = single_of(found, columns, "%s::bigint[], %s::bigint[]", "low, high", STRETCHES)
    parts = {"sure": sure_of(source, "small + medium + large", Slot("sure_level"))}
    parts |= {"shapes": shapes, "told": told_of(source), "shape": shape, "single": single}
    return filled(source, _KEPT, **parts)


def _shape(source: TileSource) -> Part:
    """In degrees where the shape lies within the tile, else in units of it."""
    cut = clipped(source)
    is_simple = _IS_SIMPLE[source.declaration.geometry]
    flat = f"ST_Force2D({FLAT})" if source.declaration.has_z else FLAT
    sql = _SHAPE.format(is_simple=is_simple, flat=flat, clipped=cut.sql)
    return Part(sql, (Slot("core0"), OFF, Slot("digits"), *cut.params))
