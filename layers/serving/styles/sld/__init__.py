"""The look of a layer for desktop programs: Styled Layer Descriptor 1.1 (OGC 05-078r4)."""
