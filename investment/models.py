"""All models of this app, gathered where Django looks for them."""

from investment.catalog.models import (
    Park,
    ParkTenant,
    Photo,
    Project,
    Site,
    Utility,
    UtilityNeed,
)
from investment.documents.models import Document, DocumentVersion
from investment.guidance.models import Policy
from investment.indicators.models import Figure, Indicator

__all__ = [
    "Document",
    "DocumentVersion",
    "Figure",
    "Indicator",
    "Park",
    "ParkTenant",
    "Photo",
    "Policy",
    "Project",
    "Site",
    "Utility",
    "UtilityNeed",
]
