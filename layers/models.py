"""All models of this app, gathered where Django looks for them."""

from layers.catalog.models import Code, CodeList, Contact, Layer, LayerField, LayerGroup
from layers.jobs.models import Job
from layers.records.counts import CellCount, LayerCount
from layers.records.models import District, StoredFeature

__all__ = [
    "CellCount",
    "Code",
    "CodeList",
    "Contact",
    "District",
    "Job",
    "Layer",
    "LayerCount",
    "LayerField",
    "LayerGroup",
    "StoredFeature",
]
