"""What a new layer is given: names that requests can use, and a style the map can draw."""

import re
from pathlib import Path

import pytest

from layers.importing.creation import default_style, field_name
from layers.registry import Geometry
from layers.serving.parameters import COMMON
from layers.serving.selection import OWN

STYLES = (Path(__file__).resolve().parents[3] / "docs/styles.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*OWN, *COMMON])
def test_no_field_takes_the_name_of_a_parameter(name):
    given = field_name(name)
    assert given not in (*OWN, *COMMON)
    assert given.startswith(name.lower().replace("-", "_"))


@pytest.mark.parametrize("geometry", Geometry)
def test_a_first_style_has_only_keys_that_the_map_reads(geometry):
    symbols = re.search(r"## Symbol keys.*?(?=\n## )", STYLES, re.DOTALL)[0]
    rows = [row.split("|")[1] for row in symbols.splitlines() if row.startswith("| `")]
    known = set(re.findall(r"`(\w+)`", " ".join(rows)))
    base = default_style("wells", geometry, "name", "name")["base"]
    assert set(base) <= known
