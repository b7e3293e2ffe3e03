"""The command: what it prints, in which language, and how it exits."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from layers.importing.report_text import pad, width
from layers.models import Layer, StoredFeature
from tests.layers.importing.conftest import codes

pytestmark = pytest.mark.django_db


def call(path, *flags, layer="wells"):
    """The printed text and the exit code."""
    out = StringIO()
    try:
        call_command("import_layer", str(path), "--layer", layer, *flags, stdout=out)
    except SystemExit as exit_:
        return out.getvalue(), exit_.code
    return out.getvalue(), 0


def test_a_dry_run_is_the_default_and_says_so(wells):
    text, code = call(wells, "--create", "--language", "en")
    assert code == 0
    assert "2 added, 0 changed, 0 unchanged, 0 removed." in text
    assert "dry run" in text
    assert not StoredFeature.objects.exists()


def test_commit_writes_and_a_second_time_changes_nothing(wells):
    flags = ("--create", "--commit", "--title", "水井", "--title-en", "Wells", "--language", "en")
    assert call(wells, *flags)[1] == 0
    assert Layer.objects.get(slug="wells").title_en == "Wells"
    text, code = call(wells, *flags)
    assert code == 0
    assert "0 added, 0 changed, 2 unchanged, 0 removed." in text


def test_errors_are_listed_by_row_and_exit_with_1(geojson):
    path = geojson([((127, 46), {"code": "a"}), (None, {"code": "b"})])
    text, code = call(path, "--create", "--commit", "--language", "en")
    assert code == 1
    assert "error  2" in text
    assert "no geometry" in text
    assert "1 error. Nothing was written." in text


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--layer", "none"), "--create"),
        (("--create", "--crs", "mars"), "mars"),
        (("--create", "--encoding", "none"), "none"),
        (("--create", "--map", "code"), "FILE=FIELD"),
        (("--create", "--map", "nothing=code"), "nothing"),
        (("--create", "--key", "nothing"), "nothing"),
        (("--create", "--group", "nothing"), "nothing"),
        (("--create", "--source-layer", "nothing"), "nothing"),
        (("--create", "--x", "a"), "--y"),
    ],
)
def test_an_unusable_call_exits_with_2_and_one_sentence(wells, flags, words):
    with pytest.raises(CommandError, match=words) as refused:
        call(wells, *flags, "--language", "en")
    assert refused.value.returncode == 2
    assert "Traceback" not in str(refused.value)
    assert not Layer.objects.filter(slug="wells").exists()


def test_json_carries_everything_for_programs(geojson):
    rows = [((127, 46), {"code": "a", "name": "井"}), ((127, 46.1), {"code": "b"})]
    path = geojson([*rows, ((127, 95), {"code": "c"})])
    text, code = call(path, "--create", "--json", "--language", "en")
    report = json.loads(text)
    assert code == 1
    assert (report["ok"], report["written"], report["read"]) == (False, False, 3)
    assert report["samples"]["name"] == ["井"]
    assert report["problems"][0] == {
        "code": "off-the-earth",
        "message": "The coordinates are off the earth (127, 95).",
        "severity": "error",
        "row": 3,
        "key": "",
        "field": "",
        "place": None,
    }


def test_the_report_is_chinese_by_default(geojson):
    text, code = call(geojson([(None, {"code": "b"}), ((127, 46), {"code": "a"})]), "--create")
    assert code == 1
    assert "未写入任何数据" in text
    assert "没有几何" in text


def test_columns_stand_straight_under_chinese_text():
    assert width("北林区a") == 7
    assert pad("北林区", 8) == "北林区  "
    assert width(pad("北林区北林区", 7)) == 7


def test_findings_are_counted_in_full_and_kept_in_bounds(run, geojson):
    report = run(geojson([((127, 46), {}), *[(None, {})] * 500]))
    assert codes(report) == {"geometry-missing": 500}
    assert len(report.problems.kept) == 200


def test_no_layer_takes_the_name_of_the_catalogue_of_metadata(wells):
    with pytest.raises(CommandError, match="元数据"):
        call(wells, "--create", "--commit", layer="records")
    assert not Layer.objects.filter(slug="records").exists()
