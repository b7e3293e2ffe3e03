"""The whole way: a file becomes records, once, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
import shapely
from django.db import connection

from layers.importing.errors import CallRefused
from layers.importing.targets.base import Stamps
from layers.importing.targets.districts import DistrictTarget
from layers.importing.targets.stored import StoredTarget
from layers.models import Layer, StoredFeature
from tests.factories import make_district, make_feature, make_layer, point
from tests.layers.importing.conftest import WELLS, codes

pytestmark = pytest.mark.django_db

MOVED = [(f"w-{number}", place) for number, (_name, place) in enumerate(WELLS)]


def version(slug="wells"):
    return Layer.objects.get(slug=slug).version


def test_a_dry_run_says_what_would_happen_and_writes_nothing(run, wells):
    report = run(wells, commit=False)
    assert (report.ok, report.written, report.counts.added) == (True, False, 2)
    assert not Layer.objects.filter(slug="wells").exists()
    assert not StoredFeature.objects.exists()


def test_a_commit_makes_the_layer_its_dictionary_and_its_records(run, wells):
    make_district()
    report = run(wells)
    assert report.written
    layer = Layer.objects.get(slug="wells")
    assert (layer.title_zh, layer.title_en, layer.geometry_type) == ("水井", "Wells", "Point")
    assert layer.published
    assert layer.style["kind"] == "single"
    assert [(f.name, f.type) for f in layer.fields.all()] == [("code", "text"), ("name", "text")]
    first = layer.features.get(key="w-0")
    assert first.properties == {"code": "w-0", "name": "一号井"}
    assert first.geom.coords == WELLS[0][1]
    assert first.geom.srid == 4490
    assert first.state == "published"
    assert first.district.code == "231202"
    assert StoredFeature.objects.matching("yihaojing").get() == first


def test_the_second_import_of_the_same_file_changes_nothing(run, wells):
    run(wells)
    before = version()
    rows = list(StoredFeature.objects.order_by("id").values_list("id", "row_version", "updated_at"))
    again = run(wells)
    assert again.written
    assert again.counts == (0, 0, 2, 0, 0)
    assert version() == before
    after = StoredFeature.objects.order_by("id").values_list("id", "row_version", "updated_at")
    assert list(after) == rows


def test_only_what_differs_is_written(run, geojson, wells):
    run(wells)
    edited = geojson([((126.98, 46.63), {"code": "w-0", "name": "一号井改"}), _third()])
    report = run(edited)
    assert report.counts == (1, 1, 0, 0, 1)
    by_key = {f.key: f for f in StoredFeature.objects.all()}
    assert by_key["w-0"].properties["name"] == "一号井改"
    assert "yihaojinggai" in by_key["w-0"].search_text
    assert by_key["w-0"].row_version == 2
    assert by_key["w-1"].row_version == 1


def test_a_vertex_moved_by_a_hair_is_a_change(run, geojson, wells):
    run(wells)
    moved = geojson([((126.980000000001, 46.63), {"code": "w-0", "name": "一号井"})])
    assert run(moved).counts.changed == 1


def test_records_absent_from_the_file_go_only_with_replace(run, geojson, wells):
    run(wells)
    third = geojson([_third()])
    assert run(third, commit=False, replace=True).counts.removed == 2
    report = run(third, replace=True)
    assert (report.counts.added, report.counts.removed) == (1, 2)
    assert [f.key for f in StoredFeature.objects.all()] == ["w-9"]


def _third():
    return ((127.1, 46.7), {"code": "w-9", "name": "九号井"})


def test_one_bad_row_keeps_all_rows_out(run, geojson):
    report = run(geojson([((126.98, 46.63), {"code": "a"}), (None, {"code": "b"})]))
    assert not report.written
    assert codes(report) == {"geometry-missing": 1}
    assert report.problems.kept[0].row == 2
    assert not Layer.objects.filter(slug="wells").exists()


def test_values_that_the_file_does_not_carry_stay(run, geojson):
    depth = {"name": "depth", "label_zh": "井深", "label_en": "Depth", "type": "number"}
    layer = make_layer(fields=[depth])
    properties = {"name_zh": "旧名", "name_en": "Old well", "depth": 40}
    make_feature(layer, "w-0", properties=properties)
    run(geojson([((127.0, 46.65), {"key": "w-0", "井深": 55})]))
    feature = StoredFeature.objects.get()
    assert feature.properties == {**properties, "depth": 55}
    assert StoredFeature.objects.matching("old well").exists()


def test_an_empty_value_in_the_file_clears_the_value(run, geojson):
    layer = make_layer()
    make_feature(layer, "w-0")
    run(geojson([((127.0, 46.65), {"key": "w-0", "name_en": None})]))
    assert StoredFeature.objects.get().properties == {"name_zh": "一号井"}


def test_publication_is_set_as_asked_and_left_alone_otherwise(run, wells):
    run(wells, stamps=Stamps(state="draft", source_zh="普查", as_of=date(2026, 6, 30)))
    assert not StoredFeature.objects.public().exists()
    assert not Layer.objects.get(slug="wells").published
    assert run(wells).counts.unchanged == 2
    feature = StoredFeature.objects.first()
    assert (feature.state, feature.source_zh, feature.as_of) == ("draft", "普查", date(2026, 6, 30))
    assert run(wells, stamps=Stamps(state="published")).counts.changed == 2
    assert StoredFeature.objects.public().count() == 2


def test_newer_data_overtakes_the_check_that_was_due(run, wells):
    run(wells, stamps=Stamps(as_of=date(2026, 6, 30)))
    StoredFeature.objects.update(verify_by=date(2026, 9, 30))
    run(wells, stamps=Stamps(as_of=date(2026, 8, 1)))
    assert StoredFeature.objects.first().verify_by == date(2026, 9, 30)
    assert run(wells, stamps=Stamps(as_of=date(2026, 12, 31))).counts.changed == 2
    assert StoredFeature.objects.first().verify_by is None


def test_records_without_a_key_are_known_by_their_content(run, geojson):
    same = ((126.98, 46.63), {"name": "井"})
    path = geojson([same, same, ((127.0, 46.63), {"name": "井"})])
    assert run(path).key == "hash"
    assert StoredFeature.objects.count() == 3
    assert run(path).counts == (0, 0, 3, 0, 0)


def test_a_repeated_key_is_reported_with_the_row_where_it_came_first(run, geojson):
    path = geojson([((126.98, 46.63), {}, 1), ((127.0, 46.6), {}, 2), ((127.0, 46.63), {}, "1")])
    report = run(path)
    assert codes(report) == {"key-repeated": 1}
    assert (report.problems.kept[0].row, report.problems.kept[0].key) == (3, "1")
    assert run(path, key="hash").counts.added == 3


def test_a_named_key_is_used_and_must_be_there(run, geojson):
    path = geojson([((126.98, 46.63), {"id": 7, "no": "A-1"}), ((127.0, 46.6), {"id": 8})])
    assert codes(run(path, key="no")) == {"key-missing": 1}
    assert run(path, key="id").counts.added == 2
    with pytest.raises(CallRefused, match="no field “nr”"):
        run(path, key="nr")


def test_a_layer_must_exist_or_be_asked_for(run, wells):
    with pytest.raises(CallRefused, match="--create"):
        run(wells, create=False)
    with pytest.raises(CallRefused, match="no layer name"):
        run(wells, layer="水井")


def test_rows_beyond_one_batch_are_all_there(run, geojson, monkeypatch):
    monkeypatch.setattr("layers.importing.readers.base.BATCH_ROWS", 7)
    path = geojson([((126.5 + n / 100, 46.5), {"code": f"{n:03}"}) for n in range(50)])
    assert run(path).counts.added == 50
    assert StoredFeature.objects.order_by("key").last().key == "049"


def test_an_import_of_many_rows_asks_the_database_few_times(
    run, geojson, django_assert_max_num_queries
):
    path = geojson([((126.5 + n / 1000, 46.5), {"code": str(n)}) for n in range(1000)])
    with django_assert_max_num_queries(40):
        run(path)
    assert StoredFeature.objects.count() == 1000


def test_text_that_postgresql_cannot_keep_is_made_keepable(run, geojson):
    path = geojson([((126.98, 46.63), {"code": "a", "name": "NAME"})])
    path.write_text(path.read_text().replace("NAME", r"x\u0000y\ud800z"))
    assert run(path).written
    assert StoredFeature.objects.get().properties["name"] == "x\ufffdy\ufffdz"


def test_markup_and_formulas_are_kept_as_the_text_they_are(run, geojson):
    hostile = {"code": "a", "name": "<img src=x onerror=alert(1)>", "note": '=HYPERLINK("x")'}
    run(geojson([((126.98, 46.63), hostile)]))
    assert StoredFeature.objects.get().properties == hostile


@pytest.mark.django_db(transaction=True)
def test_imports_at_once_make_one_layer_and_each_record_once(run, wells):
    start = Barrier(4)

    def import_alone(_number):
        try:
            start.wait(timeout=60)
            report = run(wells)
            return report.written, report.counts.added
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        outcomes = sorted(people.map(import_alone, range(4)))
    assert outcomes == [(True, 0), (True, 0), (True, 0), (True, 2)]
    assert StoredFeature.objects.count() == 2


def changed_while_written(monkeypatch, target, act):
    """Have somebody change a row between the comparison and the writing."""
    write = target.write

    def later(self, problems):
        act()
        write(self, problems)

    monkeypatch.setattr(target, "write", later)


def test_a_record_changed_meanwhile_is_told_and_nothing_is_written(
    run, geojson, wells, monkeypatch
):
    run(wells)
    first, second = StoredFeature.objects.order_by("key")
    changed_while_written(
        monkeypatch,
        StoredTarget,
        lambda: StoredFeature.objects.filter(pk=first.pk).update(source_zh="水务局"),
    )
    report = run(
        geojson([(place, {"code": key, "name": "新"}) for key, place in MOVED]), key="code"
    )
    assert (report.ok, report.written) == (False, False)
    assert [(p.row, p.key) for p in report.problems.kept if p.code == "changed-meanwhile"] == [
        (1, first.key)
    ]
    second.refresh_from_db()
    assert second.properties["name"] == "二号井"


def test_a_district_changed_meanwhile_is_told_and_nothing_is_written(run, geojson, monkeypatch):
    county = make_district()
    rows = type(county).objects.filter(pk=county.pk)
    changed_while_written(monkeypatch, DistrictTarget, lambda: rows.update(seat_zh="北林"))
    file = geojson([(county_shape(), {"code": "231202", "name_zh": "新名"})])
    report = run(file, "districts", create=False)
    assert codes(report) == {"changed-meanwhile": 1}
    assert rows.get().name_zh == "北林区"


def county_shape():
    return shapely.from_wkt("POLYGON((126.8 46.5,127.2 46.5,127.2 46.9,126.8 46.9,126.8 46.5))")


def test_heights_are_kept_and_a_fourth_number_is_not(run, geojson):
    line = {"type": "LineString", "coordinates": [[127, 46.6, -2.1, 9], [127.1, 46.6, -2.3, 9]]}
    report = run(geojson([(line, {"code": "p"})]))
    assert codes(report, "warning") == {"measure-dropped": 1}
    assert StoredFeature.objects.get().geom.coords == ((127, 46.6, -2.1), (127.1, 46.6, -2.3))
    assert Layer.objects.get(slug="wells").has_z


def test_the_same_place_as_a_record_drawn_by_hand_is_unchanged(run, geojson):
    layer = make_layer()
    make_feature(layer, "w-1", geom=point(127.0, 46.65))
    path = geojson([((127.0, 46.65), {"key": "w-1", "name_zh": "一号井"})])
    assert run(path).counts.unchanged == 1
