"""OGC API – Tiles, Part 1: Core (OGC 20-057), annex A, and the JSON of OGC 17-083r4, annex A."""

import pytest

from tests.conformance.conftest import OPENAPI, links
from tests.layers.serving.tiles.conftest import decoded
from tests.layers.serving.tiles.conftest import tile_of as tile_at

pytestmark = pytest.mark.django_db
TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
TMS = "http://www.opengis.net/spec/tms/2.0/conf"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
REGISTERED = "http://www.opengis.net/def/tilematrixset/OGC/1.0"
MVT = "application/vnd.mapbox-vector-tile"


def tilesets(service) -> list[dict]:
    """The entries of the list that the landing page leads to."""
    (link,) = links(service.landing, f"{REL}/tilesets-vector")
    return service.body(link["href"])["tilesets"]


def tile_of(entry: dict, level: int, row: int, column: int) -> str:
    (template,) = links(entry, "item")
    assert template["templated"] is True
    return template["href"].format(tileMatrix=level, tileRow=row, tileCol=column)


def test_conformance_is_declared(service):
    """/conf/core/conformance-success"""
    (link,) = links(service.landing, "conformance")
    declared = service.body(link["href"])["conformsTo"]
    assert f"{TILES}/core" in declared
    assert f"{TMS}/tilematrixset" in declared


def test_tiles_are_at_addresses_made_from_a_template(service):
    """/conf/core/tc-op"""
    for entry in tilesets(service):
        for name in ("{tileMatrix}", "{tileRow}", "{tileCol}"):
            assert name in links(entry, "item")[0]["href"]
        grid = entry["tileMatrixSetURI"].rsplit("/", 1)[1]
        assert f"/tiles/{grid}/" in links(entry, "item")[0]["href"]


@pytest.mark.parametrize("name", ["tileMatrix", "tileRow", "tileCol"])
def test_the_place_of_a_tile_is_described(service, name):
    """/conf/core/tc-tilematrix-definition, /conf/core/tc-tilerow-definition,
    /conf/core/tc-tilecol-definition"""
    for base in ("", "/collections/wells"):
        path = f"{base}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
        found = service.parameter(path, name)
        assert (found["in"], found["required"]) == ("path", True)
        assert found["schema"]["type"] == ("string" if name == "tileMatrix" else "integer")
        if name != "tileMatrix":
            assert found["schema"]["minimum"] == 0


def test_tiles_within_the_limits_are_given(service, tmp_path):
    """/conf/core/tc-success, /conf/mvt/content"""
    for entry in tilesets(service):
        for limits in entry["tileMatrixSetLimits"][:9]:
            rows = range(
                limits["minTileRow"], min(limits["maxTileRow"], limits["minTileRow"] + 2) + 1
            )
            for row in rows:
                href = tile_of(entry, limits["tileMatrix"], row, limits["minTileCol"])
                response = service.get(href)
                assert response.status_code == 200
                assert response["Content-Type"] == MVT
                if response.content:
                    assert decoded(response.content, tmp_path)


def test_tiles_outside_of_the_limits_are_refused(service):
    """/conf/core/tc-error"""
    entries = tilesets(service)
    for collection in service.collections:
        (link,) = links(collection, f"{REL}/tilesets-vector")
        entries += service.body(link["href"])["tilesets"]
    for entry in entries:
        assert service.get(tile_of(entry, 6, 2147483647, 2147483647)).status_code == 404
        for limits in entry["tileMatrixSetLimits"]:
            level, row = limits["tileMatrix"], limits["maxTileRow"] + 1
            assert service.get(tile_of(entry, level, row, limits["minTileCol"])).status_code == 404
            column = limits["minTileCol"] - 1
            href = tile_of(entry, level, limits["minTileRow"], column)
            assert service.get(href).status_code == 404


def test_within_the_limits_a_tile_without_data_is_empty(service):
    """/conf/core/tc-error"""
    between = tile_at(12, 126.05, 46.8)
    response = service.ask(f"collections/pipes/tiles/WebMercatorQuad/{between}")
    assert (response.status_code, response.content) == (200, b"")


def test_a_tile_set_describes_itself(service):
    """/conf/tileset/description"""
    for entry in tilesets(service):
        (own,) = links(entry, "self")
        tileset = service.body(own["href"], "application/json")
        assert tileset["dataType"] == "vector"
        assert tileset["crs"].startswith("http://www.opengis.net/def/crs/")
        (scheme,) = links(tileset, f"{REL}/tiling-scheme")
        assert service.body(scheme["href"])["tileMatrices"]
        (item,) = links(tileset, "item")
        assert (item["templated"], item["type"]) == (True, MVT)
        assert {each["id"] for each in tileset["layers"]} >= {"wells", "pipes", "lakes", "parks"}


def test_tile_sets_are_listed(service):
    """/conf/tilesets-list/tileset-path, /conf/tilesets-list/tileset-links"""
    bases = ["http://testserver/api", "http://testserver/api/collections/wells"]
    for base in bases:
        for entry in service.body(f"{base}/tiles")["tilesets"]:
            assert {"dataType", "crs", "tileMatrixSetURI"} <= set(entry)
            (own,) = links(entry, "self")
            assert own["href"] == f"{base}/tiles/{entry['tileMatrixSetId']}"
            assert links(entry, f"{REL}/tiling-scheme")


def test_the_landing_page_leads_to_tiles_of_everything(service):
    """/conf/dataset-tilesets/landingpage, /conf/dataset-tilesets/operation"""
    (link,) = links(service.landing, f"{REL}/tilesets-vector")
    assert link["href"] == "http://testserver/api/tiles"
    assert service.body(link["href"])["tilesets"]


def test_each_collection_leads_to_its_tiles(service):
    """/conf/geodata-tilesets/desc-links, /conf/geodata-tilesets/operation"""
    for collection in service.collections:
        (link,) = links(collection, f"{REL}/tilesets-vector")
        assert link["href"].endswith(f"/collections/{collection['id']}/tiles")
        assert service.body(link["href"])["tilesets"]


def test_collections_can_be_chosen_in_their_order(service, tmp_path):
    """/conf/collections-selection/query-collections,
    /conf/collections-selection/collections-response"""
    base = "/tiles/{tileMatrixSetId}"
    for path in ("/tiles", base, f"{base}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"):
        chosen = service.parameter(path, "collections")
        assert (chosen["in"], chosen["required"], chosen["style"], chosen["explode"]) == (
            "query", False, "form", False,
        )  # fmt: skip
        assert chosen["schema"]["type"] == "array"
    tileset = service.json("tiles/WebMercatorQuad?collections=pipes,wells")
    assert [each["id"] for each in tileset["layers"]] == ["pipes", "wells"]
    for names in ("pipes,wells", "wells,pipes"):
        response = service.ask(f"tiles/WebMercatorQuad/6/22/54?collections={names}")
        assert list(decoded(response.content, tmp_path)) == names.split(",")
    assert service.ask("tiles?collections=none").status_code == 404


def test_the_definition_describes_tiles(service):
    """/conf/oas30/completeness, /conf/oas30/operation-id"""
    (link,) = links(service.landing, "service-desc")
    assert link["type"] == OPENAPI
    paths = service.description["paths"]
    names = {path: item["get"]["operationId"] for path, item in paths.items()}
    place = "{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"
    expected = {
        "/tiles": ".dataset.vector.getTileSetsList",
        "/tiles/{tileMatrixSetId}": ".dataset.vector.getTileSet",
        f"/tiles/{place}": ".dataset.vector.getTile",
        "/collections/wells/tiles": ".collection.vector.getTileSetsList",
        "/collections/wells/tiles/{tileMatrixSetId}": ".collection.vector.getTileSet",
        f"/collections/wells/tiles/{place}": ".collection.vector.getTile",
    }
    for path, suffix in expected.items():
        assert names[path].endswith(suffix)


def test_grids_are_those_that_are_registered(service):
    """/conf/tilematrixset, /conf/json-tilematrixset"""
    for name, corner, wide in (
        ("WebMercatorQuad", [-20037508.3427892, 20037508.3427892], 1),
        ("WorldCRS84Quad", [-180, 90], 2),
    ):
        grid = service.json(f"tileMatrixSets/{name}")
        assert grid["uri"] == f"{REGISTERED}/{name}"
        for level, matrix in enumerate(grid["tileMatrices"]):
            assert matrix["pointOfOrigin"] == pytest.approx(corner)
            assert (matrix["tileWidth"], matrix["tileHeight"]) == (256, 256)
            assert matrix["matrixWidth"] == wide * 2**level
            assert matrix["scaleDenominator"] == pytest.approx(559082264.028717 / wide / 2**level)


def test_tile_set_metadata(service):
    """/conf/tilesetmetadata, /conf/json-tilesetmetadata, /conf/tilematrixsetlimits,
    /conf/json-tilematrixsetlimits"""
    for entry in tilesets(service):
        (own,) = links(entry, "self")
        tileset = service.body(own["href"])
        grid = service.body(links(tileset, f"{REL}/tiling-scheme")[0]["href"])
        matrices = {each["id"]: each for each in grid["tileMatrices"]}
        for limits in tileset["tileMatrixSetLimits"]:
            matrix = matrices[limits["tileMatrix"]]
            assert 0 <= limits["minTileRow"] <= limits["maxTileRow"] < matrix["matrixHeight"]
            assert 0 <= limits["minTileCol"] <= limits["maxTileCol"] < matrix["matrixWidth"]
