"""Contacts, code lists, layers and their data dictionaries."""

from __future__ import annotations

from fixtures.suihua import layers as declared
from fixtures.suihua.content.rows import AS_OF, VERIFY_BY
from layers.models import Code, CodeList, Contact, Layer, LayerField, LayerGroup

#: The city's bureau for investors, keyed as a county's contact: who speaks for parks and projects.
INVESTMENT = "231202"
#: Who answers for the layers that code declares; a layer here is what staff have not filled in.
TYPED_STEWARDS = {
    "districts": "civil",
    "parks": INVESTMENT,
    "sites": "planning",
    "projects": INVESTMENT,
    "district-economy": "statistics",
}


def contacts_by_key(city) -> dict[str, Contact]:
    """The contacts of the city by the key the fixtures give them."""
    found = {(c.organisation_zh, c.person_zh, c.phone): c for c in Contact.objects.all()}
    return {
        row.key: found[row.organisation[0], row.person[0], row.phone]
        for row in city.content.contacts
    }


def load_contacts(city) -> None:
    """Units and named persons."""
    known = set(Contact.objects.values_list("organisation_zh", "person_zh", "phone"))
    new = [
        Contact(**row.values())
        for row in city.content.contacts
        if (row.organisation[0], row.person[0], row.phone) not in known
    ]
    city.count("contacts", len(Contact.objects.bulk_create(new)))


def load_code_lists(city) -> None:
    """Code lists with their codes."""
    known = set(CodeList.objects.values_list("slug", flat=True))
    for row in declared.code_lists():
        if row.slug in known:
            continue
        code_list = CodeList.objects.create(slug=row.slug, **row.values)
        Code.objects.bulk_create(
            Code(code_list=code_list, value=value, label_zh=zh, label_en=en, order=order)
            for order, (value, zh, en) in enumerate(row.codes)
        )
        city.count("code lists", 1)


def load_layers(city) -> None:
    """Stored layers with their fields, and the stewards of the typed ones."""
    stewards = contacts_by_key(city)
    groups = {group.slug: group for group in LayerGroup.objects.all()}
    code_lists = {row.slug: row for row in CodeList.objects.all()}
    known = set(Layer.objects.values_list("slug", flat=True))
    for row in declared.layers():
        if row.slug in known:
            continue
        layer = Layer.objects.create(
            slug=row.slug, group=groups[row.group], steward=stewards[row.steward], **row.values
        )
        LayerField.objects.bulk_create(
            LayerField(layer=layer, **{**column, "code_list": code_lists.get(column["code_list"])})
            for column in row.fields
        )
        city.count("layers", 1)
    _fill_typed(stewards)


def _fill_typed(stewards: dict[str, Contact]) -> None:
    """Steward, source and dates of the layers that code declares, where staff gave none."""
    book = declared.provenance()
    for slug, key in TYPED_STEWARDS.items():
        Layer.objects.filter(slug=slug, steward=None).update(
            steward=stewards[key], as_of=AS_OF, verify_by=VERIFY_BY, cadence="quarterly", **book
        )
