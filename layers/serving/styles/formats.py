"""The representation of styles."""

from layers.serving.negotiation import Format

STYLE = Format("json", "application/vnd.mapbox.style+json", ("application/json",))
