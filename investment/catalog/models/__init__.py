"""Models of the catalogue of parks, sites and projects."""

from investment.catalog.models.parks import Park, ParkTenant
from investment.catalog.models.photos import Photo
from investment.catalog.models.projects import Project, UtilityNeed
from investment.catalog.models.sites import Site
from investment.catalog.models.utilities import Utility, UtilityKind

__all__ = [
    "Park",
    "ParkTenant",
    "Photo",
    "Project",
    "Site",
    "Utility",
    "UtilityKind",
    "UtilityNeed",
]
