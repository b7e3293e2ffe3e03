"""Excel (OOXML): the table, and a sheet on what the columns mean and where they come from."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext, override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from layers.serving.exports.about import about
from layers.serving.exports.columns import Column, columns_for, headings, table
from layers.serving.exports.delimited import safe
from layers.serving.exports.errors import ExportTooLarge
from layers.serving.exports.export import Export

#: What a sheet holds at most, the heading included.
MAX_ROWS = 1_048_576
_MAX_TEXT = 32_767
_HEADING = {"font": Font(bold=True), "fill": PatternFill("solid", fgColor="E4F0EB")}


def write_workbook(path: Path, export: Export) -> None:
    """Write the file; rows go to the disk as they come, never all in memory."""
    columns = columns_for(export)
    book = Workbook(write_only=True)
    with override(export.language):
        _refuse_too_many(export)
        # A sheet that is broken off leaves its file behind.
        export.refuse_what_lies_outside()
        _data_sheet(book, export, columns)
        _about_sheet(book, export, columns)
    book.save(path)


def _refuse_too_many(export: Export) -> None:
    if export.records.count() >= MAX_ROWS:
        raise ExportTooLarge(
            gettext("An Excel sheet holds %(limit)s rows; choose CSV or GeoPackage.")
            % {"limit": f"{MAX_ROWS - 1:,}"}
        )


def _data_sheet(book, export: Export, columns: list[Column]) -> None:
    sheet = book.create_sheet(_sheet_title(str(export.declaration.title)))
    sheet.freeze_panes = "A2"
    named = headings(export, columns)
    for index, heading in enumerate(named, 1):
        sheet.column_dimensions[get_column_letter(index)].width = _width(heading)
    sheet.append(_heading_cells(sheet, named))
    for row in table(export, columns):
        sheet.append([_cell(sheet, value) for value in row])


def _about_sheet(book, export: Export, columns: list[Column]) -> None:
    sheet = book.create_sheet(gettext("About the data"))
    for letter, width in zip("ABCDE", (22, 36, 16, 14, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for label, value in about(export.declaration, export.language, export.system).facts:
        sheet.append([*_heading_cells(sheet, [label]), _cell(sheet, value)])
    sheet.append([])
    titles = (
        gettext("Field"),
        gettext("Label"),
        gettext("Unit"),
        gettext("Type"),
        gettext("Codes"),
    )
    sheet.append(_heading_cells(sheet, titles))
    for column in columns:
        codes = "; ".join(f"{code} {label}" for code, label in column.codes.items())
        declared = column.declared
        words = (declared.name, column.label, column.unit, declared.type.value, codes)
        sheet.append([_cell(sheet, word) for word in words])


def _heading_cells(sheet, texts: Iterable[str]) -> list[WriteOnlyCell]:
    cells = [_cell(sheet, text) for text in texts]
    for cell in cells:
        cell.font, cell.fill = _HEADING["font"], _HEADING["fill"]
    return cells


def _cell(sheet, value):
    """A cell whose text stays text, whatever it begins with."""
    if isinstance(value, datetime):
        # Sheets know no time zones; the service's own is what people here mean.
        return timezone.make_naive(value)
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", safe(value))[:_MAX_TEXT])
    cell.data_type = "s"
    return cell


def _sheet_title(text: str) -> str:
    return "".join(c for c in text if c not in r"[]:*?/\\'")[:31] or "data"


def _width(heading: str) -> float:
    """Chinese characters are twice as wide as the digits that widths are counted in."""
    return min(40, 4 + sum(1 if c.isascii() else 2 for c in heading))
