"""Addresses of parks, sites and projects."""

from django.urls import path

from investment.catalog.views.compare import compare
from investment.catalog.views.details import park_detail, project_detail, site_detail
from investment.catalog.views.lists import offer_export, offer_list

urlpatterns = [
    path("parks/", offer_list, {"layer": "parks"}, name="parks"),
    path("parks/export.<slug:fmt>", offer_export, {"layer": "parks"}, name="parks-export"),
    path("parks/<slug:slug>/", park_detail, name="park"),
    path("sites/", offer_list, {"layer": "sites"}, name="sites"),
    path("sites/export.<slug:fmt>", offer_export, {"layer": "sites"}, name="sites-export"),
    path("sites/compare/", compare, name="compare"),
    path("sites/<slug:slug>/", site_detail, name="site"),
    path("projects/", offer_list, {"layer": "projects"}, name="projects"),
    path("projects/export.<slug:fmt>", offer_export, {"layer": "projects"}, name="projects-export"),
    path("projects/<slug:slug>/", project_detail, name="project"),
]
