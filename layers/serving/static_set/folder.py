"""Writes a static set: everything beside its place first, then moved there as a whole."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from layers.postgis.matrices import WEB_MERCATOR
from layers.postgis.snapshots import one_state
from layers.serving.negotiation import LANGUAGES
from layers.serving.published import Collection, published_collections
from layers.serving.static_set.archive import Written, write_archive
from layers.serving.static_set.assets import copy_assets
from layers.serving.static_set.description import (
    ARCHIVE,
    StaticSet,
    description,
    style,
    style_name,
)
from layers.serving.static_set.errors import StaticSetRefused
from layers.serving.static_set.pyramid import Pyramid, filled_tiles
from layers.serving.tiles.contents import DEEPEST, tile_reader

#: The pages of the viewer; the first is what a file server shows of the folder.
_PAGES = {"zh": "index.html", "en": "en.html"}
#: By these a folder is known to be a set of ours, which may be replaced.
_MARKS = (ARCHIVE, style_name("zh"), _PAGES["zh"])


def write_static_set(
    folder: Path,
    names: list[str],
    last: int,
    *,
    is_lean: bool = False,
    progress: Callable[[int, int], None] = lambda _level, _tiles: None,
) -> Written:
    """Write the public layers of these names (none: all) into `folder`, in tiles up to `last`.

    What stands there stays until all is written. `progress` is told each level and how many tiles
    there are by then. Raises StaticSetRefused.
    """
    _check(folder, last)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
        made = Path(beside) / "made"
        made.mkdir(mode=0o755)
        with one_state():
            static_set = StaticSet.of(_collections(names, last), last, is_lean=is_lean)
            written = _write_tiles(static_set, made / ARCHIVE, progress)
            _write_pages(static_set, made, written)
        copy_assets(made)
        if folder.exists():
            folder.rename(Path(beside) / "former")
        made.rename(folder)
    return written


def _check(folder: Path, last: int) -> None:
    if not 0 <= last <= DEEPEST:
        message = _("The last zoom is a whole number from 0 to %(most)s.")
        raise StaticSetRefused(message % {"most": DEEPEST})
    is_ours = all((folder / name).is_file() for name in _MARKS)
    if folder.exists() and not is_ours and (not folder.is_dir() or any(folder.iterdir())):
        message = _(
            "“%(folder)s” holds something else: name a new folder, or that of a former set."
        )
        raise StaticSetRefused(message % {"folder": folder})


def _collections(names: list[str], last: int) -> list[Collection]:
    found = {each.id: each for each in published_collections()}
    wanted = dict.fromkeys(names or found)
    if unknown := [name for name in wanted if name not in found]:
        message = _("There is no public layer “%(name)s”. There are: %(names)s.")
        raise StaticSetRefused(message % {"name": unknown[0], "names": ", ".join(found)})
    collections = [each for name, each in found.items() if name in wanted]
    if not collections:
        raise StaticSetRefused(_("There is no public layer."))
    for each in collections:
        if min(each.layer.min_zoom, DEEPEST) > last:
            message = _("“%(title)s” shows from zoom %(first)s on: the last zoom cannot be less.")
            told = {"title": each.layer.title, "first": each.layer.min_zoom}
            raise StaticSetRefused(message % told)
    return collections


def _write_tiles(
    static_set: StaticSet, path: Path, progress: Callable[[int, int], None]
) -> Written:
    pyramids = [
        Pyramid(
            first=min(each.layer.min_zoom, DEEPEST),
            read=tile_reader(each, WEB_MERCATOR, static_set.fields(each)),
        )
        for each in static_set.collections
    ]
    tiles = filled_tiles(pyramids, static_set.last)
    written = write_archive(path, tiles, static_set, progress)
    if not written.tiles:
        raise StaticSetRefused(_("The layers have no record with a place."))
    return written


def _write_pages(static_set: StaticSet, folder: Path, written: Written) -> None:
    for language, messages in LANGUAGES.items():
        with override(messages):
            known = description(static_set, language, written.gathered)
            pages = {"known": known, "language": language, "pages": _PAGES}
            page = render_to_string("static_set/index.html", pages)
            document = style(static_set, language)
        (folder / _PAGES[language]).write_text(page, encoding="utf-8")
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        (folder / style_name(language)).write_text(text, encoding="utf-8")
