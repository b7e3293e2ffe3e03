"""Work that a reader asked for and comes back for: large exports."""
