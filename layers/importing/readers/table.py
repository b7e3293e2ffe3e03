"""CSV with coordinates: two columns, or one of WKT; comma, semicolon, tab or bar between.

Rows are numbered as a spreadsheet shows them: the header is row 1.
"""

import csv
from collections.abc import Iterator

import shapely
from django.utils.translation import gettext as _

from layers.importing.encoding import Encoding, detect_file
from layers.importing.errors import CallRefused, FileRefused
from layers.importing.intake.workspace import Format, Found
from layers.importing.problems import Problems
from layers.importing.readers.base import Axes, Batch, distinct, in_batches
from layers.importing.readers.degrees import number

#: The longest cell: a polygon of some hundred thousand vertices as WKT.
MAX_CELL = 16 * 1024**2
LONGITUDE = ("lon", "lng", "long", "longitude", "经度", "东经", "x_lon", "lon_x")
LATITUDE = ("lat", "latitude", "纬度", "北纬", "y_lat", "lat_y")
EAST = ("easting", "east", "e", "东坐标", "东向坐标", "横坐标")
NORTH = ("northing", "north", "n", "北坐标", "北向坐标", "纵坐标")
WKT = ("wkt", "geom", "geometry", "the_geom", "shape", "几何", "geom_wkt")
X, Y = ("x", "x坐标", "坐标x", "point_x"), ("y", "y坐标", "坐标y", "point_y")


class Table:
    """A CSV file as a source of rows."""

    format = Format.CSV
    crs = ""

    def __init__(self, found: Found, *, encoding: str = "", x: str = "", y: str = ""):
        self.name = found.name
        self._path = found.path
        self.encoding: Encoding = detect_file(found.path, given=encoding)
        csv.field_size_limit(MAX_CELL)
        self._dialect = {"delimiter": self._delimiter()}
        self.header = self._header()
        self._place(x, y)

    def _place(self, x: str, y: str) -> None:
        """Decide which columns hold the position."""
        named = {title.strip().lower(): title for title in reversed(self.header)}
        self._wkt, self._x, self._y, self.axes = "", "", "", Axes()
        if x or y:
            self._x, self._y = (self._given(title) for title in (x, y))
            return
        for xs, ys, axes in (
            (LONGITUDE, LATITUDE, Axes(named_degrees=True)),
            (EAST, NORTH, Axes()),
            (X, Y, Axes(surveyed=True)),
        ):
            found = (_first(named, xs), _first(named, ys))
            if all(found):
                (self._x, self._y), self.axes = found, axes
                return
        # WKT says nothing of its system either; degrees in it are as good as in two columns.
        self._wkt, self.axes = _first(named, WKT), Axes(named_degrees=True)
        if not self._wkt:
            message = _(
                "No columns with coordinates were found among %(columns)s. Name them with --x and "
                "--y (x is longitude or easting)."
            )
            columns = ", ".join(self.header)[:300]
            raise FileRefused("csv-no-coordinates", message % {"columns": columns})

    def _given(self, title: str) -> str:
        if title not in self.header:
            raise CallRefused(_("The file has no column “%(name)s”.") % {"name": title})
        return title

    def batches(self, problems: Problems) -> Iterator[Batch]:
        """The rows that have cells; empty lines are passed over."""
        try:
            yield from in_batches(self._rows(problems))
        except UnicodeDecodeError:
            message = _("The file is not in the text encoding %(name)s throughout.")
            raise FileRefused("encoding-wrong", message % {"name": self.encoding.name}) from None
        except csv.Error:
            raise FileRefused("csv-damaged", _("The file cannot be read as CSV.")) from None

    def _rows(self, problems: Problems):
        with self._open() as text:
            cells = csv.reader(text, **self._dialect)
            next(cells)
            for row, values in enumerate(cells, start=2):
                if any(value.strip() for value in values):
                    read = self._row(row, values, problems)
                    if read is not None:
                        yield read

    def _row(self, row: int, values: list[str], problems: Problems):
        if len(values) > len(self.header) and any(v.strip() for v in values[len(self.header) :]):
            message = _("The row has %(count)d cells, the header %(columns)d.")
            counts = {"count": len(values), "columns": len(self.header)}
            problems.error("row-too-long", message % counts, row=row)
            return None
        if any("\n" in value for value in values) and len(values) < len(self.header):
            problems.error("quote-open", _("A quotation mark is opened and not closed."), row=row)
            return None
        record = dict(zip(self.header, values, strict=False))
        geometry = self._geometry(row, record, problems)
        if geometry is None:
            return None
        position = {self._x, self._y, self._wkt}
        return row, geometry, {k: v for k, v in record.items() if k not in position}, None

    def _geometry(self, row: int, record: dict, problems: Problems):
        if self._wkt:
            return _from_wkt(row, record.get(self._wkt, ""), self._wkt, problems)
        position = []
        for title in (self._x, self._y):
            text = record.get(title, "").strip()
            value = number(text)
            if value is None:
                code = "coordinate-missing" if not text else "coordinate-unreadable"
                message = _("No coordinate.") if not text else _("“%(text)s” is not a coordinate.")
                problems.error(code, message % {"text": text[:40]}, row=row, field=title)
            position.append(value)
        return None if None in position else shapely.Point(position)

    def _open(self):
        return self._path.open(encoding=self.encoding.name, newline="")

    def _delimiter(self) -> str:
        with self._open() as text:
            head = text.readline(64 * 1024)
        return max(",\t;|", key=head.count)

    def _header(self) -> list[str]:
        try:
            with self._open() as text:
                titles = next(csv.reader(text, **self._dialect), [])
        except (csv.Error, UnicodeDecodeError):
            raise FileRefused("csv-damaged", _("The file cannot be read as CSV.")) from None
        if not any(title.strip() for title in titles):
            raise FileRefused("file-empty", _("The file is empty or has no header row."))
        return distinct([title.strip() or f"column_{n}" for n, title in enumerate(titles, 1)])


def _first(named: dict[str, str], wanted: tuple[str, ...]) -> str:
    return next((named[name] for name in wanted if name in named), "")


def _from_wkt(row: int, text: str, title: str, problems: Problems):
    body = text.split(";", 1)[-1] if text.lstrip().upper().startswith("SRID=") else text
    try:
        shape = shapely.from_wkt(body, on_invalid="ignore") if body.strip() else None
    except NotImplementedError:  # curves and surfaces
        shape = None
    if shape is None:
        message = _("No geometry.") if not body.strip() else _("The geometry cannot be read.")
        code = "geometry-missing" if not body.strip() else "geometry-unreadable"
        problems.error(code, message, row=row, field=title)
    return shape
