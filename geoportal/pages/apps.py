"""The pages app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "geoportal.pages"
    label = "pages"
