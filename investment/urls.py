"""Addresses of this app's pages."""

from django.urls import include, path

app_name = "investment"
urlpatterns = [
    path("", include("investment.catalog.urls")),
    path("", include("investment.indicators.urls")),
    path("", include("investment.documents.urls")),
    path("", include("investment.guidance.urls")),
]
