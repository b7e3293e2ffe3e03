"""Tiles made of what is kept of the records for them (layers.postgis.kept)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Case, F, When

from layers.mvt import NotCovered, drawing, records, twkb
from layers.mvt.records import EXTENT, Drawing
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
SELECT string_agg(tile_facts, ''), string_agg(tile_values, ''), {shapes}, count(*),
    greatest((SELECT number FROM sure), count(*)), {told}
FROM (SELECT tile_facts, tile_values, {shape} AS _shape FROM ({single}) AS single OFFSET 0) AS part
"""
_SHAPES = "string_agg(coalesce(_shape, ''), %s)"
#: What lies within the tile needs no cutting, and of several rings PostGIS knows which is right.
_SHAPE = """
CASE WHEN _geom @ %s {is_simple} THEN ST_AsTWKB(ST_Force2D({flat}), {digits})
    ELSE ST_AsTWKB({clipped}, 0) END
"""
_IS_SIMPLE = {Geometry.LINE: "", Geometry.POLYGON: "AND ST_NRings(_geom) = 1"}


def is_kept(source: TileSource) -> bool:
    """Whether anything is kept of the records of a layer."""
    declaration = source.declaration
    return declaration.dictionary is not None and declaration.geometry is not Geometry.ANY


@dataclass(frozen=True)
class KeptStatement:
    """A statement that reads what is kept, and how a tile is made of it.

    `wanted` tells which of the `keys`, in the order in which values are kept, are shown.
    """

    statement: Statement
    name: str
    keys: tuple[str, ...]
    wanted: tuple[bool, ...]
    are_points: bool

    @classmethod
    def of(cls, source: TileSource) -> "KeptStatement":
        """For a layer of which something is kept."""
        names = sorted(field.name for field in source.declaration.public_fields)
        keys = ("id", *(name for name in names if name != "id"))
        shown = {"id", *(field.name for field in source.fields)}
        return cls(
            statement=_statement(source),
            name=source.declaration.slug,
            keys=keys,
            wanted=tuple(key in shown for key in keys),
            are_points=source.declaration.geometry is Geometry.POINT,
        )

    def row(self, tile: Tile, values: Mapping[str, Any]) -> tuple:
        """The layer in a tile, how many records it has, its state and version.

        Raises NotCovered where something is not kept.
        """
        row = self.statement.first_row(values)
        facts, kept, shapes, number, singles, *told = row
        if number == 0 or number > values["crowd"]:
            return (b"", singles, *told)
        found = records.facts_of(facts or b"", number, len(self.keys))
        drawn = _points(found, tile) if self.are_points else _shapes(shapes, number, tile)
        body = records.layer(self.name, self.keys, self.wanted, found, kept, drawn)
        return (body, singles, *told)


def _points(facts: np.ndarray, tile: Tile) -> Drawing:
    places = facts["place"]
    if (places == records.NO_PLACE).any():
        raise NotCovered
    points = np.rint(tile.placed(places / 10**twkb.DIGITS) * EXTENT)
    room = round(MARGIN * EXTENT)
    is_within = ((points >= -room) & (points <= EXTENT + room)).all(axis=1)
    return drawing.drawing_of_points(points, is_within)


def _shapes(shapes: bytes, number: int, tile: Tile) -> Drawing:
    found = twkb.shapes_of(shapes, number)
    return drawing.drawing_of(found, lambda degrees: tile.placed(degrees) * EXTENT)


def _statement(source: TileSource) -> Statement:
    kept = Case(When(encoded_for=source.declaration.dictionary, then=F("tile_facts")))
    columns, shape, shapes = "tile_facts, tile_values", Part("NULL", ()), Part("NULL", ())
    values = [kept, F("tile_values")]
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
    sql = _SHAPE.format(is_simple=is_simple, flat=FLAT, digits=twkb.DIGITS, clipped=cut.sql)
    return Part(sql, (Slot("core0"), OFF, *cut.params))
