"""The pages app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "geoportal.pages"
    label = "pages"

    def ready(self):
        from geoportal.pages import base_maps  # noqa: F401  registers its start-up check
