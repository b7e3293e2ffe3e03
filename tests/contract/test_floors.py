"""The plan of docs/architecture.md holds, and the check that says so can fail."""

import shutil
from pathlib import Path

import pytest

from tests.contract.floors import COUNTED_FOLDERS, findings

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_breaks_the_plan():
    assert [str(found) for found in findings(ROOT)] == []


@pytest.fixture
def copy(tmp_path) -> Path:
    """The source as it stands, to be spoilt."""
    for folder in COUNTED_FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    return tmp_path


SPOILT = [
    # A line put at the end of a file, and the rule that must find it.
    ("upward import", "layers/records/models.py", "from investment.catalog.models import Park"),
    ("upward import", "layers/records/models.py", "def f():\n    import investment.models"),
    ("upward import", "layers/errors.py", "import_module('geoportal.problems')"),
    ("upward import", "layers/__init__.py", "from ..geoportal import problems"),
    ("upward import", "layers/bilingual.py", "PARK = 'investment.Park'"),
    ("upward import", "investment/industries.py", "from geoportal import settings"),
    ("upward import", "investment/documents/models.py", "def f():\n    from geoportal import x"),
    ("http in the domain", "layers/catalog/services.py", "from rest_framework import status"),
    ("http in the domain", "layers/records/querysets.py", "from django.http import Http404"),
    ("http in the domain", "investment/catalog/models/parks.py", "from django import http"),
    ("SQL outside its room", "layers/records/models.py", "A = Func(function='ST_Area')"),
    ("SQL outside its room", "layers/catalog/services.py", "RawSQL('1', [])"),
    ("SQL outside its room", "investment/industries.py", "connection.cursor()"),
    ("SQL outside its room", "geoportal/checks.py", "Layer.objects.raw('SELECT 1')"),
    ("rooms in a circle", "layers/catalog/models.py", "from layers.records import search"),
    ("rooms in a circle", "layers/catalog/models.py", "from layers.models import District"),
    ("rooms in a circle", "layers/postgis/fields.py", "def f():\n    import layers.records.models"),
    ("long file", "layers/errors.py", "#\n" * 400),
]


@pytest.mark.parametrize(("rule", "path", "text"), SPOILT)
def test_a_break_is_found_where_it_is_made(copy, rule, path, text):
    with (copy / path).open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")
    new = {(f.rule, f.path) for f in findings(copy)} - {(f.rule, f.path) for f in findings(ROOT)}
    assert (rule, path) in new


@pytest.mark.parametrize(
    "line",
    [
        'import L from "../vendor/leaflet/leaflet-src.esm.js";',
        'import { Map } from "leaflet";',
        'const L = await import("/static/vendor/leaflet/leaflet-src.esm.js");',
        "const map = window.L.map(element);",
    ],
)
def test_leaflet_is_found_outside_its_folder_and_allowed_inside(copy, line):
    outside = copy / "static/js/spoilt.js"
    inside = copy / "static/js/map/leaflet/fine.js"
    for path in (outside, inside):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{line}\n")
    found = {f.path for f in findings(copy) if f.rule == "Leaflet outside its folder"}
    assert "static/js/spoilt.js" in found
    assert "static/js/map/leaflet/fine.js" not in found


def test_importing_our_own_adapter_is_allowed(copy):
    path = copy / "static/js/map/page.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('import { createMap } from "./leaflet/map.js";\n')
    assert not [f for f in findings(copy) if f.path == "static/js/map/page.js"]


def test_prose_may_speak_of_sql_and_the_user_model_may_be_named(copy):
    path = copy / "layers/records/prose.py"
    path.write_text('"""Made by ST_Union."""\n\nUSER = settings.AUTH_USER_MODEL\n')
    assert not [f for f in findings(copy) if f.path == "layers/records/prose.py"]
