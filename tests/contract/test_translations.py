"""Every message of the project has a Chinese translation, and the check that says so can fail."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
SOURCES = ("geoportal", "investment", "layers", "templates")
KEYWORDS = (
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "_",
    "ngettext:1,2",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "pgettext_lazy:1c,2",
    "npgettext:1c,2,3",
    "npgettext_lazy:1c,2,3",
)


def python_of(path: Path, into: Path) -> Path:
    """A file xgettext can read as Python, at the same relative path; templates turned into it."""
    target = into / path.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = templatize(text, origin=str(path))
    target.write_text(text, encoding="utf-8")
    return target


def extracted(into: Path) -> Path:
    """The messages of all Python files and templates, as a .pot file."""
    found = [
        path
        for folder in SOURCES
        for suffix in ("*.py", "*.html")
        for path in sorted((ROOT / folder).rglob(suffix))
        if "migrations" not in path.parts
    ]
    files = [python_of(path, into).relative_to(into) for path in found]
    pot = into / "messages.pot"
    keywords = [f"--keyword={keyword}" for keyword in KEYWORDS]
    command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--keyword", *keywords]
    subprocess.run([*command, "-o", pot, *files], cwd=into, check=True)
    return pot


def lacking(catalogue: Path, pot: Path, into: Path) -> list[str]:
    """The messages of the .pot file that the catalogue has not, or only as a guess."""
    merged = into / "merged.po"
    quiet = ["msgmerge", "--quiet", "--no-fuzzy-matching", "--no-wrap"]
    subprocess.run([*quiet, "-o", merged, catalogue, pot], check=True)
    found = []
    for kind in ("--untranslated", "--only-fuzzy"):
        command = ["msgattrib", kind, "--no-obsolete", "--no-wrap", merged]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found += [entry for entry in text.split("\n\n") if _is_message(entry)]
    return found


def _is_message(entry: str) -> bool:
    """Anything but the catalogue's own head, whose message is empty."""
    return "msgid" in entry and 'msgid ""\nmsgstr' not in entry


@pytest.fixture(scope="module")
def pot(tmp_path_factory) -> Path:
    return extracted(tmp_path_factory.mktemp("messages"))


def test_every_message_is_translated(pot, tmp_path):
    missing = lacking(CATALOGUE, pot, tmp_path)
    assert not missing, f"{len(missing)} messages lack Chinese:\n\n" + "\n\n".join(missing)


def test_the_catalogue_holds_no_faults():
    checked = subprocess.run(
        ["msgfmt", "--check-format", "--check-domain", "-o", "/dev/null", CATALOGUE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_a_message_without_chinese_is_found(pot, tmp_path):
    spoilt = tmp_path / "spoilt.po"
    shutil.copy(CATALOGUE, spoilt)
    text = spoilt.read_text(encoding="utf-8")
    assert 'msgid "Skip to content"\nmsgstr "跳到正文"' in text
    spoilt.write_text(text.replace('msgstr "跳到正文"', 'msgstr ""'), encoding="utf-8")
    assert any('"Skip to content"' in entry for entry in lacking(spoilt, pot, tmp_path))


def test_a_guessed_translation_is_found(pot, tmp_path):
    spoilt = tmp_path / "spoilt.po"
    text = CATALOGUE.read_text(encoding="utf-8")
    entry = 'msgid "Skip to content"'
    spoilt.write_text(text.replace(entry, f"#, fuzzy\n{entry}"), encoding="utf-8")
    assert any("Skip to content" in found for found in lacking(spoilt, pot, tmp_path))
