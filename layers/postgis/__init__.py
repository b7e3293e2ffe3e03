"""The one place of raw SQL and of PostGIS functions."""
