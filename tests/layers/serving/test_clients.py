"""Standard programs open the API unmodified and count the same records as the database."""

import json
import math
import re
import shutil
import subprocess
import sys
import textwrap

import pyproj
import pytest
from django.contrib.gis.geos import GEOSGeometry
from owslib.ogcapi.features import Features

from tests.factories import make_district, make_feature, make_layer, make_park, point

pytestmark = pytest.mark.django_db(transaction=True)
WELLS = 250


@pytest.fixture
def address(live_server, settings) -> str:
    settings.ALLOWED_HOSTS = ["localhost"]
    fields = [{"name": "depth", "label_zh": "深度", "label_en": "Depth", "type": "number"}]
    layer = make_layer(fields=fields)
    for number in range(WELLS):
        properties = {"name_zh": f"{number}号井", "name_en": f"Well {number}", "depth": number / 2}
        place = point(126 + number / 1000, 46)
        make_feature(layer, key=f"w-{number}", properties=properties, geom=place)
    make_feature(layer, key="draft", state="draft")
    line = GEOSGeometry("SRID=4490;LINESTRING Z (127 46 -1.5, 127.1 46.1 -2.25)")
    pipes = make_layer(slug="pipes", geometry_type="LineString", has_z=True)
    make_feature(pipes, key="p-1", geom=line)
    make_district()
    make_park()
    return f"{live_server.url}/api/"


def by_pyogrio(address: str, script: str):
    """What a script in a process of its own prints as JSON.

    GDAL holds the interpreter while it waits, and the server of the tests lives in it.
    """
    head = f"import json, pyogrio, struct; url = 'OAPIF:{address}'\n"
    command = [sys.executable, "-W", "ignore", "-c", head + textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_gdal_in_pyogrio_reads_every_page_with_types_texts_and_depths(address):
    script = """
        meta, _, shapes, columns = pyogrio.raw.read(url, layer="wells", PAGE_SIZE="100")
        fields = dict(zip(meta["fields"], columns))
        pipes = pyogrio.read_info(url, layer="pipes")
        print(json.dumps([len(shapes), fields["name_zh"][7], fields["depth"].sum(),
                          int(pipes["features"]), pipes["geometry_type"]]))
    """
    depths = sum(number / 2 for number in range(WELLS))
    assert by_pyogrio(address, script) == [WELLS, "7号井", depths, 1, "LineString Z"]


def test_gdal_lists_the_layers_and_asks_the_server_for_a_box_and_a_value(address):
    script = """
        names = [str(name) for name, _ in pyogrio.list_layers(url)]
        box = (126.0, 45.9, 126.0495, 46.1)
        boxed = pyogrio.raw.read(url, layer="wells", bbox=box)[2]
        named = pyogrio.raw.read(url, layer="wells", where="name_en = 'Well 9'")[2]
        print(json.dumps([names, len(boxed), len(named)]))
    """
    names, boxed, named = by_pyogrio(address, script)
    assert {"wells", "pipes", "parks", "districts"} <= set(names)
    assert (boxed, named) == (50, 1)


def test_gdal_reads_records_in_the_system_it_asks_for(address):
    script = """
        told = []
        for crs in ("EPSG:4490", "EPSG:3857", "EPSG:4551"):
            info, _, shapes, _ = pyogrio.raw.read(url, layer="wells", max_features=1, CRS=crs)
            told.append([info["crs"], struct.unpack("<2d", bytes(shapes[0])[5:21])])
        print(json.dumps(told))
    """
    told = by_pyogrio(address, script)
    assert [crs for crs, _ in told] == ["EPSG:4490", "EPSG:3857", "EPSG:4551"]
    for crs, place in told:
        to_crs = pyproj.Transformer.from_crs(4490, crs, always_xy=True)
        near = to_crs.itransform([(126 + number / 1000, 46) for number in range(WELLS)])
        assert min(math.dist(place, each) for each in near) < 0.01


def test_ogrinfo_of_the_system_counts_the_same(address):
    program = shutil.which("ogrinfo") or pytest.skip("no ogrinfo here (package gdal-bin)")
    command = [program, "-ro", "-so", f"OAPIF:{address}", "wells", "parks"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert re.findall(r"Feature Count: (\d+)", told) == [str(WELLS), "1"]
    assert "depth: Real" in told


def test_owslib_walks_through_it(address):
    features = Features(address)
    assert features.conformance()["conformsTo"]
    assert "wells" in features.feature_collections()
    page = features.collection_items("wells", limit=10, bbox=[126, 45.9, 126.0495, 46.1])
    assert (page["numberMatched"], page["numberReturned"]) == (50, 10)
    assert features.collection_item("wells", "w-3")["properties"]["name_en"] == "Well 3"
    assert "depth" in features.collection_queryables("wells")["properties"]
