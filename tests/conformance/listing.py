"""docs/conformance.md, made from the tests: `python -m tests.conformance.listing` writes it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "conformance.md"
#: Where tests name the abstract tests that they assert.
MODULES = (
    "tests/conformance/test_features_core.py",
    "tests/conformance/test_features_formats.py",
    "tests/conformance/test_features_crs.py",
    "tests/layers/filtering/test_standard.py",
    "tests/layers/filtering/test_languages.py",
    "tests/conformance/test_schemas.py",
    "tests/conformance/test_tiles.py",
)
_ID = re.compile(r"/conf/[\w./-]*\w")
_HEAD = """# Conformance

What the tests assert of the standards, by the identifiers of their abstract tests. None is skipped.
Nothing here is certified: the official suites are programs of their own, which have not been run.
Written by `python -m tests.conformance.listing`; a test holds it to the tests.
"""


def asserted(module: str) -> Iterator[tuple[str, str]]:
    """The abstract tests a module names, each with the test that asserts it."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for name in _ID.findall(ast.get_docstring(node) or ""):
                yield name, node.name


def heading(module: str) -> str:
    """The standard, as the module's own first line names it."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    return ast.get_docstring(tree).splitlines()[0].rstrip(".")


def listing() -> str:
    """The whole document."""
    parts = [_HEAD]
    for module in MODULES:
        rows: dict[str, list[str]] = {}
        for name, test in asserted(module):
            rows.setdefault(name, []).append(f"`{test}`")
        table = "\n".join(f"| {name} | {', '.join(tests)} |" for name, tests in rows.items())
        parts.append(
            f"## {heading(module)}\n\n`{module}`\n\n| abstract test | test |\n|---|---|\n{table}\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    DOCUMENT.write_text(listing(), encoding="utf-8")
