"""Where records go: rows of a stored layer, or models of a typed one."""
