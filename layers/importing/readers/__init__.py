"""Readers: one per kind of file, all giving batches of rows; see `base.Source`."""
