"""What filters find: types, what is not known, numbers, texts, times, lists, shapes."""

from itertools import product

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from layers.filtering.building import SPATIAL
from layers.models import Code, CodeList
from tests.factories import make_district, make_feature, make_layer, make_park, make_site, point
from tests.layers.filtering.conftest import keys, refused

pytestmark = pytest.mark.django_db
KINDS = {
    "depth": "number", "year": "year", "used": "boolean", "built": "date", "checked": "datetime",
    "note": "text", "site": "url",
}  # fmt: skip


@pytest.fixture
def wells():
    """A well of which all is known, and one of which nothing is."""
    materials = CodeList.objects.create(slug="material", title_zh="材质", title_en="Material")
    for value in ("pe", "steel"):
        Code.objects.create(code_list=materials, value=value, label_zh=value, label_en=value)
    fields = [{"name": n, "label_zh": n, "label_en": n, "type": t} for n, t in KINDS.items()]
    for name, kind in (("material", "code"), ("materials", "codes")):
        coded = {"name": name, "label_zh": name, "label_en": name, "code_list": materials}
        fields.append({**coded, "type": kind})
    layer = make_layer(fields=fields)
    known = {
        "name_zh": "一号井", "name_en": "Straße", "depth": 12.5, "year": 1987, "used": True,
        "built": "2020-02-29", "checked": "2020-02-29T16:30:00Z", "note": "100%_\\", "site": "",
        "material": "pe", "materials": ["pe", "steel"],
    }  # fmt: skip
    make_feature(layer, key="full", properties=known)
    make_feature(layer, key="bare", properties={}, geom=None)
    return layer


def found(text: str, **parameters) -> list[str]:
    return keys("wells", text, **parameters)


FINDING = [
    "depth = 12.5", "depth BETWEEN 12 AND 13", "depth IN (1, 12.5)", "NOT depth = 1", "depth <> 1",
    "year = 1987", "year > 1986.5", "used = TRUE", "used", "used <> false", "used > FALSE",
    "built = DATE('2020-02-29')", "built > DATE('2020-02-28')",
    "built BETWEEN DATE('2020-02-01') AND DATE('2020-03-01')",
    "checked = TIMESTAMP('2020-02-29T16:30:00Z')", "checked < TIMESTAMP('2020-02-29T16:30:00.5Z')",
    "name_zh = '一号井'", "name_zh LIKE '_号%'", "name_zh >= '一'", "material = 'pe'",
    "material IN ('pe')", "depth = depth", "(depth = 12.5) = TRUE", "NOT (depth IS NULL)",
]  # fmt: skip


@pytest.mark.parametrize("text", FINDING)
def test_what_holds_is_found(wells, text):
    assert found(text) == ["full"]


@pytest.mark.parametrize("text", FINDING)
def test_what_is_not_known_is_neither_found_nor_found_by_the_contrary(wells, text):
    assert found(f"NOT ({text})") in ([], ["bare"])
    assert found(f"({text}) AND NOT ({text})") == []
    if "IS NULL" not in text:
        assert found(f"({text}) IS NULL") == ["bare"]
        assert found(f"NOT ({text})") == []


def test_and_or_and_not_are_three_valued(wells):
    unknown = "depth > 0 AND depth IS NULL"
    assert found("depth = 1 OR TRUE") == ["bare", "full"]
    assert found("depth = 1 AND FALSE OR depth IS NULL") == ["bare"]
    assert found(f"({unknown}) OR NOT ({unknown})") == ["full"]


WRONGLY_STORED = {
    "depth": "deep", "year": [1], "used": "yes", "built": "2020-02-30", "checked": "2020-02-29",
    "note": {"a": 1}, "materials": "pe", "material": 7,
}  # fmt: skip


def test_a_value_of_another_type_than_declared_is_not_known_and_no_error(wells):
    make_feature(wells, key="odd", properties=WRONGLY_STORED)
    for text in ("depth IS NULL", "depth + 1 IS NULL", "year IS NULL", "used IS NULL"):
        assert "odd" in found(text), text
    for text in ("built IS NULL", "checked IS NULL", "materials IS NULL"):
        assert "odd" in found(text), text
    assert found("material = '7'") == ["odd"]
    assert found("depth > 0") == found("checked > TIMESTAMP('0001-01-01T00:00:00Z')") == ["full"]


BAD_DATES = [
    "",
    "0000-01-01",
    "2021-02-29",
    "2020-13-01",
    "2020-2-9",
    "20200229",
    "x",
    "２０２０-02-01",
]
BAD_TIMES = ["", "2020-02-30T00:00:00Z", "2020-02-29T24:00:00Z", "2020-02-29T00:00:60Z",
             "2020-02-29T00:00:00", "2020-02-29T00:00:00+25:00",
             "0000-02-29T00:00:00Z"]  # fmt: skip


def test_texts_that_are_no_dates_and_times_are_not_known(wells):
    for number, (day, time) in enumerate(zip([*BAD_DATES], [*BAD_TIMES, "x"], strict=True)):
        make_feature(wells, key=f"bad-{number}", properties={"built": day, "checked": time})
    assert found("built IS NOT NULL") == found("checked IS NOT NULL") == ["full"]


def test_times_with_another_zone_compare_as_instants(wells):
    make_feature(wells, key="here", properties={"checked": "2020-03-01T00:30:00.000+08:00"})
    assert found("checked = TIMESTAMP('2020-02-29T16:30:00Z')") == ["full", "here"]


UNREASONABLE = [
    "depth / 0 = 1", "depth % 0 = 1", "depth div (year - 1987) = 0", "(9^9)^9 > 0",
    "((9^9)^9)^9 > depth", "(0 - 8)^0.5 = 1", "0^-1 = 1", "1e299 * 1e299 > 0",
    "1e299 * 1e299 * 1e299 * 1e299 > 0", "2^1e9 > 1", "2^1e299 > 1", "1e-299 * 1e-299 = 1",
    "(1e-299 / 1e299) / 1e299 = 1", "1e299^1e299 > 1", "1e-299^-1e299 = 1", "depth ^ 0.333 > 100",
    "1.0000000001^1e9 > 1e299", "1e299 div 1e-299 = 1", "1e299 % 1e-299 = 1", "2^-1e9 = 2",
    "abs(1e299) = 1", "round(1e299) + 0.5 = 1", "floor(0 - 1e-299) = 0",
]  # fmt: skip


@pytest.mark.parametrize("text", UNREASONABLE)
def test_arithmetic_without_result_finds_nothing_and_fails_nowhere(wells, text):
    assert found(text) in ([], ["full"], ["bare", "full"])


def test_arithmetic_is_exact(wells):
    for text in (
        "0.1 + 0.2 = 0.3", "9007199254740993 - 1 = 9007199254740992", "7 div 2 = 3",
        "(0 - 7) div 2 = 0 - 3", "7 % 4 = 3", "2 ^ 10 = 1024", "2 ^ -1 = 0.5", "1 / 4 = 0.25",
        "2 + 3 * 4 ^ 2 = 50", "-depth = 0 - 12.5 OR depth IS NULL", "10 - 4 - 3 = 3", "4 ^ 0.5 = 2",
    ):  # fmt: skip
        assert found(text) == ["bare", "full"], text


# --- texts ----------------------------------------------------------------------------------


def test_case_and_accents_are_left_out_on_both_sides(wells):
    for text in (
        "CASEI(name_en) = CASEI('STRASSE')", "CASEI(name_en) = CASEI('straẞe')",
        "CASEI(name_en) LIKE CASEI('STRAß_')", "CASEI(name_en) IN (CASEI('x'), CASEI('strasse'))",
        "ACCENTI(CASEI(name_en)) LIKE ACCENTI(CASEI('%ÁSSÉ'))", "lower(name_en) = 'straße'",
    ):  # fmt: skip
        assert found(text) == ["full"], text
    for text in ("CASEI('ΟΔΟΣ') = CASEI('οδος')", "CASEI('ΟΔΟΣ') LIKE CASEI('οδο%ς')",
                 "NOT CASEI('ı') = CASEI('i')", "CASEI('Iıİ') = CASEI('iıİ')",
                 "ACCENTI('Đặng Łódź Ørsted') = 'Dang Lodz Orsted'", "ACCENTI('が한') = 'が한'",
                 "NOT 'a' = 'A'", "upper('ä') = 'Ä'", "length('井é') = 2"):  # fmt: skip
        assert found(text) == ["bare", "full"], text


def test_case_is_folded_as_unicode_has_it():
    """/req/case-insensitive-comparison/casei-function: full folding, every letter there is."""
    letters = [chr(n) for n in range(1, 0x11000) if not 0xD800 <= n <= 0xDFFF]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT filter_fold(x) FROM unnest(%s) WITH ORDINALITY t (x, n) ORDER BY n", [letters]
        )
        folded = [row[0] for row in cursor.fetchall()]
    pairs = zip(letters, folded, strict=True)
    # Cherokee is folded to capitals there, here to small letters: the same letters are alike.
    differing = {
        a for a, b in pairs if a.casefold() != b and not 0x13A0 <= ord(a.casefold()[0]) <= 0x13F5
    }
    assert differing == set()


def test_patterns(wells):
    for text in (r"note LIKE '100\%\_\\\\'", r"note LIKE '100%'", r"note LIKE '___\%%'"):
        assert found(text) == ["full"], text
    assert found(r"note LIKE '100\_%'") == []
    for pattern in ("'a\\\\'", r"'a\x'", "name_en", "depth", "lower('a')"):
        source = f"note LIKE {pattern}"
        assert refused("wells", source)["piece"]
    assert refused("wells", "note LIKE ACCENTI('\\\u0301')")["piece"]


# --- lists ----------------------------------------------------------------------------------


def test_lists_are_sets(wells):
    for text in (
        "A_CONTAINS(materials, ('pe'))", "A_CONTAINS(materials, ())",
        "A_EQUALS(materials, ('steel', 'pe', 'pe'))", "A_EQUALS(('pe', 'steel'), materials)",
        "A_CONTAINEDBY(materials, ('pe', 'steel', 'clay', 1, TRUE, DATE('2020-01-01')))",
        "A_OVERLAPS(materials, ('clay', 'pe'))", "A_CONTAINS(materials, (material))",
        "NOT A_OVERLAPS(materials, ('clay'))", "NOT A_CONTAINS(materials, ('pe', 'clay'))",
        "A_EQUALS((1, 2.0), (2, 1)) AND materials IS NOT NULL",
    ):  # fmt: skip
        assert found(text) == ["full"], text
    assert refused("wells", "materials = 'pe'")["position"] == 1
    assert refused("wells", "A_CONTAINS(materials, (POINT(1 1)))")["piece"] == "POINT(1 1)"
    assert refused("wells", "A_CONTAINS(material, ('pe'))")["piece"] == "material"


# --- times ----------------------------------------------------------------------------------


def test_a_date_beside_a_time_is_the_whole_day_of_the_place(wells):
    # 16:30 in UTC is half past midnight of the day after in Suihua.
    for text in (
        "T_INTERSECTS(checked, DATE('2020-03-01'))", "T_AFTER(checked, DATE('2020-02-29'))",
        "T_DURING(checked, INTERVAL('2020-03-01', '..'))", "T_BEFORE(built, checked)",
        "T_INTERSECTS(INTERVAL(built, checked), INTERVAL('..', '2020-02-29'))",
        "T_EQUALS(INTERVAL(built, built), DATE('2020-02-29'))",
    ):  # fmt: skip
        assert found(text) == ["full"], text
    assert found("T_INTERSECTS(checked, DATE('2020-02-29'))") == []
    assert found("T_INTERSECTS(INTERVAL('..', '..'), built)") == ["full"]
    assert found("INTERVAL(built, checked) IS NULL") == ["bare"]


def test_an_interval_of_which_one_end_is_not_known_is_not_known(wells):
    make_feature(wells, key="half", properties={"built": "2020-02-29"})
    text = "T_DISJOINT(INTERVAL(built, checked), INTERVAL('1900-01-01', '1900-12-31'))"
    assert found(text) == ["full"]
    assert found(f"NOT ({text})") == []


# --- shapes ---------------------------------------------------------------------------------


SHAPES = (
    "BBOX(126, 45, 129, 48)", "POINT Z(127 46 1)", "BBOX(126, 45, 1, 129, 48, 2)",
    "GEOMETRYCOLLECTION(POINT(127 46), POLYGON((126 45, 129 45, 129 48, 126 45)))",
    "BBOX(170, 0, -170, 10)", "BBOX(180, 0, -170, 10)", "BBOX(127, 46, 127, 46)",
)  # fmt: skip


def test_a_layer_without_limits_of_type_may_hold_every_shape(wells):
    mixed = "SRID=4490;GEOMETRYCOLLECTION(POINT(127 46), LINESTRING(127 46, 128 47))"
    make_feature(wells, key="mixed", geom=GEOSGeometry(mixed))
    make_feature(wells, key="high", geom=GEOSGeometry("SRID=4490;POINT Z (127 46 5)"))
    for name, shape in product(SPATIAL, SHAPES):
        keys("wells", f"{name}(geometry, {shape})")
    assert found("S_WITHIN(geometry, BBOX(126.5, 45.5, 127.5, 46.5))") == ["high"]
    assert found("S_INTERSECTS(geometry, geometry)") == ["full", "high", "mixed"]
    assert found("S_DISJOINT(geometry, POINT(0 0))") == ["full", "high", "mixed"]


BAD_SHAPES = [
    "POINT(181 0)", "POINT(0 91)", "BBOX(0, 10, 10, 0)", "BBOX(0, 0, 1e299, 1)",
    "LINESTRING(0 0)", "POLYGON((0 0, 1 1, 0 0))", "POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))",
    "POLYGON((0 0, 1 0, 1 1, 0 1))",
]  # fmt: skip


@pytest.mark.parametrize("shape", BAD_SHAPES)
def test_a_shape_that_cannot_be_is_refused(wells, shape):
    body = refused("wells", f"S_INTERSECTS(geometry, {shape})")
    assert (body["piece"], body["position"]) == (shape, 24)


HERE = {
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84": "BBOX(126.9, 46.6, 127.1, 46.7)",
    "http://www.opengis.net/def/crs/OGC/0/CRS84h": "BBOX(126.9, 46.6, 0, 127.1, 46.7, 9)",
    "http://www.opengis.net/def/crs/EPSG/0/4326": "BBOX(46.6, 126.9, 46.7, 127.1)",
    "http://www.opengis.net/def/crs/EPSG/0/4490": "POINT(46.65 127.0)",
    "http://www.opengis.net/def/crs/EPSG/0/3857": "BBOX(14137575, 5885000, 14137577, 5886200)",
}


@pytest.mark.parametrize("system", HERE)
def test_shapes_may_be_given_in_other_systems(wells, system):
    text = f"S_INTERSECTS(geometry, {HERE[system]})"
    assert found(text, **{"filter-crs": system}) == ["full"]


def test_the_end_of_a_system_is_where_it_ends(wells):
    mercator = {"filter-crs": "http://www.opengis.net/def/crs/EPSG/0/3857"}
    far = "20037508.342789244"
    assert found(f"S_WITHIN(geometry, BBOX(-{far}, -{far}, {far}, {far}))", **mercator) == ["full"]
    for x in ("20037600", "1e299"):
        assert refused("wells", f"S_WITHIN(geometry, POINT({x} 0))", **mercator)


# --- functions ------------------------------------------------------------------------------


def test_what_is_measured_is_measured_on_the_ellipsoid(wells):
    square = "POLYGON((127 46.6, 127.01 46.6, 127.01 46.61, 127 46.61, 127 46.6))"
    # 766.2 m by 1,111.6 m there.
    assert found(f"area({square}) BETWEEN 850000 AND 853000") == ["bare", "full"]
    assert found("distance(geometry, POINT(127 46.66)) BETWEEN 1110 AND 1113") == ["full"]
    assert found("area(geometry) = 0") == ["full"]
    # An edge half round the world has no one course.
    assert found("area(BBOX(-180, -90, 180, 90)) IS NULL") == ["bare", "full"]


def test_functions_take_what_they_are_said_to(wells):
    for text in ("abs(depth - 20) = 7.5", "round(depth) = 13", "floor(depth) = 12",
                 "CEIL(depth) = 13", "length(name_zh) = 3",
                 "round(length(name_zh)) + 1 = 4", "upper('a') = 'A' AND used",
                 "lower(name_en) > 'str' AND 'z' > upper(lower(name_en))"):  # fmt: skip
        assert found(text) == ["full"], text
    assert refused("wells", "length(depth) = 1")["piece"] == "depth"
    assert refused("wells", "length('a', 'b') = 1")["piece"] == "length('a', 'b')"
    assert "lower" in refused("wells", "nothing(depth) = 1", lang="en")["detail"]
    assert refused("wells", "lower(name_zh)")["piece"] == "lower(name_zh)"


# --- typed layers ---------------------------------------------------------------------------


def test_typed_layers_are_filtered_by_what_they_show():
    make_district()
    make_park()
    make_site()
    assert keys("parks", "district = '231202' AND area_ha > 1000.5 - 1") == ["beilin-park"]
    assert keys("parks", "A_CONTAINS(industries, ('C13')) AND level = 'provincial'") == [
        "beilin-park"
    ]
    assert keys("parks", "as_of = DATE('2026-06-30') AND power_free_mva >= 63") == ["beilin-park"]
    assert keys("parks", "power_free_mva IS NULL") == []
    assert keys("sites", "readiness = '3' AND park IS NULL") == ["site-1"]
    assert keys("districts", "parent IS NULL AND schematic = FALSE") == ["231202"]
    assert refused("parks", "phone = '1'")["piece"] == "phone"


# --- with what else is asked ----------------------------------------------------------------


def test_a_filter_goes_together_with_everything_else(wells):
    make_feature(wells, key="far", geom=point(10, 10), properties={"depth": 12.5, "year": 1987})
    assert found("depth = 12.5", bbox="126,46,128,47") == ["full"]
    assert len(found("depth = 12.5", year="1987", limit="1")) == 1
    assert found("depth = 1", year="1987") == []
    assert found("depth = 12.5", datetime="2026-01-01/..") == ["far", "full"]
