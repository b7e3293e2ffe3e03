"""The representations of styles."""

from layers.serving.negotiation import Format

STYLE = Format("json", "application/vnd.mapbox.style+json", ("application/json",))
SLD = Format("sld", "application/vnd.ogc.sld+xml;version=1.1", ("application/vnd.ogc.se+xml",))
