"""MapServer's configuration: the plain tables as OGC API – Features, and as vector tiles."""

from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.data import EXTENT, FIELDS, KINDS

PROGRAM = Path("/usr/lib/cgi-bin/mapserv")
_MAP = """
MAP
  NAME "bench"
  EXTENT {extent}
  SIZE 512 512
  PROJECTION "epsg:4326" END
  OUTPUTFORMAT
    NAME "mvt" DRIVER MVT MIMETYPE "application/vnd.mapbox-vector-tile"
    FORMATOPTION "EXTENT=4096" FORMATOPTION "EDGE_BUFFER=20"
  END
  WEB METADATA
    "ows_title" "bench"
    "ows_enable_request" "*"
    "ows_srs" "EPSG:4326 EPSG:3857"
    "oga_onlineresource" "http://127.0.0.1/bench/ogcapi"
  END END
  {layers}
END
"""
_LAYER = """
  LAYER
    NAME "bench_{kind}" TYPE {type} STATUS ON EXTENT {extent}
    CONNECTIONTYPE POSTGIS CONNECTION "{connection}"
    PROCESSING "CLOSE_CONNECTION=DEFER"
    DATA "geom FROM bench_{kind} USING UNIQUE id USING srid=4326"
    PROJECTION "epsg:4326" END
    TEMPLATE "none"
    METADATA
      "ows_title" "bench_{kind}" "ows_extent" "{extent}"
      "gml_featureid" "id" "gml_include_items" "all" "ows_include_items" "all"
      {types}
    END
  END
"""
_CONFIG = """
CONFIG
  ENV MS_MAP_PATTERN "." END
  MAPS bench "{map}" END
END
"""
_TYPES = {"Point": "POINT", "LineString": "LINE", "Polygon": "POLYGON"}


def configured(folder: Path, database: Mapping[str, str]) -> dict[str, str]:
    """Write both documents; what the server's environment says of them."""
    extent = " ".join(map(str, EXTENT))
    types = " ".join(
        f'"gml_{name}_type" "{"Character" if kind == "text" else "Real"}"'
        for name, kind, _expression in FIELDS
    )
    told = {"extent": extent, "types": types}
    told["connection"] = " ".join(f"{name}={value}" for name, value in database.items())
    layers = "".join(
        _LAYER.format(kind=name, type=_TYPES[kind.geometry], **told) for name, kind in KINDS.items()
    )
    map_file, config = folder / "bench.map", folder / "mapserver.conf"
    map_file.write_text(_MAP.format(extent=extent, layers=layers), encoding="utf-8")
    config.write_text(_CONFIG.format(map=map_file), encoding="utf-8")
    return {"MAPSERVER_CONFIG_FILE": str(config)}
