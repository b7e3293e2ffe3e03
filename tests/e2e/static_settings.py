"""The settings under which the browser tests collect static files: hashed, not compressed.

Compressing takes half a minute each time and changes nothing that a browser test sees.
"""

from geoportal.settings import *  # noqa: F403

WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "html", "js", "json", "map", "md", "svg", "ts", "txt"]
