"""Files brought in: readers, coordinate systems, encodings, checks, dry run."""
