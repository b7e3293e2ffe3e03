"""Addresses below /api/."""

from django.urls import path

from layers.serving.search.views import search

app_name = "api"
urlpatterns = [path("search", search, name="search")]
