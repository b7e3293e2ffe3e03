"""pygeoapi's configuration: the plain tables as features and as tiles."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.data import KINDS

_ADDRESS = "http://127.0.0.1"
_CONTACT = (
    "name position address city stateorprovince postalcode country phone fax hours instructions"
)


def configured(python: Path, folder: Path, database: Mapping[str, str]) -> dict[str, str]:
    """Write both documents; what the server's environment says of them."""
    config, openapi = folder / "pygeoapi.yml", folder / "pygeoapi-openapi.yml"
    # JSON is YAML.
    config.write_text(json.dumps(_configuration(database)), encoding="utf-8")
    environ = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    make = [python.parent / "pygeoapi", "openapi", "generate", config, "--output-file", openapi]
    subprocess.run(make, check=True, capture_output=True)
    return environ


def _configuration(database: Mapping[str, str]) -> dict:
    said = {"title": "bench", "description": "bench", "keywords": ["bench"]}
    contact = dict.fromkeys(_CONTACT.split(), "bench") | {"url": _ADDRESS, "email": "a@example.org"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 80},
            "url": _ADDRESS,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "pretty_print": False,
            "limits": {"default_items": 10, "max_items": 10_000},
            "map": {"url": _ADDRESS, "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                **said,
                "keywords_type": "theme",
                "terms_of_service": "",
                "url": _ADDRESS,
            },
            "license": {"name": "bench", "url": _ADDRESS},
            "provider": {"name": "bench", "url": _ADDRESS},
            "contact": {**contact, "role": "pointOfContact"},
        },
        "resources": {f"bench_{kind}": _resource(kind, said, database) for kind in KINDS},
    }


def _resource(kind: str, said: dict, database: Mapping[str, str]) -> dict:
    table = {
        "data": {**database, "port": 5432, "password": "none", "search_path": ["public"]},
        "id_field": "id",
        "table": f"bench_{kind}",
        "geom_field": "geom",
    }
    tiles = {
        "type": "tile",
        "name": "MVT-postgresql",
        "options": {"zoom": {"min": 0, "max": 16}},
        "format": {"name": "pbf", "mimetype": "application/vnd.mapbox-vector-tile"},
        "storage_crs": "http://www.opengis.net/def/crs/EPSG/0/4326",
    }
    return {
        "type": "collection",
        **said,
        "links": [{"type": "text/html", "rel": "canonical", "title": "x", "href": _ADDRESS}],
        "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}},
        "providers": [
            {"type": "feature", "name": "PostgreSQL", **table},
            {**tiles, **table},
        ],
    }
