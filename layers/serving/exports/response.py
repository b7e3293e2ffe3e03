"""The download of an export: one function for every format."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.registry import Declaration
from layers.serving.disposition import attachment
from layers.serving.exports.addresses import with_whole_addresses
from layers.serving.exports.delimited import write_csv
from layers.serving.exports.feature_collection import write_geojson
from layers.serving.exports.geopackage import write_geopackage
from layers.serving.exports.workbook import write_workbook


@dataclass(frozen=True)
class Format:
    """A format: streamed as it is read, or made whole on the disk first."""

    media_type: str
    stream: Callable[..., Iterator[bytes]] | None = None
    write: Callable[..., None] | None = None


_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "xlsx": Format(_EXCEL, write=write_workbook),
    "csv": Format("text/csv; charset=utf-8", stream=write_csv),
    "geojson": Format("application/geo+json", stream=write_geojson),
    "gpkg": Format("application/geopackage+sqlite3", write=write_geopackage),
}


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
    ExportTooLarge for more rows than Excel holds.
    """
    if fmt not in FORMATS:
        raise BadParameter("f", _("Exports come as: %s.") % ", ".join(FORMATS))
    chosen, records = FORMATS[fmt], records.public()
    declaration = with_whole_addresses(declaration, origin, language)
    if not records.ordered:
        records = records.order_by("pk")
    if chosen.stream:
        body = chosen.stream(declaration, records, language)
        response = StreamingHttpResponse(body, content_type=chosen.media_type)
    else:
        body = _made(fmt, declaration, records, language)
        response = FileResponse(body, content_type=chosen.media_type)
    response["Content-Disposition"] = attachment(f"{stem}.{fmt}", f"{declaration.slug}.{fmt}")
    return response


def _made(fmt: str, declaration, records, language: str) -> BinaryIO:
    """The finished file, opened; its name is gone before the first byte leaves.

    So nothing is left behind, whether the visitor takes all of it or goes away.
    """
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / f"export.{fmt}"
        FORMATS[fmt].write(path, declaration, records, language)
        return path.open("rb")
