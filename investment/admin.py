"""The administration of this app, gathered where Django looks for it."""

from investment.documents import admin as _documents  # noqa: F401  registers on import
