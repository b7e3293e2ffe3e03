"""Coordinate systems: what the file says, what was given, where the data would land."""
