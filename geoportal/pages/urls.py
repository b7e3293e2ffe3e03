"""Addresses of pages of the whole site."""

from django.urls import path

from geoportal.pages.map import map_page
from geoportal.pages.views import sitemap_page

app_name = "pages"
urlpatterns = [
    path("", map_page, name="map"),
    path("sitemap/", sitemap_page, name="sitemap"),
]
