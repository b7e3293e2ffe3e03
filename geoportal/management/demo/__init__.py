"""Loading the demonstration city: what is missing is added, what is there is left as it is.

Rows are known by what names them for good – codes, slugs, keys, titles – so that a second run
finds everything and writes nothing: no layer gets a new version, and no edit is undone.
"""

from geoportal.management.demo.loading import City, load

__all__ = ["City", "load"]
