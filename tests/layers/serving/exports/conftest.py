"""A layer of wells whose texts and positions are known, and files read back by GDAL."""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pyogrio
import pytest
from django.contrib.gis.geos import GEOSGeometry

from layers.serving.exports.formats import FORMATS
from tests.factories import make_contact, make_feature, make_layer, point

#: Chinese, with a character beyond the first plane of Unicode.
NAMES = ("一号井", "镕基井", "𠮷野井")


def epsg(number: int) -> str:
    """The URI of a system."""
    return f"http://www.opengis.net/def/crs/EPSG/0/{number}"


@dataclass
class File:
    """A file as GDAL reads it: what is known of it, its records by name, their geometries."""

    info: dict
    records: list[dict]
    shapes: list


class Exporter:
    """Asks for exports of a layer and opens them."""

    def __init__(self, api, folder: Path):
        self.api, self.folder = api, folder

    def ask(self, fmt: str, slug: str = "wells", headers: dict | None = None, **parameters):
        """The response to an export."""
        query = urlencode({"f": fmt, **parameters})
        return self.api.ask(f"collections/{slug}/export?{query}", **(headers or {}))

    def body(self, fmt: str, slug: str = "wells", **parameters) -> bytes:
        """The bytes of a good answer."""
        response = self.ask(fmt, slug, **parameters)
        assert response.status_code == 200, response.content
        return b"".join(response.streaming_content)

    def saved(self, fmt: str, slug: str = "wells", **parameters) -> Path:
        """The file on the disk."""
        path = self.folder / f"{slug}.{FORMATS[fmt].ending}"
        path.write_bytes(self.body(fmt, slug, **parameters))
        return path

    def opened(self, fmt: str, slug: str = "wells", **parameters) -> File:
        """The file as GDAL reads it."""
        return opened(self.saved(fmt, slug, **parameters))


def opened(path: Path | str, **options) -> File:
    """A file as GDAL reads it."""
    meta, _fids, shapes, columns = pyogrio.raw.read(path, **options)
    records = [dict(zip(meta["fields"], row, strict=True)) for row in zip(*columns, strict=True)]
    shapes = [shape and GEOSGeometry(memoryview(shape)) for shape in shapes]
    return File(pyogrio.read_info(path, **options), records, shapes)


@pytest.fixture
def exporter(api, tmp_path) -> Exporter:
    """One who takes files of a layer."""
    return Exporter(api, tmp_path)


@pytest.fixture
def wells():
    """Three wells with a number, a date, a truth and an instant; the third without these."""
    kinds = {"depth": "number", "drilled": "date", "in_use": "boolean", "checked": "datetime"}
    fields = [{"name": n, "label_zh": f"{n}中", "label_en": n, "type": t} for n, t in kinds.items()]
    fields[0] |= {"unit_zh": "米", "unit_en": "m"}
    layer = make_layer(
        fields=fields,
        steward=make_contact(),
        source_zh="市水务局",
        source_en="Water bureau",
        licence_zh="可自由使用，注明来源",
        licence_en="Free to use with attribution",
        as_of=date(2026, 6, 30),
    )
    known = {"drilled": "2019-05-04", "in_use": True, "checked": "2026-06-30T08:00:00Z"}
    for number, name in enumerate(NAMES):
        properties = {"name_zh": name, "name_en": f"Well {number}"}
        if number < 2:
            properties |= {**known, "depth": 10.5 + number}
        place = point(127.1234567 + number / 100, 46.7654321)
        make_feature(layer, f"w-{number}", geom=place, properties=properties)
    return layer


def text_of(body: bytes) -> io.StringIO:
    """A text file."""
    return io.StringIO(body.decode("utf-8-sig"))
