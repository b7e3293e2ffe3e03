"""What the viewer is made of: its own scripts and styles, and the libraries it draws with."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from layers.serving.static_set.errors import StaticSetRefused

_OWN = (
    "css/tokens.css",
    "css/base.css",
    "css/static-set.css",
    "img/mark.svg",
    "js/map/collections.js",
    "js/map/facts.js",
    "js/map/format.js",
    "js/map/legend.js",
    "js/map/style.js",
    "js/static-set/card.js",
    "js/static-set/layers.js",
    "js/static-set/swatch.js",
    "js/static-set/viewer.js",
    "js/text/en.js",
    "js/text/text.js",
    "js/text/zh.js",
    "js/ui/dom.js",
)
_PACKAGES = {
    "maplibre-gl/dist": (
        "maplibre-gl.css",
        "maplibre-gl.mjs",
        "maplibre-gl-shared.mjs",
        "maplibre-gl-worker.mjs",
    ),
    "maplibre-gl": ("LICENSE.txt",),
    "pmtiles/dist": ("pmtiles.js",),
}


def copy_assets(folder: Path) -> None:
    """Put everything the viewer loads below a folder; raises StaticSetRefused."""
    for name in _OWN:
        _write(folder / name, Path(finders.find(name)).read_bytes())
    for package, names in _PACKAGES.items():
        for name in names:
            found = settings.NODE_MODULES / package / name
            if not found.exists():
                message = _("The front-end packages are not installed: run “npm ci” first.")
                raise StaticSetRefused(message)
            # Many a file server takes .mjs for a file to be saved, and browsers then refuse it.
            target = folder / "vendor" / package.partition("/")[0] / name.replace(".mjs", ".js")
            _write(target, found.read_bytes().replace(b".mjs", b".js"))


def _write(target: Path, body: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(body)
