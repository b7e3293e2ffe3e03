"""The layers app; it looks for a `map_layers` module in every installed app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class LayersConfig(AppConfig):
    name = "layers"
    verbose_name = _("Map layers")

    def ready(self):
        autodiscover_modules("map_layers")
        # Rows of typed layers and code lists follow the code, also in a fresh test database.
        post_migrate.connect(_sync_catalog, sender=self, dispatch_uid="layers.sync_catalog")


def _sync_catalog(**_kwargs):
    from layers.catalog.services import catalog_sync

    catalog_sync()
