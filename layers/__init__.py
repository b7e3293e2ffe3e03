"""Spatial layers: what a layer is, serving, importing, editing, publishing.

This floor knows nothing of investment; other apps register their own layers with it.
"""
