"""The servers that are measured: ours, and those of others, on the same PostGIS."""
