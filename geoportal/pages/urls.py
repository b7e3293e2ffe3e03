"""Addresses of pages of the whole site."""

from django.urls import path

from geoportal.pages.map import map_page

app_name = "pages"
urlpatterns = [
    path("", map_page, name="map"),
]
