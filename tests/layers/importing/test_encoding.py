"""The bytes decide the encoding; labels are hints and are not believed against them."""

import pytest

from layers.importing.encoding import decode, detect, encoding_hint, encoding_named
from layers.importing.errors import CallRefused, FileRefused
from layers.models import StoredFeature
from tests.layers.importing.conftest import codes

COUNTIES = [
    "北林区",
    "望奎县",
    "兰西县",
    "青冈县",
    "庆安县",
    "明水县",
    "绥棱县",
    "安达市",
    "肇东市",
    "海伦市",
]
TRADITIONAL = ["臺北市", "新竹縣", "高雄市", "臺灣鐵路管理局", "桃園國際機場", "中華電信公司"]
GERMAN = ["Gasleitung", "Zürich", "Höhe", "Straße", "Müller", "Größe"]


def encoded(words, codec):
    return [word.encode(codec) for word in words]


@pytest.mark.parametrize(
    ("words", "codec", "hint", "found"),
    [
        (COUNTIES, "utf-8", "", "utf-8"),
        (COUNTIES, "utf-8", "gb18030", "utf-8"),
        (COUNTIES, "gb18030", "", "gb18030"),
        (COUNTIES, "gb18030", "utf-8", "gb18030"),
        (COUNTIES, "gb18030", "latin-1", "gb18030"),
        (COUNTIES, "gb18030", "big5", "gb18030"),
        (TRADITIONAL, "big5", "", "big5"),
        (TRADITIONAL, "big5", "gb18030", "big5"),
        (GERMAN, "latin-1", "latin-1", "cp1252"),
        (GERMAN, "utf-8", "latin-1", "utf-8"),
        (["plain"], "ascii", "gb18030", "utf-8"),
        (["𠮷林", "㙍县", "北林区"], "gb18030", "", "gb18030"),
    ],
)
def test_the_encoding_is_found_whatever_the_label_says(words, codec, hint, found):
    assert detect(encoded(words, codec), hint=hint).name == found


def test_values_cut_in_the_middle_of_a_character_do_not_disturb():
    cut = [value[:5] for value in encoded(COUNTIES, "utf-8")]
    assert detect(cut).name == "utf-8"
    assert detect([value[:5] for value in encoded(COUNTIES, "gb18030")]).name == "gb18030"
    assert decode("北林区".encode("gb18030")[:5], "gb18030") == ("北林", False)


def test_an_unclear_encoding_is_asked_for_with_its_readings():
    with pytest.raises(FileRefused) as refused:
        detect(encoded(GERMAN, "latin-1"))
    assert refused.value.code == "encoding-unclear"
    assert "CP1252" in str(refused.value)


@pytest.mark.parametrize(
    ("label", "codec"),
    [("936", "gb18030"), ("GBK", "gb18030"), ("UTF-8", "utf-8"), ("OEM 936", ""), ("", "")],
)
def test_labels_are_understood_as_hints(label, codec):
    assert encoding_hint(label) == codec


def test_a_person_s_encoding_must_exist():
    with pytest.raises(CallRefused, match="unknown"):
        encoding_named("GBQ")


@pytest.fixture
def gbk_shapefile(tmp_path):
    """Writes a shapefile byte by byte, so that its labels can say anything."""
    from tests.layers.importing.dbf import write_shapefile  # noqa: PLC0415

    def write(**given):
        return write_shapefile(tmp_path / "counties.shp", **given)

    return write


@pytest.mark.django_db
@pytest.mark.parametrize(
    "labels",
    [
        {"cpg": "936"},
        {"cpg": "UTF-8"},
        {"cpg": None, "language_byte": 0x4D},
        {"cpg": None, "language_byte": 0x00},
        {"cpg": None, "language_byte": 0x57},
    ],
    ids=["cpg right", "cpg lies", "language byte", "no label", "language byte lies"],
)
def test_a_gbk_shapefile_is_read_right_whatever_its_labels(run, gbk_shapefile, labels):
    path = gbk_shapefile(codec="gb18030", field="名称", values=COUNTIES, **labels)
    report = run(path)
    assert report.encoding == "gb18030"
    assert [f.properties["name"] for f in StoredFeature.objects.order_by("id")] == COUNTIES


@pytest.mark.django_db
def test_utf8_bytes_labelled_gbk_are_read_as_utf8(run, gbk_shapefile):
    run(gbk_shapefile(codec="utf-8", field="名称", values=COUNTIES, cpg="GBK"))
    assert StoredFeature.objects.first().properties["name"] == "北林区"


@pytest.mark.django_db
def test_two_fields_that_a_cut_made_equal_are_both_kept(run, gbk_shapefile):
    path = gbk_shapefile(codec="gb18030", field="土地利用现", values=COUNTIES, twice=True)
    report = run(path)
    assert list(report.fields) == ["土地利用现", "土地利用现_2"]
    assert len(set(report.fields.values())) == 2


@pytest.mark.django_db
def test_the_encoding_a_person_gives_is_used(run, geojson):
    path = geojson([((127, 46), {"name": "北林区"})], encoding="gb18030")
    assert run(path, encoding="GBK").counts.added == 1
    assert codes(run(path, encoding="utf-8")) == {"encoding-wrong": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "gb18030"])
def test_geojson_in_other_encodings_is_read(run, geojson, codec):
    run(geojson([((127, 46), {"name": "绥化市北林区人民政府"})], encoding=codec))
    assert StoredFeature.objects.get().properties["name"] == "绥化市北林区人民政府"
