"""The ES modules of a page: what the import map names, and what is worth fetching early."""

import json
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.safestring import mark_safe

#: Bare names of modules in static/js and the files that answer to them.
BARE = {
    "leaflet": "vendor/leaflet/leaflet-src.esm.js",
    "supercluster": "vendor/supercluster/index.js",
    "kdbush": "vendor/kdbush/index.js",
}
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^'"]*?from\s+["']([^"']+)["']""", re.MULTILINE)


def import_map() -> str:
    """The import map as JSON; all of it is our own file names, so it needs no escaping."""
    imports = {name: static(path) for name, path in BARE.items()}
    return mark_safe(json.dumps({"imports": imports}))


def preloads(entry: str) -> list[str]:
    """Addresses of all modules behind an entry, so that they come at once and not by turns."""
    return [static(path) for path in modules_behind(entry)]


@lru_cache
def modules_behind(entry: str) -> tuple[str, ...]:
    """Static paths of the entry and of everything it imports, each once."""
    found, waiting = [], [entry]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.append(path)
        source = Path(finders.find(path)).read_text(encoding="utf-8")
        waiting += [_resolved(name, path) for name in _IMPORT.findall(source)]
    return tuple(found)


def _resolved(name: str, importer: str) -> str:
    if name in BARE:
        return BARE[name]
    parts = []
    for part in (PurePosixPath(importer).parent / name).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
