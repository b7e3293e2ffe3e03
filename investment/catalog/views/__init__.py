"""Pages of parks, sites and projects: lists, exports, details, comparison, pictures."""
