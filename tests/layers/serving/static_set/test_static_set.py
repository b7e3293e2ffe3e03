"""A static set holds what the service has: the same tiles, all records, nothing unpublished."""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyogrio
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pmtiles.reader import MmapSource, Reader, all_tiles

from layers.models import Layer
from layers.postgis import tiles
from tests.factories import make_contact, make_district, make_feature, make_layer, point, square
from tests.layers.serving.conftest import Reader as ApiReader

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = [
    {"name": "depth", "label_zh": "深度", "label_en": "Depth", "type": "number"},
    {"name": "secret", "label_zh": "内部", "label_en": "Internal", "type": "text", "public": False},
]
WELLS = 40


@pytest.fixture
def city():
    """Wells along a line, one of them a draft; ponds from zoom 5 on; a hidden layer; a district."""
    style = {"base": {"fill": "#225588"}, "label": {"field": "name_zh"}}
    wells = make_layer(
        fields=FIELDS, style=style, steward=make_contact(), source_zh="水务局", visible=True
    )
    for number in range(WELLS):
        properties = {"name_zh": f"{number}号井", "depth": number / 2, "secret": "内部"}
        make_feature(
            wells, key=f"w-{number}", properties=properties, geom=point(126 + number / 9, 46)
        )
    make_feature(wells, key="draft", state="draft")
    ponds = make_layer(slug="ponds", title_zh="池塘", geometry_type="Polygon", min_zoom=5)
    make_feature(ponds, key="p-1", geom=square(126.9, 46.6))
    hidden = make_layer(slug="hidden", published=False)
    make_feature(hidden, key="h-1")
    make_district()


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "public" / "map"


def export(folder: Path, *arguments: str) -> str:
    """What the command tells."""
    told = folder.parent.parent / "told"
    with told.open("w") as out:
        call_command("export_tiles", str(folder), *arguments, stdout=out)
    return told.read_text()


def tiles_in(folder: Path) -> Iterator[tuple[tuple[int, int, int], bytes]]:
    with (folder / "tiles.pmtiles").open("rb") as file:
        for place, body in all_tiles(MmapSource(file)):
            yield place, gzip.decompress(body)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_its_tiles_are_those_that_the_service_gives(city, folder):
    export(folder, "--lean", "--max-zoom", "9")
    api, seen = ApiReader(), {}
    for (level, column, row), body in tiles_in(folder):
        response = api.ask(f"tiles/WebMercatorQuad/{level}/{row}/{column}")
        assert response.content == body
        seen[level] = seen.get(level, 0) + 1
    assert list(seen) == list(range(10))
    assert seen[0] == 1
    # Half of the wells, ten degrees wide, in tiles of seven tenths.
    assert 6 <= seen[9] <= 16


def test_no_tile_with_something_in_it_is_missing(city, folder):
    export(folder, "--lean", "--max-zoom", "7")
    api, held = ApiReader(), {place for place, _body in tiles_in(folder)}
    limits = api.json("tiles/WebMercatorQuad")["tileMatrixSetLimits"]
    for level in limits[:8]:
        rows = range(level["minTileRow"], level["maxTileRow"] + 1)
        for row in rows:
            for column in range(level["minTileCol"], level["maxTileCol"] + 1):
                response = api.ask(f"tiles/WebMercatorQuad/{level['tileMatrix']}/{row}/{column}")
                is_held = (int(level["tileMatrix"]), column, row) in held
                assert is_held == bool(response.content)


def test_gdal_reads_every_public_record_with_every_public_field(city, folder):
    export(folder, "--max-zoom", "8")
    archive = folder / "tiles.pmtiles"
    assert {"wells", "ponds", "districts"} <= dict(pyogrio.list_layers(archive)).keys()
    told, _, _shapes, columns = pyogrio.raw.read(archive, layer="wells")
    columns = dict(zip(told["fields"], columns, strict=True))
    assert set(columns["id"]) == {f"w-{number}" for number in range(WELLS)}
    assert sorted(columns["depth"])[-1] == (WELLS - 1) / 2
    assert set(columns["name_zh"]) == {f"{number}号井" for number in range(WELLS)}
    assert b"secret" not in b"".join(body for _place, body in tiles_in(folder))


def test_it_says_what_it_holds(city, folder):
    export(folder, "wells", "ponds", "--max-zoom", "8")
    with (folder / "tiles.pmtiles").open("rb") as file:
        reader = Reader(MmapSource(file))
        header, metadata = reader.header(), reader.metadata()
    assert (header["min_zoom"], header["max_zoom"], header["clustered"]) == (0, 8, True)
    assert header["min_lon_e7"] == 1_260_000_000
    assert metadata["attribution"] == "水务局"
    layers = {each["id"]: each for each in metadata["vector_layers"]}
    assert set(layers) == {"wells", "ponds"}
    assert layers["ponds"]["minzoom"] == 5
    assert layers["wells"]["fields"] == {
        "id": "String",
        "name_zh": "String",
        "name_en": "String",
        "depth": "Number",
    }


def test_the_styles_draw_from_the_archive_in_both_languages(city, folder):
    export(folder, "--max-zoom", "6")
    for language in ("zh", "en"):
        style = json.loads((folder / f"style.{language}.json").read_text())
        assert [each["url"] for each in style["sources"].values()] == ["pmtiles://tiles.pmtiles"]
        drawn = [each for each in style["layers"] if "source" in each]
        assert {each["source-layer"] for each in drawn} >= {"wells", "ponds", "districts"}
        assert {each["source"] for each in drawn} == set(style["sources"])
        looks = [(each["source-layer"], each.get("layout", {})) for each in drawn]
        hidden = {name for name, layout in looks if layout.get("visibility") == "none"}
        assert "wells" not in hidden
        assert "ponds" in hidden


def test_the_same_state_gives_the_same_files(city, folder):
    export(folder, "--max-zoom", "6")
    before = files_in(folder)
    assert {"index.html", "en.html", "tiles.pmtiles", "style.zh.json"} <= set(before)
    export(folder, "--max-zoom", "6")
    assert files_in(folder) == before


def test_a_new_set_replaces_the_former_as_a_whole(city, folder):
    export(folder, "--max-zoom", "6")
    (folder / "stray.txt").write_text("of the former")
    export(folder, "wells", "--max-zoom", "6")
    assert "stray.txt" not in files_in(folder)
    assert dict(pyogrio.list_layers(folder / "tiles.pmtiles")).keys() == {"wells"}
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--max-zoom", "17"], "0 至 16"),
        (["--max-zoom", "-1"], "0 至 16"),
        (["hidden"], "hidden"),
        (["nowhere"], "wells"),
        (["ponds", "--max-zoom", "4"], "池塘"),
    ],
)
def test_a_call_that_cannot_be_done_is_refused_and_the_former_set_stays(
    city, folder, arguments, words
):
    export(folder, "--max-zoom", "6")
    before = files_in(folder)
    with pytest.raises(CommandError, match=words):
        export(folder, *arguments)
    assert files_in(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_run_that_is_cut_off_leaves_the_former_set(city, folder, monkeypatch):
    export(folder, "--max-zoom", "6")
    before = files_in(folder)

    def cut_off(_source, _target):
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copyfileobj", cut_off)
    with pytest.raises(KeyboardInterrupt):
        export(folder, "--max-zoom", "7")
    assert files_in(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_folder_of_something_else_is_left_alone(city, tmp_path):
    other = tmp_path / "home"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    with pytest.raises(CommandError, match="home"):
        call_command("export_tiles", str(other))
    assert (other / "thesis.txt").read_text() == "years of work"


def test_nothing_is_written_of_layers_without_places(folder):
    make_layer()
    with pytest.raises(CommandError, match="没有带位置的记录"):
        export(folder.parent / "map", "wells")
    assert not folder.exists()


def test_what_is_published_meanwhile_does_not_come_in_halfway(city, folder, monkeypatch):
    """All tiles are of one state of the layer, though another session writes between two."""
    read, changed = tiles._whole, []

    def whole(*given):
        if not changed:
            changed.append(True)
            _in_another_session("UPDATE layers_storedfeature SET properties = '{\"depth\": 999}'")
        return read(*given)

    monkeypatch.setattr(tiles, "_whole", whole)
    export(folder, "wells", "--max-zoom", "6")
    _told, _, _shapes, columns = pyogrio.raw.read(
        folder / "tiles.pmtiles", layer="wells", columns=["depth"]
    )
    assert changed
    assert columns[0].max() == (WELLS - 1) / 2


def _in_another_session(statement: str) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(statement)
    finally:
        other.close()


def test_tiles_that_still_gather_are_told(city, folder, monkeypatch):
    assert "合并" not in export(folder, "wells", "--max-zoom", "6")
    monkeypatch.setattr(tiles, "CROWD", 3)
    assert "合并显示" in export(folder, "wells", "--max-zoom", "6")


def test_a_layer_shown_from_a_zoom_on_is_found_below_it(city, folder):
    Layer.objects.filter(slug="ponds").update(min_zoom=9)
    export(folder, "ponds", "--max-zoom", "9")
    assert [place[0] for place, _body in tiles_in(folder)] == [9]
