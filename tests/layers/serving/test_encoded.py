"""Records are kept as they are served; what is kept and what is written anew are the same."""

import pytest

from layers.models import Layer, StoredFeature
from layers.postgis import encoded
from layers.postgis.encoded import encode_again
from layers.postgis.features import written_text
from layers.serving.published import published_collection
from tests.factories import make_feature, make_layer

pytestmark = pytest.mark.django_db
KINDS = {
    **{"zeta": "text", "depth": "number", "drilled": "year", "used": "boolean"},
    **{"checked": "date", "seen_at": "datetime", "secret": "text"},
}
ROWS = {
    "full": {"zeta": '"甲" \\ \n', "depth": 12.50, "drilled": 2011, "used": True, "secret": "x"},
    "empty": {},
    "odd": {"zeta": None, "depth": "deep", "checked": "2026-06-30", "more": [1, {"a": "b"}]},
    'a"b': {"seen_at": "2026-06-30T08:00:00Z"},
}
SHAPES = [
    "SRID=4490;POINT(127.123456789 46.5)",
    "SRID=4490;LINESTRING Z(127 46 -1.5,127.1 46.1 -2)",
    "SRID=4490;POLYGON((127 46,127 47,128 47,128 46,127 46))",
    None,
]


@pytest.fixture
def wells():
    fields = [
        {"name": n, "label_zh": n, "label_en": n, "type": kind, "public": n != "secret"}
        for n, kind in KINDS.items()
    ]
    layer = make_layer(fields=fields)
    for (key, properties), geom in zip(ROWS.items(), SHAPES, strict=True):
        make_feature(layer, key=key, properties=properties, geom=geom)
    return layer


def texts(layer) -> list[tuple[str, str]]:
    """Each record of a layer as it is kept and as it is written."""
    declaration = published_collection(layer.slug).declaration
    features = StoredFeature.objects.filter(layer=layer, encoded_for=declaration.dictionary)
    return list(features.values_list("encoded", written_text(declaration)))


def test_a_record_is_kept_as_it_would_be_written(wells):
    kept = texts(wells)
    assert len(kept) == len(ROWS)
    for as_kept, as_written in kept:
        assert as_kept == as_written


def test_a_change_of_the_record_is_kept_too(wells):
    feature = wells.features.get(key="empty")
    feature.properties = {"zeta": "乙"}
    feature.key = "renamed"
    feature.geom = SHAPES[0]
    feature.save()
    assert len(texts(wells)) == len(ROWS)
    assert all(kept == written for kept, written in texts(wells))
    assert '"zeta":"乙"' in StoredFeature.objects.get(key="renamed").encoded


def test_what_is_kept_is_served(api, wells):
    kept = '{"type":"Feature","id":"kept","geometry":null,"properties":{}}'
    StoredFeature.objects.filter(key="full").update(encoded=kept)
    assert "kept" in api.keys("collections/wells/items")


def test_a_field_made_private_is_gone_at_once(api, wells):
    assert '"zeta"' in api.ask("collections/wells/items").content.decode()
    wells.fields.filter(name="zeta").update(public=False)
    for path in ("collections/wells/items", "collections/wells/items/full"):
        assert '"zeta"' not in api.ask(path).content.decode()


def test_rows_are_written_anew_after_the_dictionary_changed_and_nothing_else_of_them(wells):
    wells.fields.filter(name="zeta").update(public=False)
    before = Layer.objects.get(pk=wells.pk).version
    rows = wells.features.order_by("pk").values_list("row_version", "updated_at")
    before_rows = list(rows)
    assert not texts(wells)
    assert encode_again(wells.pk) == len(ROWS)
    assert len(texts(wells)) == len(ROWS)
    assert all(kept == written for kept, written in texts(wells))
    assert encode_again(wells.pk) == 0
    assert Layer.objects.get(pk=wells.pk).version == before
    assert list(rows) == before_rows


def test_many_rows_are_written_in_parts(wells, monkeypatch):
    monkeypatch.setattr(encoded, "AT_ONCE", 3)
    wells.fields.filter(name="zeta").update(public=False)
    assert encode_again(wells.pk) == len(ROWS)


def test_a_layer_saved_from_an_old_copy_keeps_the_version_of_its_dictionary(wells):
    stale = Layer.objects.get(pk=wells.pk)
    wells.fields.filter(name="zeta").update(public=False)
    now = Layer.objects.get(pk=wells.pk).dictionary
    stale.save()
    assert Layer.objects.get(pk=wells.pk).dictionary == now > stale.dictionary
