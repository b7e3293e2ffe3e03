"""The records of layers: geometry, district, source, as-of date and publication."""
