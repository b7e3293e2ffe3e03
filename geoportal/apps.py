"""The project as an app: start-up checks and commands."""

from django.apps import AppConfig


class GeoportalConfig(AppConfig):
    name = "geoportal"

    def ready(self):
        from geoportal import checks  # noqa: F401  registers the start-up checks
