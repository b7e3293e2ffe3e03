"""Every abstract test of the classes that are claimed is asserted by a test, and listed."""

import re
from pathlib import Path

import pytest

from layers.serving.conformance import CONFORMANCE
from tests.conformance.listing import DOCUMENT, MODULES, asserted, listing

ROOT = Path(__file__).resolve().parents[2]
STANDARDS = ROOT.parent / "shared" / "data" / "ogcapi"
#: Where the texts of the standards keep their abstract tests.
ANNEXES = (
    "part1-core-1.0.1/abstract_tests/core",
    "part1-core-1.0.1/abstract_tests/geojson",
    "part1-core-1.0.1/abstract_tests/html",
    "part1-core-1.0.1/abstract_tests/oas30",
    "part2-crs-1.0.1/abstract_tests/crs",
)
#: Its annex is one file.
PART5 = ("schemas", "advanced-property-roles", "returnables-and-receivables")


def test_the_document_says_what_the_tests_assert():
    assert DOCUMENT.read_text(encoding="utf-8") == listing()


def test_every_class_that_is_claimed_has_a_test():
    named = {name.split("/")[2] for module in MODULES for name, _test in asserted(module)}
    claimed = {uri.rsplit("/", 1)[1] for uri in CONFORMANCE}
    assert claimed - named == set()


def of_schemas():
    """The abstract tests of the classes of Part 5 that are claimed."""
    annex = STANDARDS / "part5-schemas-draft" / "annex_ats.adoc"
    within = ""
    for word, name in re.findall(r"^:conf-(class|test): (\S+)$", annex.read_text(), re.MULTILINE):
        if word == "class":
            within = name
        elif within in PART5:
            yield f"/conf/{within}/{name}"


def test_every_abstract_test_of_the_annexes_is_asserted():
    if not STANDARDS.exists():
        pytest.skip("the texts of the standards are not here (../shared/data/ogcapi)")
    wanted = {
        found
        for annex in ANNEXES
        for path in (STANDARDS / annex).glob("*.adoc")
        for found in re.findall(r"\|\*(/conf/[\w./-]+)\*", path.read_text(encoding="utf-8"))
    }
    wanted |= set(of_schemas())
    named = {name for module in MODULES for name, _test in asserted(module)}
    assert len(wanted) > 60
    assert wanted - named == set()
