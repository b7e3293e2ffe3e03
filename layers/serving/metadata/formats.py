"""The representations that only metadata has."""

from layers.serving.negotiation import Format

DCAT = Format("dcat", "application/ld+json")
ISO = Format("iso", "application/xml", ("application/vnd.iso.19139+xml", "text/xml"))
