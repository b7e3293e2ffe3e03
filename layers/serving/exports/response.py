"""The download of an export: one function for every format."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.postgis.features import Presentation
from layers.registry import Declaration
from layers.serving.disposition import attachment
from layers.serving.exports.addresses import with_whole_addresses
from layers.serving.exports.export import Export
from layers.serving.exports.formats import FORMATS, Format


def export_response(
    *,
    declaration: Declaration,
    records: QuerySet,
    fmt: str,
    stem: str,
    language: str,
    origin: str,
) -> StreamingHttpResponse:
    """Records of a layer as a download named `stem` in one of FORMATS.

    `records` is any filter of the layer's records; only public ones leave. `language` is `zh…` or
    `en…`; addresses begin with `origin` (`https://host`). Raises BadParameter for another format,
    ExportTooLarge for more rows than Excel holds, UnfitForFormat.
    """
    if fmt not in FORMATS:
        raise BadParameter("f", _("Exports come as: %s.") % ", ".join(FORMATS))
    chosen = FORMATS[fmt]
    export = Export(
        declaration=with_whole_addresses(declaration, origin, language),
        records=records.public() if records.ordered else records.public().order_by("pk"),
        language=language,
        presentation=Presentation(system=chosen.system, xy=True),
    )
    return file_response(chosen, export, stem)


def file_response(chosen: Format, export: Export, stem: str) -> StreamingHttpResponse:
    """An export as a download named `stem`: streamed, or made whole first."""
    if chosen.streamed:
        response = StreamingHttpResponse(_begun(chosen.stream(export)))
    else:
        response = FileResponse(_made(chosen, export))
    return named(response, chosen, stem, export.declaration.slug)


def named(response, chosen: Format, stem: str, slug: str):
    """The response with the media type and the file name of a download."""
    charset = "; charset=utf-8" if chosen.media_type.startswith("text/") else ""
    response["Content-Type"] = f"{chosen.media_type}{charset}"
    file_name, plain = f"{stem}.{chosen.ending}", f"{slug}.{chosen.ending}"
    response["Content-Disposition"] = attachment(file_name, plain)
    return response


#: What a file of one chunk comes in at most, and one piece more.
_AHEAD = 4


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, some of which are there already: what cannot begin is refused, not broken off.

    A small file is whole then, and the database is free before the first byte leaves.
    """
    return _continued(list(islice(pieces, _AHEAD)), pieces)


def _continued(first: list[bytes], pieces: Iterator[bytes]) -> Iterator[bytes]:
    with closing(pieces):
        yield from first
        yield from pieces


def _made(chosen: Format, export: Export) -> BinaryIO:
    """The finished file, opened; its name is gone before the first byte leaves.

    So nothing is left behind, whether the visitor takes all of it or goes away.
    """
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / f"export.{chosen.ending}"
        chosen.write(path, export)
        return path.open("rb")
