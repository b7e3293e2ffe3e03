"""Files brought in: readers, coordinate systems, encodings, checks, dry run.

One core for the command and, later, the workbench: `layers.importing.services.import_apply`.
See docs/importing.md.
"""
