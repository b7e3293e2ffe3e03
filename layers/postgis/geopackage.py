"""What a GeoPackage says of its tables: the one query asked of SQLite and not of PostGIS."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

_CONTENTS = """
    SELECT c.table_name, m.type, g.srs_id, s.organization, s.organization_coordsys_id, s.definition
    FROM gpkg_contents c
    JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
    LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
    LEFT JOIN sqlite_master m ON m.name = c.table_name
    WHERE c.data_type = 'features'
"""


class FeatureTable(NamedTuple):
    """A layer: `kind` is table or view; the rest is its entry among the reference systems."""

    name: str
    kind: str
    srs_id: int
    organization: str | None
    code: int | None
    definition: str | None


def feature_tables(path: Path) -> list[FeatureTable]:
    """The layers of a GeoPackage, opened for reading only; sqlite3.Error where it is none."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as opened:
        return [FeatureTable(*row) for row in opened.execute(_CONTENTS)]
