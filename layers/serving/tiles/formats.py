"""The representations of tiles."""

from layers.serving.negotiation import Format

MVT = Format("mvt", "application/vnd.mapbox-vector-tile", ("application/x-protobuf",))
TILEJSON = Format("tilejson", "application/vnd.mapbox.tile+json")
