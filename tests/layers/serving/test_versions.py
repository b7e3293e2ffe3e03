"""The data version of a layer rises with everything a reader could see of it, and never falls."""

import pytest
from django.db import OperationalError, connection

from layers.models import Code, CodeList, Layer
from tests.factories import make_contact, make_feature, make_layer, make_park, make_site

pytestmark = pytest.mark.django_db


def version(slug: str) -> int:
    return Layer.objects.get(slug=slug).version


def change(record, **values):
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


@pytest.fixture
def wells():
    materials = CodeList.objects.create(slug="material", title_zh="材质", title_en="Material")
    Code.objects.create(code_list=materials, value="pe", label_zh="聚乙烯", label_en="PE")
    field = {"name": "material", "label_zh": "材质", "label_en": "Material", "type": "code"}
    return make_layer(fields=[{**field, "code_list": materials}], steward=make_contact())


@pytest.mark.parametrize(
    "touch",
    [
        lambda layer: change(layer, title_en="Water wells"),
        lambda layer: change(layer.fields.get(name="material"), label_en="Made of"),
        lambda layer: layer.fields.get(name="material").delete(),
        lambda layer: change(layer.group, title_en="More"),
        lambda layer: change(layer.steward, phone="0455-0000009"),
        lambda layer: change(Code.objects.get(value="pe"), label_en="Polyethylene"),
        lambda layer: Code.objects.get(value="pe").delete(),
        make_feature,
    ],
    ids=["title", "field", "field-gone", "group", "steward", "code", "code-gone", "record"],
)
def test_what_describes_a_layer_raises_its_version(wells, touch):
    before = version("wells")
    touch(wells)
    assert version("wells") > before


def test_a_code_written_back_as_it_was_raises_nothing(wells):
    before = version("wells")
    Code.objects.get(value="pe").save()
    assert version("wells") == before


def test_another_list_raises_nothing(wells):
    before = version("wells")
    other = CodeList.objects.create(slug="other-list", title_zh="其他", title_en="Other")
    Code.objects.create(code_list=other, value="x", label_zh="甲", label_en="A")
    assert version("wells") == before


@pytest.mark.parametrize("slug", ["wells", "sites"])
def test_what_nobody_sees_raises_nothing_until_it_is_published(wells, slug):
    contact = make_contact()
    make_site("plot", contact=contact)
    make_feature(wells)
    before = version(slug)
    if slug == "wells":
        hidden = make_feature(wells, key="hidden", state="draft")
    else:
        hidden = make_site("hidden", contact=contact, state="draft")
    change(hidden, source_en="Survey")
    type(hidden).objects.filter(pk=-1).update(source_en="Nobody")
    assert version(slug) == before
    change(hidden, state="published")
    assert version(slug) == before + 1
    change(hidden, state="withdrawn")
    assert version(slug) == before + 2
    hidden.delete()
    assert version(slug) == before + 2


@pytest.mark.django_db(transaction=True)
def test_whoever_changes_typed_records_waits_for_the_same_row_first():
    """Two who change sites and parks in another order would else wait for each other."""
    park, site = make_park(), make_site("plot")
    first = Layer.objects.filter(kind="typed").order_by("pk").values_list("pk", flat=True)[0]
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT FROM layers_layer WHERE id = %s FOR UPDATE", [first])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        for record in (park, site):
            with pytest.raises(OperationalError, match="lock timeout"):
                change(record, source_en="Survey")
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def test_a_layer_saved_from_an_old_copy_does_not_take_its_version_back(wells):
    old_copy = Layer.objects.get(pk=wells.pk)
    make_feature(wells)
    before = version("wells")
    old_copy.save()
    assert version("wells") > before


def test_a_contact_raises_the_typed_layers_whose_records_name_it():
    park = make_park()
    before = version("parks")
    change(park.contact, organisation_en="Bureau of Investment")
    assert version("parks") > before
