"""A point shapefile written byte by byte: GDAL would not write the labels that lie."""

import struct
from pathlib import Path

CGCS2000 = (
    'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]]'
)
WIDTH = 40


def write_shapefile(
    path: Path,
    *,
    codec: str,
    field: str,
    values: list[str],
    cpg: str | None = None,
    language_byte: int = 0,
    twice: bool = False,
) -> Path:
    """Points along a line with one text field (or the same one twice), labels as given."""
    shapes = [struct.pack("<idd", 1, 126.0 + n / 10, 46.5) for n in range(len(values))]
    records = [struct.pack(">ii", n, 10) + shape for n, shape in enumerate(shapes, 1)]
    path.write_bytes(_header(100 + 28 * len(shapes)) + b"".join(records))
    index = [struct.pack(">ii", 50 + 14 * n, 10) for n in range(len(shapes))]
    path.with_suffix(".shx").write_bytes(_header(100 + 8 * len(shapes)) + b"".join(index))
    dbf = _dbf([field] * (2 if twice else 1), values, codec, language_byte)
    path.with_suffix(".dbf").write_bytes(dbf)
    path.with_suffix(".prj").write_text(CGCS2000)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    return path


def _header(size: int) -> bytes:
    box = struct.pack("<dddd", 126.0, 46.5, 128.0, 46.5) + bytes(32)
    return (
        struct.pack(">iiiiiii", 9994, 0, 0, 0, 0, 0, size // 2) + struct.pack("<ii", 1000, 1) + box
    )


def _dbf(fields: list[str], values: list[str], codec: str, language_byte: int) -> bytes:
    size = 32 + 32 * len(fields) + 1
    head = struct.pack("<BBBBIHH", 3, 126, 1, 1, len(values), size, 1 + WIDTH * len(fields))
    head = head + bytes(17) + bytes([language_byte]) + bytes(2)
    for field in fields:
        name = field.encode(codec)[:10].ljust(11, b"\0")
        head += name + b"C" + bytes(4) + bytes([WIDTH, 0]) + bytes(14)
    rows = [b" " + value.encode(codec)[:WIDTH].ljust(WIDTH) * len(fields) for value in values]
    return head + b"\r" + b"".join(rows) + b"\x1a"
