"""The administration of this app, gathered where Django looks for it."""

from investment.catalog import admin as _catalog  # noqa: F401  registers on import
from investment.documents import admin as _documents  # noqa: F401  registers on import
from investment.guidance import admin as _guidance  # noqa: F401  registers on import
from investment.indicators import admin as _indicators  # noqa: F401  registers on import
