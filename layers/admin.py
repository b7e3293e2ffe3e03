"""The administration of this app, gathered where Django looks for it."""

from layers.catalog import admin as _catalog  # noqa: F401  registers on import
from layers.records import admin as _records  # noqa: F401  registers on import
