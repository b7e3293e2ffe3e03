"""Search over the public records of all layers: names, codes, industries, places, coordinates."""

from layers.serving.search.openapi import OPENAPI_PATHS

__all__ = ["OPENAPI_PATHS"]
