"""The data version of a layer rises with everything a reader could see of it, and never falls."""

import pytest

from layers.models import Code, CodeList, Layer
from tests.factories import make_contact, make_feature, make_layer, make_park

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
