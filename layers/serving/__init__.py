"""Layers served: OGC API – Features, exports, cache validators."""
