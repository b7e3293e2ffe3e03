"""`manage.py import_layer FILE --layer SLUG [--create] [--commit]`; see docs/importing.md."""

import json
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from layers.importing.creation import NewLayer
from layers.importing.errors import CallRefused
from layers.importing.report import Report
from layers.importing.report_text import report_lines
from layers.importing.services import Options, import_apply
from layers.importing.targets.base import Stamps

#: Exit codes: all well; the file has errors and nothing was written; the call is unusable.
OK, PROBLEMS, UNUSABLE = 0, 1, 2


class Command(BaseCommand):
    """Reads the call, calls the import, prints the report."""

    help = "Import a file into a layer. A dry run unless --commit is given."

    def add_arguments(self, parser):
        """One flag for each thing a person may know better than the file."""
        formats = "GeoJSON, Shapefile (also zipped), GeoPackage, KML, CSV"
        parser.add_argument("file", type=Path, help=formats)
        parser.add_argument("--layer", required=True, help="slug of the layer")
        parser.add_argument("--commit", action="store_true", help="write; without it, a dry run")
        parser.add_argument("--replace", action="store_true", help="remove records not in the file")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--language", help="zh-hans or en; default: the service's own")
        self._reading(parser.add_argument_group("how the file is read"))
        self._creating(parser.add_argument_group("a new layer"))
        self._stamping(parser.add_argument_group("set on every imported record"))

    def _reading(self, group):
        group.add_argument("--crs", default="", help="EPSG:n, GCJ-02, BD-09, or a WKT (.prj) file")
        group.add_argument("--encoding", default="", help="text encoding, e.g. GB18030")
        group.add_argument("--source-layer", default="", help="which layer of the file")
        group.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FILE=FIELD",
            help="file field = dictionary field; FILE= leaves it out; may be repeated",
        )
        group.add_argument("--key", default="", help="field of the identity, or: hash")
        group.add_argument("--x", default="", help="CSV column of longitude or easting")
        group.add_argument("--y", default="", help="CSV column of latitude or northing")
        group.add_argument("--swap", action="store_true", help="x and y change places")

    def _creating(self, group):
        group.add_argument("--create", action="store_true", help="make the layer if there is none")
        group.add_argument("--title", default="", help="title in Chinese")
        group.add_argument("--title-en", default="", help="title in English")
        group.add_argument("--group", default="other", help="slug of the branch in the layer tree")

    def _stamping(self, group):
        group.add_argument("--state", choices=["draft", "published"], help="default: published")
        group.add_argument("--source", help="where the data is from")
        group.add_argument("--source-en", help="the same in English; default: as --source")
        group.add_argument("--as-of", type=date.fromisoformat, help="date of the data, 2026-06-30")

    def handle(self, **options):
        """Run and exit with 0 (well), 1 (errors, nothing written) or 2 (unusable call)."""
        with override(options["language"] or settings.LANGUAGE_CODE):
            try:
                report = self._import(options)
            except CallRefused as refused:
                raise CommandError(str(refused), returncode=UNUSABLE) from None
            self._print(report, as_json=options["json"])
        if not report.ok:
            raise SystemExit(PROBLEMS)

    def _import(self, options) -> Report:
        wanted = NewLayer(
            title=options["title"], title_en=options["title_en"], group=options["group"]
        )
        names = ("crs", "encoding", "source_layer", "key", "x", "y", "swap")
        return import_apply(
            path=options["file"],
            layer=options["layer"],
            create=wanted if options["create"] else None,
            commit=options["commit"],
            replace=options["replace"],
            options=Options(
                mapping=_pairs(options["map"]), **{name: options[name] for name in names}
            ),
            stamps=Stamps(
                state=options["state"],
                source_zh=options["source"],
                source_en=options["source_en"] or options["source"],
                as_of=options["as_of"],
            ),
        )

    def _print(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            text = json.dumps(report.as_dict(), ensure_ascii=False, default=str, indent=1)
        else:
            text = "\n".join(report_lines(report))
        self.stdout.write(text)


def _pairs(given: list[str]) -> dict[str, str]:
    """`--map a=b` as file field → dictionary field."""
    pairs = {}
    for pair in given:
        name, equals, target = pair.partition("=")
        if not equals or not name:
            raise CallRefused(_("--map takes FILE=FIELD, not “%(text)s”.") % {"text": pair})
        pairs[name] = target
    return pairs
