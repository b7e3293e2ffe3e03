"""The typed layers of this app, registered with the layers floor."""

from investment.catalog import layers as _catalog_layers  # noqa: F401  registers on import
from investment.indicators import layers as _indicator_layers  # noqa: F401
