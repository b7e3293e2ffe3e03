"""Addresses: API and files bare, pages in Chinese at the root and in English under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/", include("layers.serving.urls")),
    path("photos/", include("investment.catalog.photo_urls")),
    path("", include("geoportal.pages.bare_urls")),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("", include("geoportal.pages.urls")),
        path("", include("investment.urls")),
        prefix_default_language=False,
    ),
]

# Below /api/ every refusal and fault has the one error body.
handler400 = "geoportal.problems.bad_request"
handler500 = "geoportal.problems.server_error"
