"""Counts of records that the database keeps (layers.postgis.counting); nobody else writes them."""

from django.contrib.gis.db import models

from layers.catalog.models import Layer
from layers.records.querysets import Box


class CellCount(models.Model):
    """How many records of a layer lie in a cell of the curve, at one of its levels.

    Small ones are an eighth of the cell or less, medium ones up to half of it; large ones are those
    of the cell's own level. `place` is where the cell begins on the curve; `lon` and `lat` are sums
    over the middles of small and medium records, in degrees.
    """

    pk = models.CompositePrimaryKey("layer_id", "level", "place")
    # The database takes them away with the last record.
    layer = models.ForeignKey(
        Layer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    level = models.SmallIntegerField()
    place = models.BigIntegerField()
    small = models.BigIntegerField()
    medium = models.BigIntegerField()
    large = models.BigIntegerField()
    lon = models.FloatField()
    lat = models.FloatField()

    class Meta:
        default_permissions = ()


class LayerCount(models.Model):
    """How many records a layer has that are seen at any time, and the box around them in degrees.

    `is_bounded` is false where a record that lay on an edge has gone, so that the box may be too
    large; `changes` tells whether any came or went since the counts were read.
    """

    layer = models.OneToOneField(
        Layer,
        primary_key=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    number = models.BigIntegerField()
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    is_bounded = models.BooleanField()
    changes = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    @property
    def box(self) -> Box | None:
        """West, south, east and north, None where no record has a place."""
        sides = (self.west, self.south, self.east, self.north)
        return None if self.west is None else sides
