"""Addresses that machines ask for, the same in every language."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from geoportal.pages.health import healthz, readyz
from geoportal.pages.offline import service_worker
from geoportal.pages.sitemaps import SITEMAPS
from geoportal.pages.views import robots

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("robots.txt", robots, name="robots"),
    path("sw.js", service_worker, name="service-worker"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap-xml"),
]
