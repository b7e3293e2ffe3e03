"""`manage.py export_tiles FOLDER [LAYER …]`: a static set; see docs/operations.md."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from layers.errors import LayersError
from layers.serving.negotiation import LANGUAGES
from layers.serving.static_set.folder import write_static_set
from layers.serving.tiles.contents import DEEPEST


class Command(BaseCommand):
    """Reads the call, writes the set, tells how far it is."""

    help = "Write public layers as PMTiles with styles and a viewer, for any file server."

    def add_arguments(self, parser):
        """The folder, the layers, and how deep and how full the tiles are."""
        parser.add_argument("folder", type=Path, help="a new folder, or that of a former set")
        parser.add_argument("layers", nargs="*", help="collection ids; without any, all layers")
        parser.add_argument(
            "--max-zoom",
            type=int,
            default=14,
            help=f"the last zoom with tiles of its own, up to {DEEPEST}; default: 14",
        )
        parser.add_argument(
            "--lean", action="store_true", help="only the fields maps draw by and name by"
        )
        parser.add_argument("--language", choices=LANGUAGES, help="of what is told here")

    def handle(self, **options):
        """Write; a refusal ends with a sentence and leaves a former set as it is."""
        with override(LANGUAGES.get(options["language"], settings.LANGUAGE_CODE)):
            try:
                written = write_static_set(
                    options["folder"].absolute(),
                    options["layers"],
                    options["max_zoom"],
                    is_lean=options["lean"],
                    progress=self._progress,
                )
            except LayersError as refused:
                raise CommandError(str(refused)) from None
            self.stdout.write(_("%(tiles)s tiles written.") % {"tiles": written.tiles})
            if written.gathered:
                message = _(
                    "In %(number)s tiles of the last zoom records are still gathered: a higher"
                    " --max-zoom shows each by itself."
                )
                self.stdout.write(message % {"number": written.gathered})

    def _progress(self, level: int, tiles: int):
        told = {"level": level, "tiles": tiles}
        self.stdout.write(_("Zoom %(level)s done, %(tiles)s tiles so far") % told)
