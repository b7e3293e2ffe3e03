"""Addresses of the pages of figures."""

from django.urls import path

from investment.indicators.views import figures

urlpatterns = [
    path("environment/", figures, {"page": "environment"}, name="environment"),
    path("environment/<slug:code>/", figures, {"page": "environment"}, name="environment-of"),
    path("costs/", figures, {"page": "costs"}, name="costs"),
    path("costs/<slug:code>/", figures, {"page": "costs"}, name="costs-of"),
]
