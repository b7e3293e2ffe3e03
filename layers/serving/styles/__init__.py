"""The look of layers for programs that draw vector tiles."""
