"""A filter of a layer leaves as a file that programs open, and only what is public leaves."""

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pyogrio
import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pyarrow import parquet

from investment.catalog.models import Photo, Site
from layers.catalog.declarations import code_labels, declaration_for
from layers.errors import BadParameter
from layers.models import Layer, StoredFeature
from layers.serving.exports import response, workbook
from layers.serving.exports.errors import ExportTooLarge
from layers.serving.exports.formats import FORMATS
from layers.serving.exports.response import export_response
from tests.factories import (
    make_contact,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
    square,
)

pytestmark = pytest.mark.django_db
MADE = [name for name, fmt in FORMATS.items() if not fmt.streamed]


def export(slug, fmt, language="zh-hans", records=None, stem="地块"):
    declaration = declaration_for(Layer.objects.get(slug=slug))
    if records is None:
        records = declaration.public_records()
    answer = export_response(
        declaration=declaration,
        records=records,
        fmt=fmt,
        stem=stem,
        language=language,
        origin="https://map.example",
    )
    return SimpleNamespace(answer=answer, body=b"".join(answer.streaming_content))


def rows_of(body: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.fixture
def wells():
    kinds = {"name": "depth", "label_zh": "深度", "label_en": "Depth", "type": "number"}
    more = [
        {**kinds, "unit_zh": "米", "unit_en": "m"},
        {"name": "drilled", "label_zh": "成井日期", "label_en": "Drilled", "type": "date"},
        {"name": "in_use", "label_zh": "在用", "label_en": "In use", "type": "boolean"},
        {
            "name": "owner_phone",
            "label_zh": "电话",
            "label_en": "Phone",
            "type": "text",
            "public": False,
        },
    ]
    given = {
        "steward": make_contact(),
        "source_zh": "市水务局",
        "source_en": "Water bureau",
        "licence_zh": "可自由使用，注明来源",
        "licence_en": "Free to use with attribution",
        "as_of": date(2026, 6, 30),
    }
    return make_layer(fields=more, **given)


WELL = {
    "name_zh": "一号井",
    "name_en": "Well No. 1",
    "depth": 86.5,
    "drilled": "2019-05-04",
    "in_use": True,
    "owner_phone": "13900000000",
}


# --- CSV ------------------------------------------------------------------------------------


def test_csv_has_labels_units_and_code_labels_in_the_readers_language():
    make_site(park=make_park())
    (chinese,) = rows_of(export("sites", "csv").body)
    assert chinese["名称"] == "一号地块"
    assert chinese["土地面积 (m²)"] == "50000"
    assert chinese["供应状态"] == code_labels("site-availability")["available"].zh
    (english,) = rows_of(export("sites", "csv", "en").body)
    assert english["Land area (m²)"] == "50000"
    assert english["Availability"] == code_labels("site-availability")["available"].en
    assert english["Zoning"] == "M2 industrial, class 2"
    assert english["Park name"] == "Beilin Economic Development Zone"


def test_csv_opens_in_excel_with_chinese_intact():
    make_site()
    assert export("sites", "csv").body.startswith(b"\xef\xbb\xbf")


def test_a_file_tells_whom_to_ask_what_is_free_and_where_the_page_is():
    utilities = [(kind, 100, 7, None) for kind in ("sewage", "gas", "steam")]
    contact = make_contact(person_en="Li Hua", phone="0455-0000009", email="li@suihua.example")
    park = make_park(utilities=[("power", 100, 30, 110), ("power", 50, 20, 66), *utilities])
    make_site(park=park, contact=contact)
    Photo.objects.create(site=Site.objects.get(), caption_zh="图", caption_en="Picture")
    (row,) = rows_of(export("sites", "csv", "en").body)
    asked = ("Contact", "Telephone", "Email", "Supply voltage (kV)", "Park name")
    assert [row[name] for name in asked] == [
        *("Li Hua", "0455-0000009", "li@suihua.example", "110", park.name_en)
    ]
    for heading in ("Sewage treatment free (m³/d)", "Gas free (Nm³/h)", "Steam free (t/h)"):
        assert row[heading] == "7"
    assert row["Page"] == f"https://map.example/en/sites/{Site.objects.get().slug}/"
    assert row["Photo"].startswith("https://map.example/photos/")
    (chinese,) = rows_of(export("sites", "csv").body)
    assert chinese["所在园区"] == park.name_zh
    assert chinese["园区编号"] == park.slug
    assert chinese["网页"] == f"https://map.example/sites/{Site.objects.get().slug}/"


def test_the_photo_of_a_record_without_one_stays_empty():
    make_site()
    (row,) = rows_of(export("sites", "csv", "en").body)
    assert row["Photo"] == ""


def test_sums_of_a_project_stand_beside_their_currency():
    make_project()
    (row,) = rows_of(export("projects", "csv", "en").body)
    names = list(row)
    assert names.index("Currency") + 1 == names.index("Total investment (× 10,000)")


def test_lists_of_codes_are_joined_labels():
    make_park(industries=["C14", "C27"])
    (row,) = rows_of(export("parks", "csv").body)
    assert row["主导产业"] == "食品制造业、医药制造业"
    (row,) = rows_of(export("parks", "csv", "en").body)
    assert row["Leading industries"] == "Food; Pharmaceuticals"


def test_longitude_and_latitude_lie_on_the_record():
    ring = "127 46,127.3 46,127.3 46.3,127.2 46.3,127.2 46.1,127.1 46.1,127.1 46.3,127 46.3,127 46"
    horseshoe = GEOSGeometry(f"SRID=4490;POLYGON(({ring}))")
    make_site(geom=horseshoe)
    (row,) = rows_of(export("sites", "csv", "en").body)
    place = GEOSGeometry(f"SRID=4490;POINT({row['Longitude']} {row['Latitude']})")
    assert horseshoe.buffer(1e-6).contains(place)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_text_that_would_run_as_a_formula_is_disarmed(wells, begin):
    evil = f"{begin}HYPERLINK(1)"
    make_feature(wells, properties={**WELL, "name_zh": evil})
    (row,) = rows_of(export("wells", "csv").body)
    assert row["名称"].startswith("'")
    sheet = load_workbook(io.BytesIO(export("wells", "xlsx").body)).worksheets[0]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value.startswith("'")


# --- every format ---------------------------------------------------------------------------


def content(fmt, body, tmp_path) -> str:
    """All texts in the file as one."""
    if fmt == "xlsx":
        book = load_workbook(io.BytesIO(body))
        return " ".join(str(c.value) for sheet in book for row in sheet for c in row)
    if fmt == "parquet":
        return str(parquet.read_table(io.BytesIO(body)).to_pylist())
    if FORMATS[fmt].streamed:
        return body.decode()
    path = tmp_path / f"x.{FORMATS[fmt].ending}"
    path.write_bytes(body)
    _meta, _fids, _geometry, columns = pyogrio.raw.read(path)
    return " ".join(str(v) for column in columns for v in column)


@pytest.mark.parametrize("fmt", FORMATS)
def test_only_public_records_and_public_fields_leave(fmt, wells, tmp_path):
    hour = timedelta(hours=1)
    make_feature(wells, "open", properties={**WELL, "name_zh": "公开井"})
    make_feature(wells, "draft", properties={**WELL, "name_zh": "草稿井"}, state="draft")
    expired = {"effective_until": timezone.now() - hour}
    make_feature(wells, "over", properties={**WELL, "name_zh": "失效井"}, **expired)
    everything = StoredFeature.objects.filter(layer=wells)
    text = content(fmt, export("wells", fmt, records=everything).body, tmp_path)
    assert "公开井" in text
    assert "草稿井" not in text
    assert "失效井" not in text
    assert "13900000000" not in text


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_filter_and_the_order_of_the_list_are_kept(fmt, tmp_path):
    for slug, area in (("a", 100), ("b", 300), ("c", 200)):
        make_site(slug, name_zh=f"地块{slug}", area_m2=area)
    records = Site.objects.filter(area_m2__gt=100).order_by("-area_m2").select_related("park")
    text = content(fmt, export("sites", fmt, records=records).body, tmp_path)
    assert "地块a" not in text
    assert "地块b" in text
    assert "地块c" in text
    # The spatial index of FlatGeobuf is an order of its own.
    assert fmt == "fgb" or text.index("地块b") < text.index("地块c")


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_empty_list_is_a_file_that_opens(fmt, tmp_path):
    assert "一号" not in content(fmt, export("sites", fmt).body, tmp_path)


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_file_has_its_chinese_name_and_an_ascii_one(fmt):
    header = export("sites", fmt, stem="在供地块 2026").answer["Content-Disposition"]
    assert header == (
        f'attachment; filename="sites.{FORMATS[fmt].ending}"; '
        f"filename*=UTF-8''%E5%9C%A8%E4%BE%9B%E5%9C%B0%E5%9D%97%202026.{FORMATS[fmt].ending}"
    )


def test_another_format_is_refused():
    with pytest.raises(BadParameter):
        export("sites", "dxf")


# --- Excel ----------------------------------------------------------------------------------


def test_excel_keeps_numbers_and_dates_and_tells_where_they_come_from(wells):
    make_feature(wells, properties=WELL)
    book = load_workbook(io.BytesIO(export("wells", "xlsx", "en").body))
    table, about = book.worksheets
    cells = dict(zip([c.value for c in table[1]], [c.value for c in table[2]], strict=True))
    assert cells["Depth (m)"] == 86.5
    assert cells["Drilled"].date() == date(2019, 5, 4)
    assert cells["In use"] == "yes"
    facts = {row[0].value: row[1].value for row in about.iter_rows() if row and row[0].value}
    assert facts["Source"] == "Water bureau"
    assert facts["As of"] == "2026-06-30"
    assert facts["Licence"] == "Free to use with attribution"
    assert facts["depth"] == "Depth"


def test_more_rows_than_a_sheet_holds_are_refused_in_words(wells, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 2)
    make_feature(wells, "1", properties=WELL)
    make_feature(wells, "2", properties=WELL)
    with pytest.raises(ExportTooLarge):
        export("wells", "xlsx")


def test_values_that_are_not_what_the_dictionary_says_do_not_break_a_file(wells, tmp_path):
    odd = {**WELL, "depth": "ungefähr 80\x01", "drilled": "unknown", "in_use": "maybe"}
    make_feature(wells, properties=odd)
    for fmt in FORMATS:
        content(fmt, export("wells", fmt).body, tmp_path)
    (row,) = rows_of(export("wells", "csv").body)
    assert row["深度 (米)"].startswith("ungefähr")


# --- GeoJSON and GeoPackage -----------------------------------------------------------------


def test_geojson_has_names_codes_and_origin(wells):
    make_feature(wells, "w 1", properties=WELL)
    found = json.loads(export("wells", "geojson").body)
    assert found["licence"] == "可自由使用，注明来源"
    assert found["asOf"] == "2026-06-30"
    (feature,) = found["features"]
    assert feature["id"] == "w 1"
    assert feature["properties"]["depth"] == 86.5
    assert feature["properties"]["in_use"] is True
    assert feature["geometry"] == {"type": "Point", "coordinates": [127, 46.65]}
    site = make_site()
    (feature,) = json.loads(export("sites", "geojson").body)["features"]
    assert feature["id"] == site.slug
    assert feature["properties"]["availability"] == "available"
    assert feature["properties"]["area_m2"] == 50000


def test_geopackage_opens_with_its_crs_types_and_nulls(wells, tmp_path):
    make_feature(wells, "1", properties=WELL)
    make_feature(wells, "2", properties={"name_zh": "二号井"})
    path = tmp_path / "wells.gpkg"
    path.write_bytes(export("wells", "gpkg").body)
    info = pyogrio.read_info(path)
    assert (info["crs"], info["geometry_type"], info["features"]) == ("EPSG:4490", "Point", 2)
    types = dict(zip(info["fields"], info["dtypes"], strict=True))
    assert types["depth"] == "float64"
    assert types["drilled"].startswith("datetime64")
    _meta, _fids, _wkb, columns = pyogrio.raw.read(path, columns=["depth", "name_zh"])
    by_name = dict(zip(_meta["fields"], columns, strict=True))
    assert by_name["depth"][0] == 86.5
    assert by_name["depth"][1] != by_name["depth"][1]
    assert list(by_name["name_zh"]) == ["一号井", "二号井"]


def test_geopackage_keeps_depth_and_takes_mixed_parts(tmp_path):
    pipes = make_layer("pipes", geometry_type="LineString")
    line = GEOSGeometry("SRID=4490;LINESTRING Z(127 46.6 -2.1,127.001 46.6 -2.3)")
    parts = GEOSGeometry("SRID=4490;MULTILINESTRING Z((127 46 -1,127 47 -2),(128 46 -1,128 47 -2))")
    make_feature(pipes, "1", geom=line)
    make_feature(pipes, "2", geom=parts)
    path = tmp_path / "pipes.gpkg"
    path.write_bytes(export("pipes", "gpkg").body)
    assert pyogrio.read_info(path)["geometry_type"] == "MultiLineString Z"
    _meta, _fids, wkb, _columns = pyogrio.raw.read(path)
    first = GEOSGeometry(memoryview(wkb[0]))
    assert first.geom_type == "MultiLineString"
    assert first.coords == (((127, 46.6, -2.1), (127.001, 46.6, -2.3)),)


def test_many_chunks_make_one_file(wells, tmp_path, monkeypatch):
    for module in ("export", "delimited", "placemarks"):
        monkeypatch.setattr(f"layers.serving.exports.{module}.CHUNK", 3)
    for number in range(8):
        make_feature(wells, f"{number}", properties={**WELL, "name_zh": f"第{number}井"})
    for fmt in FORMATS:
        text = content(fmt, export("wells", fmt).body, tmp_path)
        # In KML the name stands above the fields once more.
        times = 2 if fmt == "kml" else 1
        assert all(text.count(f"第{number}井") == times for number in range(8)), fmt
        assert len(json.loads(export("wells", "geojson").body)["features"]) == 8


# --- resources ------------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_number_of_queries_does_not_grow_with_the_records(fmt):
    park = make_park()
    make_site("a", park=park)
    with CaptureQueriesContext(
        connection,
    ) as one:
        export("sites", fmt)
    for number in range(5):
        make_site(f"more-{number}", park=park)
    with CaptureQueriesContext(connection) as six:
        export("sites", fmt)
    assert len(one) == len(six)


@pytest.mark.parametrize("fmt", MADE)
def test_no_file_stays_on_the_disk_even_when_the_visitor_leaves(fmt, monkeypatch, tmp_path):
    monkeypatch.setattr(response.tempfile, "tempdir", str(tmp_path))
    make_site()
    declaration = declaration_for(Layer.objects.get(slug="sites"))
    answer = export_response(
        declaration=declaration,
        records=declaration.public_records(),
        fmt=fmt,
        stem="x",
        language="en",
        origin="https://map.example",
    )
    assert list(Path(tmp_path).iterdir()) == []
    answer.close()


def test_records_without_geometry_leave_with_empty_coordinates(tmp_path):
    make_site(geom=None)
    make_site("with", geom=square(127, 46))
    rows = rows_of(export("sites", "csv", "en").body)
    assert [row["Longitude"] == "" for row in rows] == [True, False]
    for fmt in FORMATS:
        content(fmt, export("sites", fmt).body, tmp_path)
