"""Parks, sites, projects, documents, indicators and guidance; may import layers."""
