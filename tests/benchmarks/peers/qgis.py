"""QGIS Server's project: the plain tables as OGC API – Features (which it calls WFS 3)."""

from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from tests.benchmarks.data import EXTENT, KINDS

PROGRAM = Path("/usr/lib/cgi-bin/qgis_mapserv.fcgi")
_CRS = "<spatialrefsys><srid>4326</srid><authid>EPSG:4326</authid></spatialrefsys>"
_PROJECT = """<!DOCTYPE qgis>
<qgis projectname="bench" version="3.22.16">
 <projectCrs>{crs}</projectCrs>
 <layer-tree-group>{tree}</layer-tree-group>
 <projectlayers>{layers}</projectlayers>
 <properties><WFSLayers type="QStringList">{names}</WFSLayers></properties>
</qgis>
"""
_LEAF = '<layer-tree-layer id="bench_{kind}" name="bench_{kind}" providerKey="postgres"/>'
_LAYER = """<maplayer type="vector" geometry="{geometry}">
 <extent><xmin>{0}</xmin><ymin>{1}</ymin><xmax>{2}</xmax><ymax>{3}</ymax></extent>
 <id>bench_{kind}</id><layername>bench_{kind}</layername><srs>{crs}</srs>
 <datasource>{source}</datasource><provider encoding="UTF-8">postgres</provider>
</maplayer>
"""
_SOURCE = (
    "dbname='{dbname}' host={host} user='{user}' key='id' estimatedmetadata=true srid=4326"
    ' type={geometry} table="public"."bench_{kind}" (geom)'
)


def configured(folder: Path, database: Mapping[str, str]) -> dict[str, str]:
    """Write the project; what the server's environment says of it."""
    project = folder / "bench.qgs"
    layers = "".join(_layer(name, database) for name in KINDS)
    text = _PROJECT.format(
        crs=_CRS,
        tree="".join(_LEAF.format(kind=name) for name in KINDS),
        layers=layers,
        names="".join(f"<value>bench_{name}</value>" for name in KINDS),
    )
    project.write_text(text, encoding="utf-8")
    return {
        "QGIS_PROJECT_FILE": str(project),
        "QGIS_SERVER_LOG_LEVEL": "2",
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_SERVER_API_WFS3_MAX_LIMIT": "10000",
    }


def _layer(kind: str, database: Mapping[str, str]) -> str:
    geometry = KINDS[kind].geometry
    source = escape(_SOURCE.format(geometry=geometry, kind=kind, **database))
    return _LAYER.format(*EXTENT, geometry=geometry, kind=kind, crs=_CRS, source=source)
