"""Pages of the whole site: the map, what frames every page, the site map."""
