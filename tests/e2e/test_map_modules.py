"""The modules of the map page as they are served."""

import gzip
import json
import re
from pathlib import Path

from tests.e2e.map_page import ready

HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


def test_every_module_is_served_under_the_hash_of_its_content(visit):
    page = visit("/?layers=none")
    loaded = ready(page).evaluate(
        """performance.getEntriesByType("resource").map(one => one.name)
             .filter(name => new URL(name).pathname.endsWith(".js"))"""
    )
    assert len(loaded) > 30
    assert [name for name in loaded if not HASHED.search(name)] == []
    assert len(loaded) == len(set(loaded)), "a module came twice"


def test_the_scripts_of_the_page_stay_within_their_budget(served, visit):
    page = visit("/?layers=none")
    names = ready(page).evaluate(
        """performance.getEntriesByType("resource").map(one => new URL(one.name).pathname)
             .filter(name => /\\.(js|css|svg)$/.test(name))"""
    )
    static = Path(served.environ["GEOPORTAL_VAR"]) / "static"
    files = {static / name.removeprefix("/static/") for name in names}
    compressed = sum(_gzipped(file) for file in files)
    print(f"{len(files)} files, {compressed / 1024:.0f} KiB compressed")
    assert compressed < 250 * 1024


def _gzipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))


def test_the_page_carries_its_data_as_data(visit):
    page = visit("/en/?layers=none")
    data = json.loads(page.locator("#page-data").text_content())
    assert data["language"] == "en"
    west, south, east, north = data["extent"]
    assert 123 < west < east < 130
    assert 44 < south < north < 49
