"""Layers of vector tiles (Mapbox Vector Tile 2.1) written with arrays, all records at once.

What a tile needs of a record is kept with it in the very bytes of a tile; here they are joined,
and numbered. Nothing here asks a database.
"""


class NotCovered(Exception):
    """What was read cannot be written here; PostGIS can."""
